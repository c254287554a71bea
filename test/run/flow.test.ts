import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../cli/play.ts';
import { countsOf, playLocally, resultsOf } from './local.ts';

describe('conditions and loops', () => {
  test('when: alone, as a list, of a block, per item', async () => {
    const played = await playLocally(`- hosts: alpha
  tasks:
    - debug: { msg: yes it is }
      when: 1 == 1
    - debug: { msg: never }
      when:
        - 1 == 1
        - inventory_hostname == 'beta'
    - when: inventory_hostname == 'beta'
      block:
        - debug: { msg: never }
    - debug: { msg: "{{ item }}" }
      loop: [1, 2, 3]
      when: item != 2
`);
    expect(played).toMatchObject({ code: 0, stderr: '' });
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [debug]",
        "ok: [alpha] => yes it is",
        "TASK [debug]",
        "skipping: [alpha] => when: 1 == 1 and inventory_hostname == 'beta'",
        "TASK [debug]",
        "skipping: [alpha] => when: inventory_hostname == 'beta'",
        "TASK [debug]",
        "ok: [alpha] => (item=1) => 1",
        "ok: [alpha] => (item=3) => 3",
      ]
    `);
    expect(countsOf(played)).toEqual(['alpha ok=2 skipped=2']);
  });

  test('loop: register has results, loop_control names things, nothing to do is skipped', async () => {
    const played = await playLocally(`- hosts: alpha
  tasks:
    - shell: echo {{ word }}{{ index }}
      loop: [a, b]
      loop_control: { loop_var: word, index_var: index, label: "the {{ word }}" }
      register: said
      changed_when: word == 'b'
    - debug: { msg: "{{ said.results | map(attribute='stdout') | join(' ') }} {{ said.changed }} {{ said.results[0].changed }} {{ said.results[1].word }}" }
    - debug: { msg: "{{ item }}" }
      loop: []
`);
    expect(played).toMatchObject({ code: 0, stderr: '' });
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [shell]",
        "changed: [alpha] => (item=the b)",
        "TASK [debug]",
        "ok: [alpha] => a0 b1 True False b",
        "TASK [debug]",
        "skipping: [alpha] => no items in the loop",
      ]
    `);
  });

  test('an item that fails does not keep the others from running', async () => {
    const played = await playLocally(`- hosts: alpha
  tasks:
    - shell: exit {{ item }}
      loop: [0, 3, 0]
      register: exits
      ignore_errors: true
    - debug: { msg: "{{ exits.failed }} {{ exits.results | map(attribute='rc') | list }}" }
`);
    expect(played.code).toBe(0);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [shell]",
        "changed: [alpha] => (item=0)",
        "failed: [alpha] => (item=3) => StepFailed: exit code 3",
        "changed: [alpha] => (item=0)",
        "TASK [debug]",
        "ok: [alpha] => True [0, 3, 0]",
      ]
    `);
    expect(countsOf(played)).toEqual(['alpha ok=2 ignored=1']);
  });

  test('until: tries again, and gives up', async () => {
    const folder = makeFolder();
    const played = await playLocally(`- hosts: alpha
  tasks:
    - name: third time lucky
      shell: echo x >> ${folder}/tries; wc -l < ${folder}/tries
      register: tries
      until: tries.stdout | int == 3
      delay: 0
    - name: never
      command: "true"
      register: result
      until: result.rc == 1
      retries: 1
      delay: 0
`);
    expect(played.code).toBe(2);
    expect(readFileSync(join(folder, 'tries'), 'utf8')).toBe('x\nx\nx\n');
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [third time lucky]",
        "changed: [alpha]",
        "TASK [never]",
        "failed: [alpha] => TaskFailed: \`until\` did not hold in 2 tries",
      ]
    `);
  });

  test('until: a mistake in it fails the task, with its place', async () => {
    const played = await playLocally(`- hosts: alpha
  tasks:
    - command: "true"
      register: result
      until: result.no_such == 1
`);
    expect(played).toMatchObject({ code: 2, stderr: '' });
    expect(played.stdout).toMatchInlineSnapshot(`
      "
      PLAY [alpha] *******************************************************************

      TASK [command] *****************************************************************
      failed: [alpha] => TemplateError: “result” has no “no_such”: it is a dictionary without that key
          place: site.yml:3:7
          error: “result” has no “no_such”: it is a dictionary without that key
           --> site.yml:5:14
            |
          5 |       until: result.no_such == 1
            |              ^^^^^^^^^^^^^^

          1 error

      PLAY RECAP *********************************************************************
      alpha                      : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

      "
    `);
  });
});

