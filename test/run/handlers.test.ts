import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeFolder, startCli } from '../cli/play.ts';
import { eventually, withWord } from '../transport/processes.ts';
import { countsOf, localHosts, playLocally, resultsOf } from './local.ts';

/** Where a host (here: this machine, as the user who runs the tests) keeps what it is owed. */
const OWED =
  process.getuid?.() === 0 ? '/var/lib/play/owed' : join(process.env['HOME'] ?? '', '.local/state/play/owed');

/** The debts of plays of that name. */
function debts(play: string): readonly string[] {
  if (!existsSync(OWED)) return [];
  return readdirSync(OWED)
    .map(file => join(OWED, file))
    .filter(file => readFileSync(file, 'utf8').includes(`\nplay: ${play}\n`));
}

/** A name for a play that no other test has, so that their debts are told apart. */
let play = newName();
function newName(): string {
  return `handlers ${randomUUID()}`;
}
afterEach(() => {
  for (const file of debts(play)) rmSync(file);
  play = newName();
});

/** Debts of this user on this machine are in one place, whatever the home of the run. */
const env = { HOME: process.env['HOME'] ?? '/root' };

describe('handlers', () => {
  test('run once, in their order, at the end of a section or when flushed; by name and by what they listen to', async () => {
    const played = await playLocally(
      `- name: ${play}
  hosts: alpha
  tasks:
    - { name: one, command: "true", notify: [second, all of them] }
    - { name: two, command: "true", notify: first }
    - { name: three, command: "true", notify: first }
    - { name: no change, command: "true", changed_when: false, notify: third }
    - meta: flush_handlers
    - { name: four, command: "true", notify: second }
  post_tasks:
    - { name: last, command: "true" }
  handlers:
    - { name: first, command: "true" }
    - { name: second, command: "true", notify: fourth }
    - { name: third, command: "true" }
    - { name: listener, command: "true", listen: all of them }
    - { name: fourth, command: "true" }
`,
      [],
      { env },
    );
    expect(played.code).toBe(0);
    expect(resultsOf(played).filter(line => /^(TASK|RUNNING)/.test(line))).toEqual([
      'TASK [one]',
      'TASK [two]',
      'TASK [three]',
      'TASK [no change]',
      'RUNNING HANDLER [first]',
      'RUNNING HANDLER [second]',
      'RUNNING HANDLER [listener]',
      'RUNNING HANDLER [fourth]',
      'TASK [four]',
      'RUNNING HANDLER [second]',
      'RUNNING HANDLER [fourth]',
      'TASK [last]',
    ]);
    expect(debts(play)).toEqual([]);
  });

  test('one that fails where it was flushed ends the play for its host alone', async () => {
    const played = await playLocally(
      `- name: ${play}
  hosts: all
  tasks:
    - { command: "true", notify: check }
    - meta: flush_handlers
    - debug: { msg: goes on }
  handlers:
    - { name: check, command: "{{ 'false' if inventory_hostname == 'beta' else 'true' }}" }
`,
      ['-l', 'alpha:beta'],
      { env },
    );
    expect(played.code).toBe(2);
    expect(countsOf(played)).toEqual(['alpha ok=3 changed=2', 'beta ok=1 changed=1 failed=1']);
  });

  test('a host that failed runs none of them, unless they are forced', async () => {
    const playbook = (more: string): string => `- name: ${play}
  hosts: alpha
${more}  tasks:
    - { command: "true", notify: again }
    - command: "false"
  handlers:
    - { name: again, command: "true" }
`;
    const plain = await playLocally(playbook(''), [], { env });
    expect(countsOf(plain)).toEqual(['alpha ok=1 changed=1 failed=1']);
    expect(debts(play)).toHaveLength(1);
    const forced = await playLocally(playbook('  force_handlers: true\n'), [], { env });
    expect(countsOf(forced)).toEqual(['alpha ok=2 changed=2 failed=1']);
    const byOption = await playLocally(playbook(''), ['--force-handlers'], { env });
    expect(countsOf(byOption)).toEqual(['alpha ok=2 changed=2 failed=1']);
  });
});

