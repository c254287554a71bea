import { expect, test } from 'vitest';
import { countsOf, playLocally, resultsOf } from './local.ts';

const said = (stdout: { stdout: string }): readonly string[] =>
  resultsOf(stdout).flatMap(line => /^ok: \[alpha\] => (.*)/.exec(line)?.slice(1) ?? []);

test('what counts above what: each level hides the ones before it', async () => {
  const names = ['all', 'group', 'host', 'file', 'play', 'block', 'task', 'fact', 'extra'];
  const show = names.map(name => `${name}={{ at_${name} }}`).join(' ');
  // The variable at_N is set on all levels up to N, with the name of the level as its value.
  const levels = (level: string, indent: string): string =>
    names
      .slice(names.indexOf(level))
      .map(name => `${indent}at_${name}: ${level}\n`)
      .join('');
  const played = await playLocally(
    `- hosts: alpha
  vars_files: [more.yml]
  vars:
${levels('play', '    ')}  tasks:
    - set_fact:
${levels('fact', '        ')}    - vars:
${levels('block', '        ')}      block:
        - debug: { msg: "${show}" }
          vars:
${levels('task', '            ')}`,
    ['-e', '@extra.yml'],
    {
      files: {
        hosts: '[some]\nalpha ansible_connection=local\n',
        'group_vars/all.yml': levels('all', ''),
        'group_vars/some.yml': levels('group', ''),
        'host_vars/alpha.yml': levels('host', ''),
        'more.yml': `${levels('file', '')}`.replace('at_file: file', 'at_file: file'),
        'extra.yml': levels('extra', ''),
      },
    },
  );
  expect(said(played).at(-1)).toBe(names.map(name => `${name}=${name}`).join(' '));
});

test('-e: texts, YAML, files; the last one counts', async () => {
  const played = await playLocally(
    `- hosts: alpha
  tasks:
    - debug: { msg: "{{ a }} {{ b }} {{ c.d }} {{ n + 1 }} {{ t is string }}" }
`,
    ['-e', 'a=1 b="two words"', '-e', '{"c": {"d": true}, "n": 1}', '-e', '@more.yml', '-e', 'a=last t=5'],
    { files: { 'more.yml': 'b: from the file\n' } },
  );
  expect(said(played)).toEqual(['last from the file True 2 True']);
});

test('register of a task that was skipped or failed is there, too; -e stays above it', async () => {
  const played = await playLocally(
    `- hosts: alpha
  tasks:
    - command: "true"
      when: false
      register: skipped
    - command: "false"
      ignore_errors: true
      register: failed
    - command: echo fixed
      register: fixed
    - debug: { msg: "{{ skipped is skipped }} {{ failed is failed }} {{ failed.rc }} {{ fixed }}" }
`,
    ['-e', 'fixed=given'],
  );
  expect(said(played)).toEqual(['True True 1 given']);
});

test('omit leaves an argument out', async () => {
  const played = await playLocally(`- hosts: alpha
  tasks:
    - shell: pwd
      args: { chdir: "{{ nowhere | default(omit) }}" }
      register: where
    - debug: { msg: "{{ where.rc }}" }
`);
  expect(countsOf(played)).toEqual(['alpha ok=2 changed=1']);
});

test('what engine and inventory give: groups, hostvars, magic names', async () => {
  const played = await playLocally(
    `- name: Magic
  hosts: web
  tasks:
    - debug: { msg: "{{ inventory_hostname }} {{ group_names | join('+') }} {{ groups.db | join('+') }} {{ hostvars.gamma.role }} {{ ansible_play_hosts | join('+') }} {{ ansible_check_mode }} {{ ansible_play_name }}" }
`,
    [],
    {
      files: {
        hosts:
          '[web]\nalpha\nbeta\n[db]\ngamma role=store\n[site:children]\nweb\ndb\n[all:vars]\nansible_connection=local\n',
      },
    },
  );
  expect(said(played)).toEqual(['alpha site+web gamma store alpha+beta False Magic']);
});

test('the connection, too, is what the variables of the play say', async () => {
  const played = await playLocally(
    `- hosts: all
  vars: { ansible_connection: "{{ way }}", way: local }
  tasks:
    - command: "true"
`,
    [],
    { files: { hosts: 'alpha\n' } },
  );
  expect(countsOf(played)).toEqual(['alpha ok=1 changed=1']);
});