describe('what an author says of results', () => {
  test('a command whose exit code is accepted has run: it counts as a change, and notifies', async () => {
    const played = await playLocally(`- hosts: alpha
  tasks:
    - name: exits with 3
      shell: exit 3
      register: result
      failed_when: result.rc != 3
      notify: told
    - debug: { msg: "{{ result.rc }} {{ result.changed }}" }
  handlers:
    - name: told
      debug: { msg: told }
`);
    expect(played.code).toBe(0);
    expect(resultsOf(played)).toEqual([
      'TASK [exits with 3]',
      'changed: [alpha]',
      'TASK [debug]',
      'ok: [alpha] => 3 True',
      'RUNNING HANDLER [told]',
      'ok: [alpha] => told',
    ]);
    expect(played.stdout).not.toContain('owed');
  });

  test('text keeps the line breaks at its end, and gets no more', async () => {
    const played = await playLocally(`- hosts: alpha
  vars:
    plain: x
    ended: "x\\n"
  tasks:
    - debug: { msg: "{{ [one, two, three] | to_json }}" }
      vars:
        one: "{{ plain }}\\n"
        two: "{{ ended }}\\n"
        three: "a {{ plain }}\\n\\n"
`);
    expect(resultsOf(played)).toEqual(['TASK [debug]', 'ok: [alpha] => ["x\\n", "x\\n", "a x\\n\\n"]']);
  });

  test('changed_when, failed_when, ignore_errors', async () => {
    const played = await playLocally(`- hosts: alpha
  tasks:
    - name: reads only
      command: "true"
      changed_when: false
    - name: fails well
      command: "false"
      register: result
      failed_when: result.rc > 1
      changed_when: result.rc == 0
    - name: knows why
      debug: { msg: "{{ result.rc }} {{ result.failed }} {{ result.changed }}" }
    - name: fails by its word
      shell: echo ERROR
      register: said
      failed_when: "'ERROR' in said.stdout"
      ignore_errors: true
    - name: goes on
      debug: { msg: "{{ said is failed }} {{ said.stdout }}" }
    - name: fails for good
      command: "false"
    - name: never comes
      debug: { msg: never }
`);
    expect(played.code).toBe(2);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [reads only]",
        "ok: [alpha]",
        "TASK [fails well]",
        "ok: [alpha]",
        "TASK [knows why]",
        "ok: [alpha] => 1 False False",
        "TASK [fails by its word]",
        "failed: [alpha] => TaskFailed: failed_when holds",
        "TASK [goes on]",
        "ok: [alpha] => True ERROR",
        "TASK [fails for good]",
        "failed: [alpha] => StepFailed: exit code 1",
      ]
    `);
    expect(played.stdout).toContain(`
failed: [alpha] => TaskFailed: failed_when holds
  - run echo ERROR
    place: site.yml:13:7
    exit code: 0
    stdout:
      ERROR
...ignoring
`);
    expect(countsOf(played)).toEqual(['alpha ok=5 failed=1 ignored=1']);
  });

  test('fail and assert say why', async () => {
    const played = await playLocally(`- hosts: all
  tasks:
    - fail: { msg: "{{ inventory_hostname }} is not wanted" }
      when: inventory_hostname == 'alpha'
    - assert:
        that: [1 == 1, inventory_hostname == 'gamma']
        fail_msg: only gamma
`);
    expect(played.code).toBe(2);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [fail]",
        "failed: [alpha] => TaskFailed: alpha is not wanted",
        "skipping: [beta, gamma] => when: inventory_hostname == 'alpha'",
        "TASK [assert]",
        "failed: [beta] => TaskFailed: only gamma",
        "ok: [gamma] => All assertions passed",
      ]
    `);
    expect(countsOf(played)).toEqual(['alpha failed=1', 'beta failed=1 skipped=1', 'gamma ok=1 skipped=1']);
  });
});

