import { describe, expect, test } from 'vitest';
import { told, toldOf } from './told.ts';

describe('INI', () => {
  test('a kind of section that is none', () =>
    expect(told('[web:var]\na=1\n')).toMatchInlineSnapshot(`
    "
    error: “var” is no kind of section
     --> hosts:1:6
      |
    1 | [web:var]
      |      ^^^
      help: did you mean “vars”?

    1 error
    "
  `));
  test('headers that are none', () =>
    expect(told('[web\nh1\n[]\n[a b]\n[a] x\n[a:b:c]\nh2\n')).toMatchInlineSnapshot(`
      "
      error: this is not the header of a section: its “]” is missing
       --> hosts:1:1
        |
      1 | [web
        | ^^^^
        help: write [group], [group:children] or [group:vars]

      error: this is not the header of a section: it names no group
       --> hosts:3:1
        |
      3 | []
        | ^^
        help: write [group], [group:children] or [group:vars]

      error: this is not the header of a section: there must be no blanks in it
       --> hosts:4:1
        |
      4 | [a b]
        | ^^^^^
        help: write [group], [group:children] or [group:vars]

      error: this is not the header of a section: text follows its “]”
       --> hosts:5:1
        |
      5 | [a] x
        | ^^^^^
        help: write [group], [group:children] or [group:vars]

      error: this is not the header of a section: it has more than one “:”
       --> hosts:6:1
        |
      6 | [a:b:c]
        | ^^^^^^^
        help: write [group], [group:children] or [group:vars]

      5 errors
      "
    `));
  test('a child that is not declared', () =>
    expect(told('[prod:children]\nwebs\nnowhere\n[web]\nh1\n')).toMatchInlineSnapshot(`
      "
      error: the group “webs” is not declared anywhere
       --> hosts:2:1
        |
      2 | webs
        | ^^^^
        help: did you mean “web”?

      error: the group “nowhere” is not declared anywhere
       --> hosts:3:1
        |
      3 | nowhere
        | ^^^^^^^
        help: declare it with [nowhere], even if it stays empty

      2 errors
      "
    `));
  test('variables of a group that is not declared', () =>
    expect(told('[web]\nh1\n[wbe:vars]\na=1\n')).toMatchInlineSnapshot(`
      "
      error: there is no group “wbe” to have variables
       --> hosts:3:2
        |
      3 | [wbe:vars]
        |  ^^^
        help: did you mean “web”?

      1 error
      "
    `));
  test('groups that hold each other', () =>
    expect(told('[a:children]\nb\n[b:children]\nc\n[c:children]\na\n')).toMatchInlineSnapshot(`
      "
      error: this puts the group “c” under itself: c → a → b → c
       --> hosts:6:1
        |
      6 | a
        | ^
        note: “b” was put under “a” here
       --> hosts:2:1
        |
      2 | b
        | ^
        note: “c” was put under “b” here
       --> hosts:4:1
        |
      4 | c
        | ^
        help: remove one of these children

      1 error
      "
    `));
  test('a group that holds itself', () =>
    expect(told('[a:children]\na\n')).toMatchInlineSnapshot(`
    "
    error: this puts the group “a” under itself: a → a
     --> hosts:2:1
      |
    2 | a
      | ^
      help: remove one of these children

    1 error
    "
  `));
  test('blanks around =', () =>
    expect(told('web1 ansible_host = 10.0.0.1\n')).toMatchInlineSnapshot(`
      "
      error: “ansible_host” is not key=value
       --> hosts:1:6
        |
      1 | web1 ansible_host = 10.0.0.1
        |      ^^^^^^^^^^^^
        help: there must be no blanks around “=” on a host’s line

      1 error
      "
    `));
  test('a value with blanks', () =>
    expect(told('web1 motd=hello world\n')).toMatchInlineSnapshot(`
    "
    error: “world” is not key=value
     --> hosts:1:17
      |
    1 | web1 motd=hello world
      |                 ^^^^^
      help: a value with blanks must be put in quotes: key="a b"

    1 error
    "
  `));
  test('a quote that is never closed', () =>
    expect(told('web1 a="b c\n')).toMatchInlineSnapshot(`
    "
    error: this quote is never closed
     --> hosts:1:8
      |
    1 | web1 a="b c
      |        ^

    1 error
    "
  `));
  test('a line without a host', () =>
    expect(told('ansible_host=10.0.0.1\n')).toMatchInlineSnapshot(`
    "
    error: a host’s line must begin with its name
     --> hosts:1:1
      |
    1 | ansible_host=10.0.0.1
      | ^^^^^^^^^^^^^^^^^^^^^
      help: write the name first: web1 ansible_host=10.0.0.1

    1 error
    "
  `));
  test('YAML in a section of variables', () =>
    expect(told('[web]\n[web:vars]\nport: 80\nnothing\n')).toMatchInlineSnapshot(`
      "
      error: in [web:vars] each line must be key=value
       --> hosts:3:1
        |
      3 | port: 80
        | ^^^^^^^^
        help: write port=80

      error: in [web:vars] each line must be key=value
       --> hosts:4:1
        |
      4 | nothing
        | ^^^^^^^

      2 errors
      "
    `));
  test('a host among children', () =>
    expect(told('[web]\n[prod:children]\nweb1 ansible_host=1\nweb:1\n')).toMatchInlineSnapshot(`
      "
      error: in [prod:children] each line must name one group
       --> hosts:3:1
        |
      3 | web1 ansible_host=1
        | ^^^^^^^^^^^^^^^^^^^
        help: hosts belong to a section without “:children”

      error: in [prod:children] each line must name one group
       --> hosts:4:1
        |
      4 | web:1
        | ^^^^^
        help: hosts belong to a section without “:children”

      2 errors
      "
    `));
  test('a comment within a value', () =>
    expect(
      told('[web]\n[web:vars]\nname=front # the first\nport=80 # not part of it\n'),
    ).toMatchInlineSnapshot(`
      "
      warning: this comment is part of the value
       --> hosts:3:12
        |
      3 | name=front # the first
        |            ^^^^^^^^^^^
        help: in [web:vars] a comment needs a line of its own

      1 warning
      "
    `));
  test('a # within a word', () =>
    expect(told('web1 ansible_password=abc#def\n')).toMatchInlineSnapshot(`
    "
    warning: this “#” begins a comment, though no blank stands before it
     --> hosts:1:26
      |
    1 | web1 ansible_password=abc#def
      |                          ^
      help: if it belongs to the value, put the value in quotes

    1 warning
    "
  `));
  test('a name for a host and a group', () =>
    expect(told('[web]\nweb\n')).toMatchInlineSnapshot(`
    "
    warning: “web” names both a host and a group
     --> hosts:2:1
      |
    2 | web
      | ^^^
      note: the group
     --> hosts:1:2
      |
    1 | [web]
      |  ^^^
      help: rename one of them: in a pattern the name stands for the host alone

    1 warning
    "
  `));
  test('a priority that is no number', () =>
    expect(told('[web]\n[web:vars]\nansible_group_priority=high\n')).toMatchInlineSnapshot(`
      "
      error: “ansible_group_priority” must be a whole number
       --> hosts:3:24
        |
      3 | ansible_group_priority=high
        |                        ^^^^

      1 error
      "
    `));
});

