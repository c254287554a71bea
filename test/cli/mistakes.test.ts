import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Files, playCli } from './play.ts';

/** Both hosts lead here, so that whoever connects is seen. */
let server: Server;
let inventory: string;
let connections = 0;

beforeAll(async () => {
  server = createServer(socket => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  inventory = `all:
  vars: { ansible_host: 127.0.0.1, ansible_port: ${port} }
  children:
    web:
      hosts:
        alpha: { port: 80 }
        beta: {}
    idle:
`;
});
afterAll(() => server.close());

/** All that `play` says of a playbook that it does not run, between two line ends. */
async function complaint(
  playbook: string,
  { args = [], files = {} }: { readonly args?: readonly string[]; readonly files?: Files } = {},
): Promise<string> {
  connections = 0;
  const played = await playCli(['site.yml', '-i', 'hosts.yml', ...args], {
    files: { 'hosts.yml': inventory, 'site.yml': playbook, ...files },
  });
  expect(played).toMatchObject({ code: 4, stdout: '' });
  expect(connections).toBe(0);
  return `\n${played.stderr}`;
}

describe('what Ansible’s users look for', () => {
  test('modules and includes that there are not, and tags that no task has', async () => {
    expect(
      await complaint(
        `- hosts: all
  tasks:
    - ansible.builtin.copy: { dest: /x, content: y }
    - include_tasks: more.yml
    - command: uptime
      with_items: [1]
      tags: [quick]
`,
        { args: ['-t', 'quik'] },
      ),
    ).toMatchInlineSnapshot(`
      "
      error: no task has the tag “quik”
        help: did you mean “quick”?

      error: unknown module “ansible.builtin.copy”
       --> site.yml:3:7
        |
      3 |     - ansible.builtin.copy: { dest: /x, content: y }
        |       ^^^^^^^^^^^^^^^^^^^^
        help: use \`file-content\` (\`content:\`, \`src_raw:\`, or \`from:\` for a file of another host)

      error: unknown module “include_tasks”
       --> site.yml:4:7
        |
      4 |     - include_tasks: more.yml
        |       ^^^^^^^^^^^^^
        help: there are no includes: put the tasks into the play, or in a \`block:\`

      error: unknown keyword “with_items” in a task
       --> site.yml:6:7
        |
      6 |       with_items: [1]
        |       ^^^^^^^^^^
        help: use \`loop:\`

      4 errors

      "
    `);
  });
});

describe('keywords', () => {
  test('unknown ones in a play, a block, a task and a handler', async () => {
    expect(
      await complaint(`- hosts: all
  remote_usr: root
  tasks:
    - block:
        - command: uptime
          wehn: true
      resuce: []
    - command: uptime
      colour: red
  handlers:
    - name: again
      command: uptime
      lisen: changes
`),
    ).toMatchInlineSnapshot(`
      "
      error: unknown keyword “remote_usr” in a play
       --> site.yml:2:3
        |
      2 |   remote_usr: root
        |   ^^^^^^^^^^
        help: did you mean “remote_user”?

      error: unknown keyword “wehn” in a task
       --> site.yml:6:11
        |
      6 |           wehn: true
        |           ^^^^
        help: did you mean “when”?

      error: unknown keyword “resuce” in a block
       --> site.yml:7:7
        |
      7 |       resuce: []
        |       ^^^^^^
        help: did you mean “rescue”?

      error: unknown keyword “colour” in a task
       --> site.yml:9:7
        |
      9 |       colour: red
        |       ^^^^^^

      error: unknown keyword “lisen” in a handler
        --> site.yml:13:7
         |
      13 |       lisen: changes
         |       ^^^^^
        help: did you mean “listen”?

      5 errors

      "
    `);
  });

  test('an argument that stands beside its module', async () => {
    expect(
      await complaint(`- hosts: all
  tasks:
    - command: make
      creates: /srv/made
`),
    ).toMatchInlineSnapshot(`
      "
      error: unknown keyword “creates” in a task
       --> site.yml:4:7
        |
      4 |       creates: /srv/made
        |       ^^^^^^^
        help: “creates” is an argument of command: put it under \`command:\` or \`args:\`

      1 error

      "
    `);
  });

  test('those that stand where they cannot', async () => {
    expect(
      await complaint(`- hosts: all
  when: true
  tasks:
    - block: []
      register: result
    - command: uptime
      gather_facts: true
      listen: changes
`),
    ).toMatchInlineSnapshot(`
      "
      error: “when” cannot stand in a play
       --> site.yml:2:3
        |
      2 |   when: true
        |   ^^^^
        help: it belongs in a block, a task or a handler

      error: “register” cannot stand in a block
       --> site.yml:5:7
        |
      5 |       register: result
        |       ^^^^^^^^
        help: it belongs in a task or a handler

      error: “gather_facts” cannot stand in a task
       --> site.yml:7:7
        |
      7 |       gather_facts: true
        |       ^^^^^^^^^^^^
        help: it belongs in a play

      error: “listen” cannot stand in a task
       --> site.yml:8:7
        |
      8 |       listen: changes
        |       ^^^^^^
        help: it belongs in a handler

      4 errors

      "
    `);
  });

  test('values of the wrong type', async () => {
    expect(
      await complaint(`- hosts: all
  become: 12
  serial: some
  tasks:
    - command: uptime
      retries: many
      tags: { a: b }
      vars: [1]
      when: { a: b }
    - text
  handlers: none
`),
    ).toMatchInlineSnapshot(`
      "
      error: \`become\` must be \`true\` or \`false\`, not the number 12
       --> site.yml:2:11
        |
      2 |   become: 12
        |           ^^

      error: \`serial\` must be a number, a percentage, or a list of them, not “some”
       --> site.yml:3:11
        |
      3 |   serial: some
        |           ^^^^

      error: \`retries\` must be a whole number, not “many”
       --> site.yml:6:16
        |
      6 |       retries: many
        |                ^^^^

      error: \`tags\` must be text or a list of texts, not a mapping
       --> site.yml:7:13
        |
      7 |       tags: { a: b }
        |             ^^^^^^^^

      error: \`vars\` must be a mapping, not a list
       --> site.yml:8:13
        |
      8 |       vars: [1]
        |             ^^^

      error: \`when\` must be an expression or a list of them, not a mapping
       --> site.yml:9:13
        |
      9 |       when: { a: b }
        |             ^^^^^^^^

      error: a task is a mapping of keywords, not a single value
        --> site.yml:10:7
         |
      10 |     - text
         |       ^^^^
        help: begin it with “- name: …”

      error: \`handlers\` must be a list, not “none”
        --> site.yml:11:13
         |
      11 |   handlers: none
         |             ^^^^

      8 errors

      "
    `);
  });

  test('a module in a play, a play in a task, no hosts', async () => {
    expect(
      await complaint(`- command: uptime
- hosts: all
  tasks:
    - hosts: all
`),
    ).toMatchInlineSnapshot(`
      "
      error: unknown keyword “command” in a play
       --> site.yml:1:3
        |
      1 | - command: uptime
        |   ^^^^^^^
        help: “command” is a module: put it in a task under \`tasks:\`

      error: the play has no \`hosts:\`
       --> site.yml:1:3
        |
      1 | - command: uptime
        |   ^^^^^^^
        help: add \`hosts: PATTERN\`, e.g. \`hosts: all\`

      error: “hosts” cannot stand in a task
       --> site.yml:4:7
        |
      4 |     - hosts: all
        |       ^^^^^
        help: it belongs in a play

      error: the task names no module: there is nothing to do
       --> site.yml:4:7
        |
      4 |     - hosts: all
        |       ^^^^^
        help: add the module, e.g. \`command: …\`, or a \`block:\`

      4 errors

      "
    `);
  });

  test('braces in a condition are a warning only', async () => {
    const { code, stderr } = await playCli(['site.yml', '-i', 'alpha,', '--syntax-check'], {
      files: {
        'site.yml': `- hosts: all
  tasks:
    - debug: { msg: hello }
      when: "{{ 1 == 1 }}"
`,
      },
    });
    expect(code).toBe(0);
    expect(`\n${stderr}`).toMatchInlineSnapshot(`
      "
      warning: \`when\` is an expression already: braces are not needed
       --> site.yml:4:13
        |
      4 |       when: "{{ 1 == 1 }}"
        |             ^^^^^^^^^^^^^^
        help: write it without {{ }}

      1 warning

      "
    `);
  });
});

describe('modules', () => {
  test('unknown, none, two', async () => {
    expect(
      await complaint(`- hosts: all
  tasks:
    - name: misspelt
      comand: uptime
    - frobnicate:
        hard: true
    - name: nothing
    - command: uptime
      shell: uptime
`),
    ).toMatchInlineSnapshot(`
      "
      error: unknown module “comand”
       --> site.yml:4:7
        |
      4 |       comand: uptime
        |       ^^^^^^
        help: did you mean “command”?

      error: unknown module “frobnicate”
       --> site.yml:5:7
        |
      5 |     - frobnicate:
        |       ^^^^^^^^^^
        help: \`play docs\` lists the modules

      error: the task names no module: there is nothing to do
       --> site.yml:7:7
        |
      7 |     - name: nothing
        |       ^^^^
        help: add the module, e.g. \`command: …\`, or a \`block:\`

      error: the task names two modules, “command” and “shell”
       --> site.yml:9:7
        |
      9 |       shell: uptime
        |       ^^^^^
        help: make two tasks of it, each beginning with “- ”

      4 errors

      "
    `);
  });

  test('unknown and missing arguments, those of a wrong type, those that exclude each other', async () => {
    expect(
      await complaint(`- hosts: all
  tasks:
    - file-content:
        path: /etc/motd
        contnt: hello
    - file-content:
        content: hello
    - service:
        name: ssh
        state: running
        enabled: maybe
    - apt:
        name: [nginx]
        state: presen
    - command:
        cmd: uptime
        argv: [uptime]
    - command:
`),
    ).toMatchInlineSnapshot(`
      "
      error: file-content has no “contnt”
       --> site.yml:5:9
        |
      5 |         contnt: hello
        |         ^^^^^^
        help: did you mean “content”?

      error: file-content needs “path”
       --> site.yml:6:7
        |
      6 |     - file-content:
        |       ^^^^^^^^^^^^
        help: \`play docs file-content\` lists its arguments

      error: “state” must be “started”, “stopped”, “restarted” or “reloaded”, not the text “running”
        --> site.yml:10:16
         |
      10 |         state: running
         |                ^^^^^^^
        help: \`play docs service\` lists its arguments

      error: “enabled” of service must be true or false, not “maybe”
        --> site.yml:11:18
         |
      11 |         enabled: maybe
         |                  ^^^^^

      error: “state” must be “present”, “latest” or “absent”, not the text “presen”
        --> site.yml:14:16
         |
      14 |         state: presen
         |                ^^^^^^
        help: did you mean “present”?

      error: command: give either \`cmd\` or \`argv\`
        --> site.yml:15:7
         |
      15 |     - command:
         |       ^^^^^^^

      error: command: give either \`cmd\` or \`argv\`
        --> site.yml:18:7
         |
      18 |     - command:
         |       ^^^^^^^

      7 errors

      "
    `);
  });

  test('arguments in one line', async () => {
    expect(
      await complaint(`- hosts: all
  tasks:
    - service: name=ssh state=started
    - debug: msg={{ inventory_hostname }}
`),
    ).toMatchInlineSnapshot(`
      "
      error: the arguments of service are a mapping
       --> site.yml:3:16
        |
      3 |     - service: name=ssh state=started
        |                ^^^^^^^^^^^^^^^^^^^^^^
        help: write each one as \`name: value\`, on a line of its own

      error: the arguments of debug are a mapping
       --> site.yml:4:14
        |
      4 |     - debug: msg={{ inventory_hostname }}
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: write each one as \`name: value\`, on a line of its own

      2 errors

      "
    `);
  });
});

describe('variables', () => {
  test('undefined: in arguments, a condition, a loop, through others, for one host only', async () => {
    expect(
      await complaint(`- hosts: web
  vars:
    greeting: "hello {{ nmae }}"
    server_name: here
  tasks:
    - debug: { msg: "{{ greeting }}" }
    - debug: { msg: "{{ port }}" }
    - debug: { msg: "{{ servername }}" }
    - debug: { msg: now }
      when: it_is_time
    - debug: { msg: "{{ item }}" }
      loop: "{{ things }}"
`),
    ).toMatchInlineSnapshot(`
      "
      error: the variable “nmae” is not defined
       --> site.yml:3:25
        |
      3 |     greeting: "hello {{ nmae }}"
        |                         ^^^^
        help: define it under \`vars:\` or in the inventory, or give it a default: \`| default(…)\`

      error: the variable “port” is not defined for beta
       --> site.yml:7:25
        |
      7 |     - debug: { msg: "{{ port }}" }
        |                         ^^^^
        help: define it under \`vars:\` or in the inventory, or give it a default: \`| default(…)\`

      error: the variable “servername” is not defined
       --> site.yml:8:25
        |
      8 |     - debug: { msg: "{{ servername }}" }
        |                         ^^^^^^^^^^
        help: did you mean “server_name”?

      error: the variable “it_is_time” is not defined
        --> site.yml:10:13
         |
      10 |       when: it_is_time
         |             ^^^^^^^^^^
        help: define it under \`vars:\` or in the inventory, or give it a default: \`| default(…)\`

      error: the variable “things” is not defined
        --> site.yml:12:17
         |
      12 |       loop: "{{ things }}"
         |                 ^^^^^^
        help: define it under \`vars:\` or in the inventory, or give it a default: \`| default(…)\`

      5 errors

      "
    `);
  });

  test('-e takes names and values', async () => {
    expect(
      await complaint('- hosts: all\n', { args: ['-e', 'debug', '-e', '[1, 2]'] }),
    ).toMatchInlineSnapshot(`
      "
      error: “debug” is no NAME=VALUE
        help: write \`-e name=value\`, \`-e '{"name": "value"}'\` or \`-e @FILE\`

      error: \`-e\` takes variables: a mapping of names to values
       --> --extra-vars:1:1
        |
      1 | [1, 2]
        | ^^^^^^
        help: write NAME=VALUE, or a mapping

      2 errors

      "
    `);
  });

  test('a file of variables that is not there, and one that is broken', async () => {
    expect(
      await complaint(
        `- hosts: all
  vars_files:
    - secrets.yml
    - broken.yml
  tasks:
    - comand: uptime
`,
        { files: { 'broken.yml': 'a: b: c\n' } },
      ),
    ).toMatchInlineSnapshot(`
      "
      error: a second “: ” in one line: YAML takes what stands before it for another key
       --> broken.yml:1:5
        |
      1 | a: b: c
        |     ^
        help: if it is one text, quote it: "b: c"

      error: there is no file secrets.yml
       --> site.yml:3:5
        |
      3 |     - secrets.yml
        |     ^^^^^^^^^^^^^

      error: unknown module “comand”
       --> site.yml:6:7
        |
      6 |     - comand: uptime
        |       ^^^^^^
        help: did you mean “command”?

      3 errors

      "
    `);
  });
});

describe('names', () => {
  test('of handlers', async () => {
    expect(
      await complaint(`- hosts: all
  tasks:
    - command: uptime
      notify: restrat web
    - command: uptime
      notify:
        - restart web
        - everything else
  handlers:
    - name: restart web
      command: uptime
- hosts: all
  tasks:
    - command: uptime
      notify: restart web
`),
    ).toMatchInlineSnapshot(`
      "
      error: there is no handler “restrat web”
       --> site.yml:4:15
        |
      4 |       notify: restrat web
        |               ^^^^^^^^^^^
        help: did you mean “restart web”?

      error: there is no handler “everything else”
       --> site.yml:8:11
        |
      8 |         - everything else
        |           ^^^^^^^^^^^^^^^
        help: the play’s handlers are “restart web”

      error: there is no handler “restart web”
        --> site.yml:15:15
         |
      15 |       notify: restart web
         |               ^^^^^^^^^^^
        help: the play has no handlers: add it under \`handlers:\`

      3 errors

      "
    `);
  });

  test('of hosts: of a play, to delegate to', async () => {
    expect(
      await complaint(`- hosts: wbe
- hosts: web:!gamma
  tasks:
    - command: uptime
      delegate_to: alhpa
`),
    ).toMatchInlineSnapshot(`
      "
      error: no host or group is named “wbe”
       --> site.yml:1:10
        |
      1 | - hosts: wbe
        |          ^^^
        help: did you mean “web”?

      warning: no host or group is named “gamma”
       --> site.yml:2:15
        |
      2 | - hosts: web:!gamma
        |               ^^^^^
        help: declare the group in the inventory, even if it stays empty

      error: “alhpa” is no host of the inventory
       --> site.yml:5:20
        |
      5 |       delegate_to: alhpa
        |                    ^^^^^
        help: did you mean “alpha”?

      2 errors, 1 warning

      "
    `);
  });

  test('of hosts: to limit to', async () => {
    expect(await complaint('- hosts: all\n', { args: ['-l', 'alhpa'] })).toMatchInlineSnapshot(`
      "
      error: no host or group is named “alhpa”
       --> --limit:1:1
        |
      1 | alhpa
        | ^^^^^
        help: did you mean “alpha”?

      1 error

      "
    `);
  });

  test('of filters, tests and lookups', async () => {
    expect(
      await complaint(`- hosts: all
  tasks:
    - debug: { msg: "{{ 'a' | uper }}" }
    - debug: { msg: "{{ 'a' is defind }}" }
    - debug: { msg: "{{ lookup('fiel', 'x') }}" }
`),
    ).toMatchInlineSnapshot(`
      "
      error: unknown filter “uper”
       --> site.yml:3:31
        |
      3 |     - debug: { msg: "{{ 'a' | uper }}" }
        |                               ^^^^
        help: did you mean “upper”?

      error: unknown test “defind”
       --> site.yml:4:32
        |
      4 |     - debug: { msg: "{{ 'a' is defind }}" }
        |                                ^^^^^^
        help: did you mean “defined”?

      error: unknown lookup “fiel”
       --> site.yml:5:32
        |
      5 |     - debug: { msg: "{{ lookup('fiel', 'x') }}" }
        |                                ^^^^^^
        help: did you mean “file”?

      3 errors

      "
    `);
  });
});

describe('text', () => {
  test('templates that cannot be read', async () => {
    expect(
      await complaint(`- hosts: all
  tasks:
    - debug: { msg: "{{ 1 + }}" }
    - debug:
        msg: "{% if true %} never ended"
      when: 1 ==
`),
    ).toMatchInlineSnapshot(`
      "
      error: a value is needed here, not “}}”
       --> site.yml:3:29
        |
      3 |     - debug: { msg: "{{ 1 + }}" }
        |                             ^^

      error: this “if” is never ended
       --> site.yml:5:18
        |
      5 |         msg: "{% if true %} never ended"
        |                  ^^
        help: end it with “{% endif %}”

      error: a value is needed here, not the end of the text
       --> site.yml:6:17
        |
      6 |       when: 1 ==
        |                 ^

      3 errors

      "
    `);
  });

  test('a tab', async () => {
    expect(await complaint('- hosts: all\n  tasks:\n\t- command: uptime\n')).toMatchInlineSnapshot(`
      "
      error: a tab is used to indent; YAML takes only spaces
       --> site.yml:3:1
        |
      3 |     - command: uptime
        | ^^^^
        help: replace the tab by spaces, and let your editor do so for .yml files

      1 error

      "
    `);
  });

  test('keys that stand twice, and a template without quotes', async () => {
    expect(
      await complaint(`- hosts: all
  hosts: web
  tasks:
    - debug:
        msg: {{ inventory_hostname }}
`),
    ).toMatchInlineSnapshot(`
      "
      error: the key “hosts” stands here a second time
       --> site.yml:2:3
        |
      2 |   hosts: web
        |   ^^^^^
        note: it stands here first
       --> site.yml:1:3
        |
      1 | - hosts: all
        |   ^^^^^
        help: remove one of them; YAML would silently take the second

      error: a value that begins with a template must be quoted, or YAML takes it for a mapping
       --> site.yml:5:14
        |
      5 |         msg: {{ inventory_hostname }}
        |              ^^^^^^^^^^^^^^^^^^^^^^^^
        help: write "{{ inventory_hostname }}"

      2 errors

      "
    `);
  });

  test('no list of plays, and nothing at all', async () => {
    expect(await complaint('hosts: all\n')).toMatchInlineSnapshot(`
      "
      error: a playbook is a list of plays
       --> site.yml:1:1
        |
      1 | hosts: all
        | ^^^^^^^^^^
        help: begin each play with “- hosts: …”

      1 error

      "
    `);
    expect(await complaint('')).toMatchInlineSnapshot(`
      "
      error: the playbook is empty
       --> site.yml:1:1
        |
      1 |
        | ^
        help: a playbook is a list of plays, each with \`hosts:\` and \`tasks:\`

      1 error

      "
    `);
  });
});

describe('files', () => {
  test('a playbook that is not there', async () => {
    const { code, stdout, stderr } = await playCli(['sit.yml', './other.yml', '-i', 'alpha,'], {
      files: { 'site.yml': '- hosts: all\n' },
    });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(`\n${stderr.replace(/ and \S*playbooks\/sit.yml/, ' and (package)')}`).toMatchInlineSnapshot(`
      "
      error: there is no playbook “sit.yml”
        note: looked for sit.yml and (package)
        help: did you mean “site.yml”?

      error: there is no playbook “./other.yml”
        note: looked for other.yml
        help: name the file of a playbook, e.g. \`play site.yml\`

      2 errors

      "
    `);
  });

  test('an inventory that is not there, and mistakes of the playbook beside it', async () => {
    const { code, stdout, stderr } = await playCli(['site.yml', '-i', 'hosts.yml'], {
      files: { 'site.yml': '- hosts: all\n  tsks: []\n' },
    });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(`\n${stderr}`).toMatchInlineSnapshot(`
      "
      error: there is no file hosts.yml

      error: unknown keyword “tsks” in a play
       --> site.yml:2:3
        |
      2 |   tsks: []
        |   ^^^^
        help: did you mean “tasks”?

      2 errors

      "
    `);
  });

  test('no inventory and no lab, and mistakes of the playbook beside it', async () => {
    const { code, stdout, stderr } = await playCli(['site.yml'], {
      files: { 'site.yml': '- hosts: all\n  tsks: []\n' },
      env: { PLAY_LAB: 'no-such-lab' },
    });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(`\n${stderr}`).toMatchInlineSnapshot(`
      "
      error: there is no inventory, and no lab
        help: name one with \`-i INVENTORY\`, or bring up throw-away hosts with \`play lab up\`

      error: unknown keyword “tsks” in a play
       --> site.yml:2:3
        |
      2 |   tsks: []
        |   ^^^^
        help: did you mean “tasks”?

      2 errors

      "
    `);
  });

  test('files that modules name', async () => {
    expect(
      await complaint(
        `- hosts: all
  tasks:
    - file-content: { path: /etc/motd, src: motd.js }
    - file-content: { path: /etc/motd, src_raw: motd.gz }
`,
        { files: { 'templates/motd.j2': '' } },
      ),
    ).toMatchInlineSnapshot(`
      "
      error: there is no file “motd.js”
       --> site.yml:3:45
        |
      3 |     - file-content: { path: /etc/motd, src: motd.js }
        |                                             ^^^^^^^
        note: looked for templates/motd.js and motd.js
        help: did you mean “motd.j2”?

      error: there is no file “motd.gz”
       --> site.yml:4:49
        |
      4 |     - file-content: { path: /etc/motd, src_raw: motd.gz }
        |                                                 ^^^^^^^
        note: looked for files/motd.gz and motd.gz
        help: put it there, or name its path

      2 errors

      "
    `);
  });

  test('a mistake in a template file', async () => {
    expect(
      await complaint(
        `- hosts: all
  tasks:
    - file-content: { path: /etc/motd, src: motd.j2 }
`,
        {
          files: { 'templates/motd.j2': 'Welcome to {{ inventory_hostname | uper }}\n{{ no_such_thing }}\n' },
        },
      ),
    ).toMatchInlineSnapshot(`
      "
      error: unknown filter “uper”
       --> templates/motd.j2:1:36
        |
      1 | Welcome to {{ inventory_hostname | uper }}
        |                                    ^^^^
        help: did you mean “upper”?

      error: the variable “no_such_thing” is not defined
       --> templates/motd.j2:2:4
        |
      2 | {{ no_such_thing }}
        |    ^^^^^^^^^^^^^
        help: define it under \`vars:\` or in the inventory, or give it a default: \`| default(…)\`

      2 errors

      "
    `);
  });

  test('a broken module of one’s own', async () => {
    expect(
      await complaint('- hosts: all\n', {
        args: ['--modules', 'own'],
        files: { 'own/empty.ts': 'export const nothing = 1;\n' },
      }),
    ).toMatchInlineSnapshot(`
      "
      error: “empty.ts” exports no module
        help: export what \`defineModule({…})\` gives

      1 error

      "
    `);
  });
});

describe('what only the run can show', () => {
  test('variables that need each other, with both places', async () => {
    const { code, stdout, stderr } = await playCli(['site.yml', '-i', 'localhost,'], {
      files: {
        'site.yml': `- hosts: all
  vars:
    a: "{{ b }}"
    b: "x{{ a }}"
  tasks:
    - debug: { msg: "{{ a }}" }
`,
      },
    });
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "
      PLAY [all] *********************************************************************

      TASK [debug] *******************************************************************
      failed: [localhost] => TemplateError: the variable “a” needs itself: a → b → a
          place: site.yml:6:7
          error: the variable “a” needs itself: a → b → a
           --> site.yml:3:8
            |
          3 |     a: "{{ b }}"
            |        ^^^^^^^^^
            note: used by the variable “a”
           --> site.yml:4:13
            |
          4 |     b: "x{{ a }}"
            |             ^
            note: used by the variable “b”
           --> site.yml:3:12
            |
          3 |     a: "{{ b }}"
            |            ^
            note: used by the variable “a”
           --> site.yml:6:25
            |
          6 |     - debug: { msg: "{{ a }}" }
            |                         ^

          1 error

      PLAY RECAP *********************************************************************
      localhost                  : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

      "
    `);
  });
});

describe('options', () => {
  const files = { 'site.yml': '- hosts: all\n' };

  const more = '\n(`play --help` lists all options)\n';
  test.each([
    [['--chek'], "error: unknown option '--chek'\n(Did you mean --check?)"],
    [
      ['-f', '0'],
      "error: option '-f, --forks <n>' argument '0' is invalid. It must be a whole number from 1 on.",
    ],
    [
      ['-c', 'pigeon'],
      "error: option '-c, --connection <type>' argument 'pigeon' is invalid. Allowed choices are ssh, openssh, local, nspawn, docker.",
    ],
    [
      ['--report', 'xml'],
      "error: option '--report <kind>' argument 'xml' is invalid. Allowed choices are live, plain, json.",
    ],
    [['-T'], "error: option '-T, --timeout <seconds>' argument missing"],
  ])('%j is not understood: exit code 5', async (args, message) => {
    const played = await playCli(['site.yml', '-i', 'alpha,', ...args], { files });
    expect(played).toEqual({ code: 5, stdout: '', stderr: message + more });
  });

  test('no playbook', async () => {
    const { code, stdout, stderr } = await playCli([]);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(/^Usage: play PLAYBOOK/);
  });

  test('--help and --version are no mistakes', async () => {
    expect(await playCli(['--version'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
    expect(await playCli(['--help'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('only looking', () => {
  const files = {
    hosts: '[web]\nalpha\nbeta\n[db]\ngamma\n',
    'site.yml': `- name: The web
  hosts: web
  tasks:
    - name: first
      command: uptime
      tags: early
    - block:
        - name: second
          command: uptime
      rescue:
        - debug: { msg: oh }
  post_tasks:
    - name: never by itself
      command: uptime
      tags: never
- hosts: db
  tasks: []
`,
  };

  test('--list-hosts, with a limit', async () => {
    const all = await playCli(['site.yml', '-i', 'hosts', '--list-hosts'], { files });
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatchInlineSnapshot(`
      "
      playbook: site.yml

        play #1 (web): The web
          hosts (2):
            alpha
            beta

        play #2 (db): db
          hosts (1):
            gamma
      "
    `);
    const limited = await playCli(['site.yml', '-i', 'hosts', '--list-hosts', '-l', 'beta'], { files });
    expect(limited.stdout).toMatchInlineSnapshot(`
      "
      playbook: site.yml

        play #1 (web): The web
          hosts (1):
            beta

        play #2 (db): db
          hosts (0):
      "
    `);
  });

  test('--list-tasks, with tags', async () => {
    const all = await playCli(['site.yml', '-i', 'hosts', '--list-tasks'], { files });
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatchInlineSnapshot(`
      "
      playbook: site.yml

        play #1 (web): The web
          tasks:
            first
            second
            debug

        play #2 (db): db
          tasks:
      "
    `);
    const early = await playCli(['site.yml', '-i', 'hosts', '--list-tasks', '-t', 'early'], { files });
    expect(early.stdout).toMatchInlineSnapshot(`
      "
      playbook: site.yml

        play #1 (web): The web
          tasks:
            first

        play #2 (db): db
          tasks:
      "
    `);
  });

  test('no false alarms', async () => {
    const { code, stderr } = await playCli(
      ['site.yml', '-i', 'hosts', '--syntax-check', '-e', 'extra=1', '-e', '@more.yml'],
      {
        files: {
          hosts: files.hosts,
          'group_vars/web.yml': 'group_one: 1\n',
          'host_vars/alpha.yml': 'only_alpha: 1\n',
          'more.yml': 'from_file: { deep: 1 }\n',
          'vars.yml': 'from_vars_file: "{{ extra }}"\n',
          'templates/motd.j2':
            '{% for name in groups["web"] %}{{ loop.index }} {{ name }}\n{% endfor %}{{ brought }}\n',
          'site.yml': `- hosts: web
  vars_files: vars.yml
  vars:
    chained: "{{ group_one }} {{ extra }} {{ from_file.deep }} {{ from_vars_file }}"
    circular_but_unused: "{{ circular_but_unused }}"
    broken_but_unused: "{{ nowhere }}"
  tasks:
    - debug: { msg: "{{ chained }} {{ nowhere | default('x') }} {{ nowhere is defined }}" }
    - debug: { msg: "{{ only_alpha }}" }
      when: only_alpha is defined
    - debug: { msg: "{{ nowhere }}" }
      when: inventory_hostname == 'nobody'
    - debug: { msg: "{{ only_alpha if only_alpha is defined else 'none' }}" }
    - command: uptime
      register: uptime
      changed_when: uptime.rc == 2 and uptime.stdout is search('x')
      failed_when: uptime.rc > 1
      until: uptime is succeeded
    - set_fact:
        brought: "{{ uptime.stdout_lines | first }}"
        "{{ 'dyn' ~ 'amic' }}": 1
    - debug: { msg: "{{ brought }} {{ dynamic | default(2) }}" }
    - debug: { msg: "{{ item.key }} {{ index }} {{ ansible_loop.last }}" }
      loop: "{{ {'a': 1} | dict2items }}"
      loop_control: { index_var: index, extended: true, label: "{{ item.key }}" }
    - debug: { msg: "{{ entry }}" }
      loop: [1, 2]
      loop_control: { loop_var: entry }
    - debug: { msg: "{{ hostvars['gamma'].anything | default('x') }} {{ groups.db | join(',') }}" }
    - debug: { msg: "{{ ansible_facts['os_family'] }} {{ ansible_distribution }} {{ ansible_check_mode }}" }
    - debug: { msg: "{{ lookup('env', 'HOME') }}" }
    - debug: { msg: "{% set own = 1 %}{{ own }}{% for x in [1] %}{{ x }}{{ loop.index }}{% endfor %}" }
    - file-content: { path: /etc/motd, src: motd.j2, mode: 0644, owner: "{{ omit }}" }
    - command: uptime
      environment: { PATH: "/opt/bin:{{ ansible_env.PATH }}" }
      delegate_to: "{{ groups['db'][0] }}"
      notify: "restart {{ group_one }}"
    - vars: { local: 1 }
      block:
        - debug: { msg: "{{ local }}" }
      rescue:
        - debug: { msg: "{{ ansible_failed_task.name }} {{ ansible_failed_result.msg }}" }
    - debug: { msg: "{{ handler_result.rc }}" }
      when: handler_result is defined
  handlers:
    - name: restart {{ group_one }}
      command: uptime
      register: handler_result
`,
        },
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
