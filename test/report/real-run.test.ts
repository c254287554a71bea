import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventsSchema } from '../../engine/report/events-schema.ts';
import type { RunEvent } from '../../engine/run/events.ts';

const root = resolve(import.meta.dirname, '../..');
const formats = { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ };
const validate = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, formats }).compile(
  eventsSchema(true),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'play-report-'));
  writeFileSync(
    join(folder, 'inventory.yml'),
    'all: {hosts: {one: {ansible_connection: local}, two: {ansible_connection: local}}}\n',
  );
  writeFileSync(
    join(folder, 'site.yml'),
    `- name: Everything
  hosts: all
  tasks:
    - name: Write
      file-content: {path: "${folder}/{{ inventory_hostname }}.txt", content: "a\\nb\\n", mode: "0600"}
      notify: Tell
    - name: Speak
      command: {argv: [echo, hello]}
      register: spoken
    - name: Repeat
      debug: {msg: "{{ item }}"}
      loop: ["{{ spoken.stdout }}", b]
    - name: Leave out
      debug: {msg: never}
      when: false
    - name: Fail
      command: {argv: [ls, /nonexistent]}
      ignore_errors: true
      when: inventory_hostname == 'two'
  handlers:
    - name: Tell
      debug: {msg: told}
`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
const call = [jiti, join(root, 'engine/cli/main.ts'), '-i', 'inventory.yml', 'site.yml'];

/** Calls the program from its sources. */
async function play(
  ...words: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return await new Promise((done, fail) => {
    execFile(process.execPath, [...call, ...words], { cwd: folder }, (error, stdout, stderr) =>
      error === null ? done({ stdout, stderr }) : fail(new Error(`${stdout}${stderr}`, { cause: error })),
    );
  });
}

const recap = (text: string) => text.split('\n').filter(line => /^(one|two) +: ok=/.test(line));

test.each([[['--check', '--diff']], [[]]])(
  'a real run, %j: every event is as the schema says',
  async words => {
    const { stdout, stderr } = await play('--report', 'json', ...words);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as RunEvent);
    for (const event of events)
      expect([validate(event), validate.errors, event]).toEqual([true, null, event]);
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['run-start', 'run-end']);
    expect(events.filter(event => event.type === 'result' && event.item === undefined).length).toBe(12);
    expect(recap(stderr).length).toBe(2);
  },
);

test('plain text of a real run ends with the recap', async () => {
  const { stdout, stderr } = await play('--report', 'plain');
  expect(stdout).toContain('\nok: [one] => (item=hello) => hello\n');
  expect(stdout).toContain('\n...ignoring\n');
  expect(recap(stdout).map(line => line.replace(/changed=\d/, 'changed=_'))).toEqual([
    'one                        : ok=3    changed=_    unreachable=0    failed=0    skipped=2    rescued=0    ignored=0',
    'two                        : ok=4    changed=_    unreachable=0    failed=0    skipped=1    rescued=0    ignored=1',
  ]);
  expect(stderr).toBe('');
});

test('a reader that goes away does not end the run', async () => {
  const child = spawn(process.execPath, [...call, '--report', 'json'], { cwd: folder });
  child.stdout.once('data', () => child.stdout.destroy());
  let stderr = '';
  child.stderr.on('data', chunk => {
    stderr += String(chunk);
  });
  const code = await new Promise(done => child.once('close', done));
  expect(recap(stderr).length).toBe(2);
  expect(code).toBe(0);
});