describe('blocks', () => {
  test('rescue and always', async () => {
    const played = await playLocally(`- hosts: alpha
  tasks:
    - block:
        - command: "false"
        - debug: { msg: never }
      rescue:
        - debug: { msg: rescued }
      always:
        - debug: { msg: always }
    - debug: { msg: goes on }
    - block:
        - command: "false"
      always:
        - debug: { msg: always }
    - debug: { msg: never }
`);
    expect(played.code).toBe(2);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [command]",
        "failed: [alpha] => StepFailed: exit code 1",
        "TASK [debug]",
        "ok: [alpha] => rescued",
        "TASK [debug]",
        "ok: [alpha] => always",
        "TASK [debug]",
        "ok: [alpha] => goes on",
        "TASK [command]",
        "failed: [alpha] => StepFailed: exit code 1",
        "TASK [debug]",
        "ok: [alpha] => always",
      ]
    `);
    expect(countsOf(played)).toEqual(['alpha ok=4 failed=1 rescued=1']);
  });

  test('one host is rescued, the others go the straight way', async () => {
    const played = await playLocally(`- hosts: all
  tasks:
    - block:
        - fail: { msg: not here }
          when: inventory_hostname == 'beta'
        - debug: { msg: straight }
      rescue:
        - debug: { msg: rescued }
    - debug: { msg: together again }
`);
    expect(played.code).toBe(0);
    expect(countsOf(played)).toEqual(['alpha ok=2 skipped=1', 'beta ok=2 rescued=1', 'gamma ok=2 skipped=1']);
  });

  test('keywords of a block count for its tasks', async () => {
    const played = await playLocally(`- hosts: alpha
  vars: { word: outer }
  tasks:
    - vars: { word: inner }
      ignore_errors: true
      environment: { GREETING: hello, BOTH: block }
      block:
        - shell: echo $GREETING $BOTH {{ word }}; false
          environment: { BOTH: task }
          register: said
    - debug: { msg: "{{ said.stdout }}, {{ word }}" }
`);
    expect(played.code).toBe(0);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [shell]",
        "failed: [alpha] => StepFailed: exit code 1",
        "TASK [debug]",
        "ok: [alpha] => hello task inner, outer",
      ]
    `);
  });
});

describe('which hosts', () => {
  test('run_once counts for all, also where it fails', async () => {
    const folder = makeFolder();
    const played = await playLocally(`- hosts: all
  tasks:
    - shell: echo {{ inventory_hostname }} >> ${folder}/ran; cat ${folder}/ran
      run_once: true
      register: ran
    - debug: { msg: "{{ ran.stdout }}" }
    - command: "false"
      run_once: true
    - debug: { msg: never }
`);
    expect(played.code).toBe(2);
    expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe('alpha\n');
    expect(countsOf(played)).toEqual(['alpha ok=2 changed=1 failed=1', 'beta ok=1', 'gamma ok=1']);
  });

  test('delegate_to works there, with the variables of here', async () => {
    const played = await playLocally(
      `- hosts: alpha
  tasks:
    - shell: echo {{ inventory_hostname }} {{ greeting }}
      delegate_to: beta
      register: said
    - debug: { msg: "{{ said.stdout }} {{ hostvars['beta'].greeting }}" }
`,
      [],
      { files: { 'host_vars/alpha.yml': 'greeting: hello\n', 'host_vars/beta.yml': 'greeting: bye\n' } },
    );
    expect(played.code).toBe(0);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [shell]",
        "changed: [alpha -> beta]",
        "TASK [debug]",
        "ok: [alpha] => alpha hello bye",
      ]
    `);
  });

  test('serial: batches after one another; a batch that fails whole ends the run', async () => {
    const played = await playLocally(`- hosts: all
  serial: [1, 50%]
  tasks:
    - debug: { msg: "{{ ansible_play_batch | join(' ') }} of {{ ansible_play_hosts_all | length }}" }
    - fail: { msg: stop }
      when: inventory_hostname == 'beta'
- name: The next play
  hosts: all
  tasks:
    - debug: { msg: never }
`);
    expect(played.code).toBe(2);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [debug]",
        "ok: [alpha] => alpha of 3",
        "TASK [fail]",
        "skipping: [alpha] => when: inventory_hostname == 'beta'",
        "TASK [debug]",
        "ok: [beta] => beta of 3",
        "TASK [fail]",
        "failed: [beta] => TaskFailed: stop",
      ]
    `);
    expect(countsOf(played)).toEqual(['alpha ok=1 skipped=1', 'beta ok=1 failed=1']);
  });

  test('any_errors_fatal: all hosts stop, rescued together where there is a rescue', async () => {
    const played = await playLocally(`- hosts: all
  any_errors_fatal: true
  tasks:
    - block:
        - fail: { msg: first }
          when: inventory_hostname == 'beta'
        - debug: { msg: never }
      rescue:
        - debug: { msg: rescued }
      always:
        - debug: { msg: always }
    - fail: { msg: second }
      when: inventory_hostname == 'gamma'
    - debug: { msg: never }
- hosts: all
  tasks:
    - debug: { msg: never }
`);
    expect(played.code).toBe(2);
    expect(played.stdout).not.toContain('never');
    expect(countsOf(played)).toEqual([
      'alpha ok=2 skipped=2',
      'beta ok=2 skipped=1 rescued=1',
      'gamma ok=2 failed=1 skipped=1',
    ]);
  });

  test('max_fail_percentage: too many failed end the run, those before go on', async () => {
    const played = await playLocally(`- hosts: all
  max_fail_percentage: 40
  tasks:
    - fail: { msg: one is not too many }
      when: inventory_hostname == 'alpha'
    - debug: { msg: goes on }
    - fail: { msg: two are }
      when: inventory_hostname == 'beta'
    - debug: { msg: never }
- hosts: all
  tasks:
    - debug: { msg: never }
`);
    expect(played.code).toBe(2);
    expect(countsOf(played)).toEqual([
      'alpha failed=1',
      'beta ok=1 failed=1 skipped=1',
      'gamma ok=1 skipped=2',
    ]);
  });

  test('meta: end_host lets go of a host, end_play of the play, neither of the run', async () => {
    const played = await playLocally(`- hosts: all
  tasks:
    - meta: end_host
      when: inventory_hostname == 'beta'
    - debug: { msg: two of us }
  post_tasks:
    - debug: { msg: still two }
- hosts: all
  tasks:
    - meta: end_play
    - debug: { msg: never }
- hosts: all
  tasks:
    - debug: { msg: all again }
`);
    expect(played.code).toBe(0);
    expect(played.stdout).not.toContain('never');
    expect(countsOf(played)).toEqual(['alpha ok=3', 'beta ok=1', 'gamma ok=3']);
  });

  test('--limit, also with a pattern of the play that has variables', async () => {
    const played = await playLocally(
      `- hosts: "{{ target }}"
  tasks:
    - debug: { msg: here }
`,
      ['-e', 'target=all:!alpha', '-l', 'alpha:gamma'],
    );
    expect(countsOf(played)).toEqual(['gamma ok=1']);
  });
});

