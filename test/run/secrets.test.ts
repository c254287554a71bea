import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, startCli } from '../cli/play.ts';
import { processes } from '../transport/processes.ts';
import { localHosts, playLocally } from './local.ts';

const SECRET = 'correct-horse-battery';

describe('secrets', () => {
  test.each([
    ['plain', []],
    ['json', ['--report', 'json']],
    ['check', ['--check']],
    ['json and check', ['--report', 'json', '--check']],
  ])('of tasks with no_log are nowhere to be seen (%s)', async (_name, args) => {
    const folder = makeFolder({ old: `${SECRET} old\n` });
    const played = await playLocally(
      `- hosts: alpha
  vars: { password: ${SECRET} }
  tasks:
    - name: the name with {{ password }}
      no_log: true
      command: echo {{ password }}
    - no_log: true
      block:
        - shell: echo {{ password }}; echo {{ password }} >&2; exit 3
          ignore_errors: true
        - file-content: { path: ${folder}/new, content: "{{ password }}" }
        - file-content: { path: ${folder}/old, content: "{{ password }} new\\n" }
        - debug: { msg: "{{ password }}" }
        - debug: { msg: "{{ item }}" }
          loop: ["{{ password }}"]
        - set_fact: { other: "{{ password }}!" }
        - fail: { msg: "{{ password }}" }
          ignore_errors: true
        - assert: { that: ["'{{ password }}' == 'x'"] }
          ignore_errors: true
        - command: "true"
          args: { unless: "test {{ password }} != x" }
        - debug: { msg: "{{ password.no_such }}" }
          ignore_errors: true
        - command: "true"
          loop: ["{{ password }}"]
          register: result
          until: result.rc == 0
          when: password == '${SECRET}'
`,
      ['-vvv', '--diff', ...args],
    );
    expect(played.code).toBe(0);
    expect(played.stdout + played.stderr).not.toContain(SECRET);
    expect(played.stdout).toContain('hidden, because of no_log');
    if (!args.includes('--check')) expect(readFileSync(join(folder, 'new'), 'utf8')).toBe(SECRET);
  });

  test('of arguments that are made for them are on no command line and in no output', async () => {
    const folder = makeFolder();
    const playing = startCli(['site.yml', '-i', 'hosts', '-vvv', '--diff'], {
      files: {
        hosts: localHosts('alpha'),
        'vars.yml': `password: ${SECRET}\n`,
        'site.yml': `- hosts: alpha
  vars_files: vars.yml
  tasks:
    - shell: cat > ${folder}/from-stdin; sleep 1
      args: { stdin: "{{ password }}" }
    - shell: printf %s "$PASSWORD" > ${folder}/from-environment; sleep 1
      environment: { PASSWORD: "{{ password }}" }
`,
      },
    });
    const seen = new Set<string>();
    let ended = false;
    void playing.ended.then(() => {
      ended = true;
    });
    while (!ended) {
      for (const { command } of processes()) seen.add(command);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    const { code, stdout, stderr } = await playing.ended;
    expect(code).toBe(0);
    expect([...seen].filter(command => command.includes('sleep 1'))).not.toEqual([]);
    expect([...seen].filter(command => command.includes(SECRET))).toEqual([]);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(readFileSync(join(folder, 'from-stdin'), 'utf8')).toBe(`${SECRET}\n`);
    expect(readFileSync(join(folder, 'from-environment'), 'utf8')).toBe(SECRET);
  });
});