describe('ranges', () => {
  const ranges = [
    'w[1:]',
    'w[3:1]',
    'w[c:a]',
    'w[01:100]',
    'w[1]',
    'w[1:2:0]',
    'w[a:9]',
    'w[1:9',
    'w[0:99999999]',
    'w:',
  ];
  test('that are none', () =>
    expect(told(`${ranges.join('\n')}\n`, 'hosts.ini')).toMatchInlineSnapshot(`
    "
    error: the range has no end
     --> hosts.ini:1:2
      |
    1 | w[1:]
      |  ^^^^

    error: the range is empty: 3 is more than 1
     --> hosts.ini:2:2
      |
    2 | w[3:1]
      |  ^^^^^

    error: the range is empty: c comes after a
     --> hosts.ini:3:2
      |
    3 | w[c:a]
      |  ^^^^^

    error: with a leading zero, both ends need the same width: 01, 100
     --> hosts.ini:4:2
      |
    4 | w[01:100]
      |  ^^^^^^^^

    error: a range is written [begin:end] or [begin:end:step]
     --> hosts.ini:5:2
      |
    5 | w[1]
      |  ^^^

    error: the step of the range must be a number from 1 on, not “0”
     --> hosts.ini:6:2
      |
    6 | w[1:2:0]
      |  ^^^^^^^

    error: a range goes from a number to a number, or from a letter to a letter
     --> hosts.ini:7:2
      |
    7 | w[a:9]
      |  ^^^^^

    error: a bracket of a range is missing
     --> hosts.ini:8:2
      |
    8 | w[1:9
      |  ^^^^

    error: these are more than 100000 hosts
     --> hosts.ini:9:2
      |
    9 | w[0:99999999]
      |  ^^^^^^^^^^^^

    error: a host’s name cannot end with “:”
      --> hosts.ini:10:1
       |
    10 | w:
       | ^^
      help: remove it, or write the port behind it

    10 errors
    "
  `));
});