describe('tags', () => {
  const playbook = `- hosts: alpha
  tasks:
    - { name: plain, debug: { msg: x } }
    - { name: red, debug: { msg: x }, tags: red }
    - { name: always, debug: { msg: x }, tags: always }
    - { name: never, debug: { msg: x }, tags: [never, rare] }
    - tags: blue
      block:
        - { name: in blue, debug: { msg: x } }
`;
  test.each([
    [[], ['plain', 'red', 'always', 'in blue']],
    [
      ['-t', 'red'],
      ['red', 'always'],
    ],
    [
      ['-t', 'blue,rare'],
      ['always', 'never', 'in blue'],
    ],
    [
      ['-t', 'tagged'],
      ['red', 'always', 'in blue'],
    ],
    [
      ['-t', 'untagged'],
      ['plain', 'always'],
    ],
    [
      ['--skip-tags', 'blue,always'],
      ['plain', 'red'],
    ],
    [
      ['-t', 'all', '--skip-tags', 'red'],
      ['plain', 'always', 'in blue'],
    ],
  ])('%j runs %j', async (args, names) => {
    const played = await playLocally(playbook, args);
    expect(resultsOf(played).filter(line => line.startsWith('TASK'))).toEqual(
      names.map(name => `TASK [${name}]`),
    );
  });
});

test('each play reaches its hosts in its own way', async () => {
  const folder = makeFolder();
  const played = await playLocally(
    `- hosts: alpha
  connection: local
  tasks:
    - command: touch ${folder}/local
- hosts: alpha
  vars: { ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1 }
  tasks:
    - command: touch ${folder}/ssh
`,
    [],
    { files: { hosts: 'alpha\n' } },
  );
  expect(played.code).toBe(4);
  expect(countsOf(played)).toEqual(['alpha ok=1 changed=1 unreachable=1']);
  expect(existsSync(join(folder, 'local'))).toBe(true);
  expect(existsSync(join(folder, 'ssh'))).toBe(false);
});
