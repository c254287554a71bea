import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventsOf, makeFolder, ofType } from '../cli/play.ts';
import { countsOf, playLocally, resultsOf } from './local.ts';

describe('a check', () => {
  test('changes nothing, and says what cannot be known, and until when', async () => {
    const folder = makeFolder();
    const played = await playLocally(
      `- hosts: alpha
  tasks:
    - name: ask
      shell: touch ${folder}/ran; echo 5
      register: answer
    - name: in a condition
      file-content: { path: ${folder}/a, content: x }
      when: answer.stdout == '5'
    - name: false and unknown is false
      file-content: { path: ${folder}/b, content: x }
      when:
        - answer.rc == 0
        - 1 == 2
    - name: true or unknown is true
      file-content: { path: ${folder}/c, content: x }
      when: 1 == 1 or answer.rc == 0
    - name: in arguments
      file-content: { path: ${folder}/d, content: "{{ answer.stdout | int + 1 }}" }
    - name: through set_fact
      set_fact: { sum: "{{ answer.stdout | int + 1 }}" }
    - name: shown
      debug: { msg: "{{ sum }}" }
    - name: in a loop
      debug: { msg: "{{ item }}" }
      loop: "{{ answer.stdout_lines }}"
    - name: read only, so it runs
      command: echo 5
      check_mode: false
      changed_when: false
      register: really
    - name: known
      debug: { msg: "{{ really.stdout }}" }
    - name: asserted
      assert: { that: [sum == 6] }
    - name: not failed as far as is known
      command: "true"
      register: result
      failed_when: result.rc != 0
    - name: guarded
      command: touch ${folder}/e
      args: { creates: ${folder}/e }
    - name: rests on it
      file-content: { path: ${folder}/f, content: x }
      when: result is changed
`,
      ['--check'],
    );
    expect({ code: played.code, stderr: played.stderr }).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(folder)).toEqual([]);
    expect(played.stdout.replaceAll(folder, '(there)')).toMatchInlineSnapshot(`
      "
      PLAY [alpha] [CHECK MODE] ******************************************************

      TASK [ask] *********************************************************************
      unknown: [alpha]
        ? run touch (there)/ran; echo 5: unknown until it is run

      TASK [in a condition] **********************************************************
      unknown: [alpha]
        ? whether or how it runs: unknown until “ask”

      TASK [false and unknown is false] **********************************************
      skipping: [alpha] => when: answer.rc == 0 and 1 == 2

      TASK [true or unknown is true] *************************************************
      would change: [alpha]
        - write (there)/c
            state: absent → present
            content: (none) → sha256:2d711642b726…

      TASK [in arguments] ************************************************************
      unknown: [alpha]
        ? whether or how it runs: unknown until “ask”

      TASK [through set_fact] ********************************************************
      unknown: [alpha]
        ? what is set: unknown until “ask”

      TASK [shown] *******************************************************************
      unknown: [alpha]
        ? whether or how it runs: unknown until “ask”

      TASK [in a loop] ***************************************************************
      unknown: [alpha]
        ? whether or how it runs: unknown until “ask”

      TASK [read only, so it runs] ***************************************************
      ok: [alpha]

      TASK [known] *******************************************************************
      ok: [alpha] => 5

      TASK [asserted] ****************************************************************
      unknown: [alpha]
        ? whether the assertions hold: unknown until “ask”

      TASK [not failed as far as is known] *******************************************
      unknown: [alpha]
        ? run true: unknown until it is run

      TASK [guarded] *****************************************************************
      would change: [alpha]
        - run touch (there)/e
            creates: not there → there

      TASK [rests on it] *************************************************************
      unknown: [alpha]
        ? whether or how it runs: unknown until “not failed as far as is known”

      PLAY RECAP *********************************************************************
      alpha                      : ok=4    changed=2    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0    unknown=9

      "
    `);
  });

  test('announces what the run does, step for step', async () => {
    const folder = makeFolder();
    const playbook = `- hosts: alpha
  tasks:
    - file-content: { path: ${folder}/a, content: "one\\n", mode: "0600" }
    - command: cp ${folder}/a ${folder}/b
      args: { creates: ${folder}/b }
    - file-content: { path: ${folder}/c, content: two, mode: "0644" }
`;
    const changes = async (...args: readonly string[]) =>
      ofType(eventsOf(await playLocally(playbook, ['--report', 'json', ...args])), 'result').map(result => [
        result.task.place,
        result.changes,
      ]);
    const announced = await changes('--check');
    expect(await changes()).toEqual(announced);
    const again = await playLocally(playbook, ['--check']);
    expect(countsOf(again)).toEqual(['alpha ok=3']);
  });

  test('--detailed-exitcode: 3 where something would change or did, 0 behind that', async () => {
    const folder = makeFolder();
    const playbook = `- hosts: alpha
  tasks:
    - file-content: { path: ${folder}/a, content: x }
`;
    const codes = [];
    for (const args of [['--check'], [], ['--check'], []])
      codes.push((await playLocally(playbook, ['--detailed-exitcode', ...args])).code);
    expect(codes).toEqual([3, 3, 0, 0]);
    expect((await playLocally(playbook, [])).code).toBe(0);
  });

  test('--diff shows contents line by line', async () => {
    const folder = makeFolder({ conf: 'a\nb\nc\n' });
    const played = await playLocally(
      `- hosts: alpha
  tasks:
    - file-content: { path: ${folder}/conf, content: "a\\nB\\nc\\n" }
`,
      ['--check', '--diff'],
    );
    expect(played.stdout.replaceAll(folder, '(there)')).toMatchInlineSnapshot(`
      "
      PLAY [alpha] [CHECK MODE] ******************************************************

      TASK [file-content] ************************************************************
      would change: [alpha]
        - write (there)/conf
            --- content before
            +++ content after
            @@ -1,3 +1,3 @@
             a
            -b
            +B
             c

      PLAY RECAP *********************************************************************
      alpha                      : ok=1    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0    unknown=0

      "
    `);
  });
});