describe('YAML', () => {
  test('hosts as a list', () =>
    expect(told('all:\n  hosts:\n    - web1\n    - web2\n', 'hosts.yml')).toMatchInlineSnapshot(`
      "
      error: “hosts” of “all” must be a mapping, not a list
       --> hosts.yml:3:5
        |
      3 |     - web1
        |     ^^^^^^
        help: write each as a key, with a colon behind it and no dash before it

      1 error
      "
    `));
  test('an unknown key', () =>
    expect(told('web:\n  host:\n    web1:\n', 'hosts.yml')).toMatchInlineSnapshot(`
    "
    error: a group has no “host”
     --> hosts.yml:2:3
      |
    2 |   host:
      |   ^^^^
      help: did you mean “hosts”?

    1 error
    "
  `));
  test('hosts at the top', () =>
    expect(told('hosts:\n  web1:\n', 'hosts.yml')).toMatchInlineSnapshot(`
    "
    error: “hosts” stands where groups stand
     --> hosts.yml:1:1
      |
    1 | hosts:
      | ^^^^^
      help: put it under “all:”

    1 error
    "
  `));
  test('an address as the value of a host', () =>
    expect(told('web:\n  hosts:\n    web1: 10.0.0.1\n', 'hosts.yml')).toMatchInlineSnapshot(`
      "
      error: the host “web1” must be a mapping, not a text
       --> hosts.yml:3:11
        |
      3 |     web1: 10.0.0.1
        |           ^^^^^^^^
        help: if it is the host’s address, write {ansible_host: 10.0.0.1}

      1 error
      "
    `));
  test('names that are no texts', () =>
    expect(told('on:\n  hosts:\n    12:\n', 'hosts.yml')).toMatchInlineSnapshot(`
      "
      error: the name of a group must be a text; YAML reads “on” as something else
       --> hosts.yml:1:1
        |
      1 | on:
        | ^^
        help: quote it: "on"

      warning: YAML reads the key “on” as true
       --> hosts.yml:1:1
        |
      1 | on:
        | ^^
        help: if it is meant as text, quote it: "on"

      1 error, 1 warning
      "
    `));
  test('groups that hold each other', () =>
    expect(
      told('a:\n  children:\n    b:\n      children:\n        a:\n', 'hosts.yml'),
    ).toMatchInlineSnapshot(`
      "
      error: this puts the group “a” under itself: a → b → a
       --> hosts.yml:3:5
        |
      3 |     b:
        |     ^
        note: “a” was put under “b” here
       --> hosts.yml:5:9
        |
      5 |         a:
        |         ^
        help: remove one of these children

      1 error
      "
    `));
  test('a list at the top', () =>
    expect(told('- web1\n', 'hosts.yml')).toMatchInlineSnapshot(`
    "
    error: an inventory must be a mapping of groups
     --> hosts.yml:1:1
      |
    1 | - web1
      | ^^^^^^
      help: write “all:”, below it “hosts:”, and below that each host as a key: “web1:”

    1 error
    "
  `));
  test('the settings of a plugin', () =>
    expect(told('plugin: amazon.aws.aws_ec2\nregions: [x]\n', 'aws_ec2.yml')).toMatchInlineSnapshot(`
      "
      error: this configures an inventory plugin; such plugins are not there
       --> aws_ec2.yml:1:1
        |
      1 | plugin: amazon.aws.aws_ec2
        | ^^^^^^
        help: write its result into a file: ansible-inventory -i FILE --list --yaml --output hosts.yml

      1 error
      "
    `));
  test('that is broken, in a file without an ending', () =>
    expect(told('all:\n  hosts:\n   web1:\n  web2:\n hosts:\n')).toMatchInlineSnapshot(`
      "
      error: this line is indented by 1 space, which fits no line above it (0, 2)
       --> hosts:5:2
        |
      5 |  hosts:
        |  ^^^^^^
        help: give lines that belong together the same indentation

      1 error
      "
    `));
});