describe('a handler that is owed', () => {
  test('is run by whoever runs the playbook next, though nothing changes', async () => {
    const folder = makeFolder();
    const playbook = `- name: ${play}
  hosts: alpha
  tasks:
    - file-content: { path: ${folder}/conf, content: x }
      notify: restart
    - name: dies here
      command: sleep 1000${process.pid}
      when: die is defined
  handlers:
    - name: restart
      command: touch ${folder}/restarted
`;
    const files = { hosts: localHosts('alpha'), 'site.yml': playbook };
    const dying = startCli(['site.yml', '-i', 'hosts', '-e', 'die=1'], { files, env });
    await eventually('the command runs', () => withWord(`sleep 1000${process.pid}`).length > 0);
    dying.child.kill('SIGKILL');
    expect((await dying.ended).code).toBe(null);
    await eventually('it has ended with the run', () => withWord(`sleep 1000${process.pid}`).length === 0);
    expect(existsSync(join(folder, 'conf'))).toBe(true);
    expect(debts(play)).toHaveLength(1);

    const check = await playLocally(playbook, ['--check'], { env });
    expect(resultsOf(check)).toMatchInlineSnapshot(`
      [
        "TASK [file-content]",
        "ok: [alpha]",
        "TASK [dies here]",
        "skipping: [alpha] => when: die is defined",
        "RUNNING HANDLER [restart]",
        "unknown: [alpha]",
      ]
    `);
    expect(debts(play)).toHaveLength(1);

    // Another copy in another folder, as another operator has it.
    const next = await playLocally(playbook, [], { env });
    expect(next.code).toBe(0);
    expect(next.stdout).toContain('owed: [alpha] => handler “restart”, by a run that died before it ran\n');
    expect(existsSync(join(folder, 'restarted'))).toBe(true);
    expect(debts(play)).toEqual([]);

    const last = await playLocally(playbook, [], { env });
    expect(countsOf(last)).toEqual(['alpha ok=1 skipped=1']);
  });

  test('is not forgiven by a task that changed nothing, and not run for it', async () => {
    const folder = makeFolder();
    const playbook = (extra: string): string => `- name: ${play}
  hosts: alpha
  tasks:
    - file-content: { path: "${folder}/{{ run }}", content: x }
      changed_when: false
      notify: restart
${extra}  handlers:
    - name: restart
      command: touch ${folder}/restarted
`;
    const quiet = await playLocally(playbook(''), ['-e', 'run=1'], { env });
    expect(quiet.code).toBe(0);
    expect(existsSync(join(folder, 'restarted'))).toBe(false);
    expect(debts(play)).toEqual([]);

    // A run that changes and dies before its handler, then one whose task says that it changed nothing.
    const dies = await playLocally(
      playbook('    - { command: "true", notify: restart }\n    - command: "false"\n'),
      ['-e', 'run=2'],
      { env },
    );
    expect(dies.code).toBe(2);
    expect(debts(play)).toHaveLength(1);
    const next = await playLocally(playbook('    - command: "false"\n'), ['-e', 'run=3'], { env });
    expect(next.code).toBe(2);
    expect(debts(play)).toHaveLength(1);
    const paid = await playLocally(playbook(''), ['-e', 'run=4'], { env });
    expect(paid.code).toBe(0);
    expect(existsSync(join(folder, 'restarted'))).toBe(true);
    expect(debts(play)).toEqual([]);
  });

  test('in a check, one that may be owed is unknown', async () => {
    const folder = makeFolder();
    const played = await playLocally(
      `- name: ${play}
  hosts: alpha
  tasks:
    - { name: nobody knows, command: "true", notify: [perhaps, surely] }
    - name: changes
      file-content: { path: ${folder}/conf, content: x }
      notify: surely
  handlers:
    - { name: perhaps, command: "true" }
    - name: surely
      file-content: { path: ${folder}/other, content: x }
`,
      ['--check'],
      { env },
    );
    expect(played.code).toBe(0);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [nobody knows]",
        "unknown: [alpha]",
        "TASK [changes]",
        "would change: [alpha]",
        "RUNNING HANDLER [perhaps]",
        "unknown: [alpha]",
        "RUNNING HANDLER [surely]",
        "would change: [alpha]",
      ]
    `);
    expect(readdirSync(folder)).toEqual([]);
    expect(debts(play)).toEqual([]);
  });
});