describe('what hosts are asked', () => {
  /** Thirty tasks of three kinds. */
  const playbook = (folder: string): string => `- hosts: alpha
  tasks:
${Array.from(
  { length: 10 },
  (_, index) => `    - file-content: { path: ${folder}/file${index}, content: "number ${index}" }
    - command: touch ${folder}/made${index}
      args: { creates: ${folder}/made${index} }
    - shell: echo {{ 1 + ${index} }} > ${folder}/guarded${index}
      args: { unless: "test -e ${folder}/guarded${index}" }
`,
).join('')}`;

  test('a converged playbook of thirty tasks takes one survey, and one round trip', async () => {
    const folder = makeFolder();
    const text = playbook(folder);
    const first = await playLocally(text);
    expect(countsOf(first)).toEqual(['alpha ok=30 changed=30']);
    for (const args of [[], ['--check']]) {
      const events = eventsOf(await playLocally(text, ['--report', 'json', ...args]));
      const surveys = ofType(events, 'survey');
      expect(surveys.map(({ purpose, roundTrips }) => [purpose, roundTrips])).toEqual([['look-ahead', 1]]);
      expect(ofType(events, 'connected')).toHaveLength(1);
      expect(ofType(events, 'run-end')[0]?.recap['alpha']).toMatchObject({ ok: 30, changed: 0 });
    }
  });

  test('a task sees what an earlier one changed', async () => {
    const folder = makeFolder();
    const played = await playLocally(`- hosts: alpha
  tasks:
    - file-content: { path: ${folder}/a, content: x }
    - command: rm ${folder}/a
      args: { removes: ${folder}/a }
    - file-content: { path: ${folder}/a, content: x }
    - command: "true"
      args: { creates: ${folder}/a }
`);
    expect(resultsOf(played)).toMatchInlineSnapshot(`
      [
        "TASK [file-content]",
        "changed: [alpha]",
        "TASK [command]",
        "changed: [alpha]",
        "TASK [file-content]",
        "changed: [alpha]",
        "TASK [command]",
        "ok: [alpha]",
      ]
    `);
  });

  test('right before a step its task is asked afresh, so what was done meanwhile is not done again', async () => {
    const folder = makeFolder();
    // Both hosts are this machine: alpha’s step makes what beta was asked about before.
    const played = await playLocally(`- hosts: all
  tasks:
    - command: mkdir ${folder}/made
      args: { creates: ${folder}/made }
      throttle: 1
`);
    expect(played.code).toBe(0);
    expect(countsOf(played)).toEqual(['alpha ok=1 changed=1', 'beta ok=1', 'gamma ok=1']);
  });

  test('facts: when something uses them, of those hosts only; at once with gather_facts; never without', async () => {
    const factsAsked = async (play: string): Promise<readonly string[]> => {
      const events = eventsOf(await playLocally(play, ['--report', 'json']));
      return ofType(events, 'survey')
        .filter(({ asks }) => Object.keys(asks).some(source => source.includes('facts')))
        .map(({ host }) => host);
    };
    const use = '    - debug: { msg: "{{ ansible_facts.os_family }} {{ ansible_os_family }}" }\n';
    expect(await factsAsked('- hosts: all\n  tasks:\n    - debug: { msg: none }\n')).toEqual([]);
    expect(
      (
        await factsAsked(`- hosts: all\n  tasks:\n${use}      when: inventory_hostname != 'alpha'\n`)
      ).toSorted(),
    ).toEqual(['beta', 'gamma']);
    expect((await factsAsked('- hosts: all\n  gather_facts: true\n  tasks: []\n')).toSorted()).toEqual([
      'alpha',
      'beta',
      'gamma',
    ]);
    const never = await playLocally(`- hosts: alpha\n  gather_facts: false\n  tasks:\n${use}`);
    expect(never.code).toBe(2);
  });
});