describe('files', () => {
  test('that are not there', () =>
    expect(toldOf({ 'hosts.yml': 'all:\n' }, ['hosts.yaml'])).toMatchInlineSnapshot(`
      "
      error: there is no file hosts.yaml
        help: did you mean “hosts.yml”?

      1 error
      "
    `));
  test('in TOML', () =>
    expect(told('[web]\n', 'hosts.toml')).toMatchInlineSnapshot(`
    "
    error: hosts.toml is in TOML, which is not read
      help: convert it: ansible-inventory -i hosts.toml --list --yaml --output hosts.yml

    1 error
    "
  `));
  test('that end in .ini, in a directory', () =>
    expect(toldOf({ 'inv/hosts.ini': 'web1\n', 'inv/more': 'web2\n' }, ['inv'])).toMatchInlineSnapshot(`
      "
      warning: inv/hosts.ini is not read: in a directory, Ansible leaves out files that end in .ini
        help: rename it without the ending, or name it with its own -i

      1 warning
      "
    `));
  test('of variables, for nobody', () =>
    expect(
      toldOf(
        {
          hosts: '[webservers]\nweb01\n',
          'group_vars/webserver.yml': 'a: 1\n',
          'group_vars/other.yml': 'a: 1\n',
          'host_vars/web1': 'a: 1\n',
        },
        ['hosts'],
      ),
    ).toMatchInlineSnapshot(`
      "
      warning: group_vars/webserver.yml is not read: there is no group “webserver”
        help: did you mean “webservers”?

      warning: host_vars/web1 is not read: there is no host “web1”
        help: did you mean “web01”?

      2 warnings
      "
    `));
  test('of variables, one before the other', () =>
    expect(
      toldOf({ hosts: '[web]\nh\n', 'group_vars/web/a.yml': 'a: 1\n', 'group_vars/web.yml': 'a: 2\n' }, [
        'hosts',
      ]),
    ).toMatchInlineSnapshot(`
      "
      warning: group_vars/web.yml is not read: group_vars/web stands before it
        help: keep one of them

      1 warning
      "
    `));
  test('of variables that are no mapping, or broken', () =>
    expect(
      toldOf({ hosts: '[web]\nh\n', 'group_vars/web.yml': '- a: 1\n', 'host_vars/h.yml': 'a: {{ b }}\n' }, [
        'hosts',
      ]),
    ).toMatchInlineSnapshot(`
      "
      error: a file of variables must be a mapping of names to values
       --> group_vars/web.yml:1:1
        |
      1 | - a: 1
        | ^^^^^^
        help: write “name: value”, without a dash before it

      error: a value that begins with a template must be quoted, or YAML takes it for a mapping
       --> host_vars/h.yml:1:4
        |
      1 | a: {{ b }}
        |    ^^^^^^^
        help: write "{{ b }}"

      2 errors
      "
    `));
});

describe('connection variables', () => {
  test('that are misspelt', () =>
    expect(
      toldOf(
        {
          hosts: 'web1 ansible_ssh_hots=10.0.0.1 ansible_prot=22\n[all:vars]\nansible_uesr=root\n',
          'group_vars/all.yml': 'ansible_becom: yes\n',
        },
        ['hosts'],
      ),
    ).toMatchInlineSnapshot(`
      "
      warning: nothing reads “ansible_becom”
       --> group_vars/all.yml:1:1
        |
      1 | ansible_becom: yes
        | ^^^^^^^^^^^^^
        help: did you mean “ansible_become”?

      warning: nothing reads “ansible_ssh_hots”
       --> hosts:1:6
        |
      1 | web1 ansible_ssh_hots=10.0.0.1 ansible_prot=22
        |      ^^^^^^^^^^^^^^^^
        help: did you mean “ansible_ssh_host”?

      warning: nothing reads “ansible_prot”
       --> hosts:1:32
        |
      1 | web1 ansible_ssh_hots=10.0.0.1 ansible_prot=22
        |                                ^^^^^^^^^^^^
        help: did you mean “ansible_port”?

      warning: nothing reads “ansible_uesr”
       --> hosts:3:1
        |
      3 | ansible_uesr=root
        | ^^^^^^^^^^^^
        help: did you mean “ansible_user”?

      4 warnings
      "
    `));
  test('that are right, and facts, are not told', () =>
    expect(
      told(
        'web1 ansible_host=a ansible_port=1 ansible_user=b ansible_hostname=c ansible_distribution=d ansible_ssh_common_args=e ansible_python_interpreter=f my_host=g\n',
      ),
    ).toBe('\n'));
});

describe('executables', () => {
  test('that fail', () =>
    expect(
      told('#!/bin/sh\necho starting >&2\necho no such region >&2\nexit 3\n', 'inv.sh'),
    ).toMatchInlineSnapshot(`
      "
      error: inv.sh --list failed: exit code 3
        note: its last words: no such region
        help: run \`inv.sh --list\` yourself; it must print JSON

      1 error
      "
    `));
  test('that print nothing', () =>
    expect(told('#!/bin/sh\n', 'inv.sh')).toMatchInlineSnapshot(`
    "
    error: inv.sh --list printed nothing; it must print a mapping of groups

    1 error
    "
  `));
  test('that print no JSON', () =>
    expect(told('#!/bin/sh\necho "{a: [1"\n', 'inv.sh')).toMatchInlineSnapshot(`
    "
    error: this “[” is not closed before its lines end
     --> inv.sh --list:1:5
      |
    1 | {a: [1
      |     ^
      help: close it with “]”, and indent all its lines deeper than its key; if it is meant as text, put the value in quotes

    1 error
    "
  `));
  test('that print something else', () =>
    expect(told('#!/bin/sh\necho \'{"a": {"hosts": "h1", "vars": 1}}\'\n', 'inv.sh')).toMatchInlineSnapshot(`
      "
      error: “hosts” of “a” must be a list
       --> inv.sh --list:1:17
        |
      1 | {"a": {"hosts": "h1", "vars": 1}}
        |                 ^^^^

      error: “vars” of “a” must be a mapping
       --> inv.sh --list:1:31
        |
      1 | {"a": {"hosts": "h1", "vars": 1}}
        |                               ^

      2 errors
      "
    `));
  test('that cannot be started', () =>
    expect(told('#!/no/such/interpreter\n', 'inv.sh')).toMatch(
      /^\nerror: inv\.sh --list failed: spawnSync .*ENOENT\n/,
    ));
});

describe('what is encrypted as a whole', () => {
  const files = {
    hosts: '[web]\nh\n',
    'group_vars/web.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
  };
  test('needs a password', () =>
    expect(toldOf(files, ['hosts'])).toMatchInlineSnapshot(`
    "
    error: this file is encrypted with Ansible Vault
     --> group_vars/web.yml:1:1
      |
    1 | $ANSIBLE_VAULT;1.1;AES256
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
      help: give its password

    1 error
    "
  `));
  test('is told not to be decrypted', () => {
    const decrypt = (): string => {
      throw new Error('the password is wrong');
    };
    expect(toldOf(files, ['hosts'], { decrypt })).toMatchInlineSnapshot(`
      "
      error: this file cannot be decrypted: the password is wrong
       --> group_vars/web.yml:1:1
        |
      1 | $ANSIBLE_VAULT;1.1;AES256
        | ^^^^^^^^^^^^^^^^^^^^^^^^^

      1 error
      "
    `);
  });
  test('is told to be wrong without a word of it', () => {
    const shown = toldOf(files, ['hosts'], { decrypt: () => 'a: 1\nb: "hunter2\n' });
    expect(shown).not.toContain('hunter2');
    expect(shown).toMatchInlineSnapshot(`
      "
      error: the YAML in this encrypted file is not right in line 2
       --> group_vars/web.yml:1:1
        |
      1 | $ANSIBLE_VAULT;1.1;AES256
        | ^^^^^^^^^^^^^^^^^^^^^^^^^

      1 error
      "
    `);
  });
});
