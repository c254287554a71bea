import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../engine/source/diagnostic.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';
import { parseYaml } from '../../engine/source/yaml.ts';

function told(text: string): string {
  const diagnostics = new Diagnostics();
  parseYaml({ name: 'x.yml', text }, diagnostics);
  return `\n${renderDiagnostics(diagnostics.all, { color: false })}`;
}

describe('an unquoted template is told to be quoted', () => {
  test('as a whole value', () =>
    expect(told('- name: x\n  apt: {{ y }}\n')).toMatchInlineSnapshot(`
    "
    error: a value that begins with a template must be quoted, or YAML takes it for a mapping
     --> x.yml:2:8
      |
    2 |   apt: {{ y }}
      |        ^^^^^^^
      help: write "{{ y }}"

    1 error
    "
  `));
  test('with text behind it', () =>
    expect(told('path: {{ x }}/y # there\nb: 2\n')).toMatchInlineSnapshot(`
    "
    error: a value that begins with a template must be quoted, or YAML takes it for a mapping
     --> x.yml:1:7
      |
    1 | path: {{ x }}/y # there
      |       ^^^^^^^
      help: write "{{ x }}/y"

    1 error
    "
  `));
  test('with quotes and a colon in it', () =>
    expect(told(`a: {{ x | default("q: z") }}\nb: 'c' d\n`)).toMatchInlineSnapshot(`
      "
      error: a value that begins with a template must be quoted, or YAML takes it for a mapping
       --> x.yml:1:4
        |
      1 | a: {{ x | default("q: z") }}
        |    ^^^^^^^^^^^^^^^^^^^^^^^^^
        help: write '{{ x | default("q: z") }}'

      error: text follows the closing quote: YAML takes the quoted part for the whole value
       --> x.yml:2:8
        |
      2 | b: 'c' d
        |        ^
        help: quote all of it: "'c' d"

      2 errors
      "
    `));
  test('inside of brackets', () =>
    expect(told('a: [{{ x }}, {b: {{ y }}}]\n')).toMatchInlineSnapshot(`
    "
    error: a value that begins with a template must be quoted, or YAML takes it for a mapping
     --> x.yml:1:5
      |
    1 | a: [{{ x }}, {b: {{ y }}}]
      |     ^^^^^^^
      help: write "{{ x }}"

    error: a value that begins with a template must be quoted, or YAML takes it for a mapping
     --> x.yml:1:18
      |
    1 | a: [{{ x }}, {b: {{ y }}}]
      |                  ^^^^^^^
      help: write "{{ y }}"

    2 errors
    "
  `));
  test('as a key', () =>
    expect(told('{{ x }}: 1\n')).toMatchInlineSnapshot(`
    "
    error: a value that begins with a template must be quoted, or YAML takes it for a mapping
     --> x.yml:1:1
      |
    1 | {{ x }}: 1
      | ^^^^^^^
      help: write "{{ x }}"

    1 error
    "
  `));
  test('as a statement', () =>
    expect(told('a: {% if x %}y{% endif %}\n')).toMatchInlineSnapshot(`
    "
    error: a value that begins with a template must be quoted, or YAML takes it for a mapping
     --> x.yml:1:4
      |
    1 | a: {% if x %}y{% endif %}
      |    ^^^^^^^^^^^^^^^^^^^^^^
      help: write "{% if x %}y{% endif %}"

    1 error
    "
  `));
  test('over several lines', () =>
    expect(told('a: {{ x |\n  y }}\n')).toMatchInlineSnapshot(`
    "
    error: a value that begins with a template must be quoted, or YAML takes it for a mapping
     --> x.yml:1:4
      |
    1 | a: {{ x |
      |    ^^^^^^
      help: put the whole value, to its last line, in quotes

    1 error
    "
  `));
});

describe('quotes', () => {
  test('never closed, at the end', () =>
    expect(told('a: 1\nb: "x\nc: y\n')).toMatchInlineSnapshot(`
    "
    error: this quote is never closed
     --> x.yml:2:4
      |
    2 | b: "x
      |    ^
      help: close the text with "

    1 error
    "
  `));
  test('never closed, with quotes further down', () =>
    expect(told('- name: "foo\n  when: x == "a"\n- name: "b"\n')).toMatchInlineSnapshot(`
      "
      error: this quote is never closed
       --> x.yml:1:9
        |
      1 | - name: "foo
        |         ^
        help: close the text with "

      1 error
      "
    `));
  test('that end before the value does', () =>
    expect(told(`when: 'a' == 'b'\n`)).toMatchInlineSnapshot(`
    "
    error: text follows the closing quote: YAML takes the quoted part for the whole value
     --> x.yml:1:11
      |
    1 | when: 'a' == 'b'
      |           ^^^^^^
      help: quote all of it: "'a' == 'b'"

    1 error
    "
  `));
  test('of both kinds', () =>
    expect(told(`- msg: "a" is 'b'\n`)).toMatchInlineSnapshot(`
    "
    error: text follows the closing quote: YAML takes the quoted part for the whole value
     --> x.yml:1:12
      |
    1 | - msg: "a" is 'b'
      |            ^^^^^^
      help: quote all of it: "\\"a\\" is 'b'"

    1 error
    "
  `));
  test('with an apostrophe', () =>
    expect(told(`a: 'it's'\n`)).toMatchInlineSnapshot(`
    "
    error: text follows the closing quote: YAML takes the quoted part for the whole value
     --> x.yml:1:8
      |
    1 | a: 'it's'
      |        ^^
      help: quote all of it: "it's"

    1 error
    "
  `));
  test('with a backslash', () =>
    expect(told('a: "\\d+"\n')).toMatchInlineSnapshot(`
    "
    error: “\\d” is no escape in double quotes
     --> x.yml:1:5
      |
    1 | a: "\\d+"
      |     ^^
      help: write “\\\\d”, or use single quotes, in which a backslash stands for itself

    1 error
    "
  `));
});

describe('indentation', () => {
  test('by a tab', () =>
    expect(told('a:\n\tb: 1\n')).toMatchInlineSnapshot(`
    "
    error: a tab is used to indent; YAML takes only spaces
     --> x.yml:2:1
      |
    2 |     b: 1
      | ^^^^
      help: replace the tab by spaces, and let your editor do so for .yml files

    1 error
    "
  `));
  test('that fits no line above', () =>
    expect(told('a:\n  b: 1\n c: 2\n')).toMatchInlineSnapshot(`
    "
    error: this line is indented by 1 space, which fits no line above it (0, 2)
     --> x.yml:3:2
      |
    3 |  c: 2
      |  ^^^^
      help: give lines that belong together the same indentation

    1 error
    "
  `));
  test('of a list item', () =>
    expect(told('- tasks:\n  - name: x\n    apt: y\n   - name: z\n')).toMatchInlineSnapshot(`
      "
      error: this line is indented by 3 spaces, which fits no line above it (0, 2, 4)
       --> x.yml:4:4
        |
      4 |    - name: z
        |    ^^^^^^^^^
        help: give lines that belong together the same indentation

      1 error
      "
    `));
  test('under a key that has a value', () =>
    expect(told('a: x\n  b: y\n')).toMatchInlineSnapshot(`
    "
    error: this line is indented under a key that already has a value
     --> x.yml:2:3
      |
    2 |   b: y
      |   ^^^^
      note: the value
     --> x.yml:1:4
      |
    1 | a: x
      |    ^
      help: indent it like the line above, or remove that value

    1 error
    "
  `));
  test('of a key among list items', () =>
    expect(told('x:\n  - a\n  b: 1\n')).toMatchInlineSnapshot(`
    "
    error: a key stands among the items of a list
     --> x.yml:3:3
      |
    3 |   b: 1
      |   ^^^^
      note: it has the indentation of this line
     --> x.yml:2:3
      |
    2 |   - a
      |   ^^^
      help: indent it like the lines that it belongs to

    1 error
    "
  `));
  test('of a list item among keys', () =>
    expect(told('x:\n  a: 1\n  - b\n')).toMatchInlineSnapshot(`
    "
    error: a list item stands among the keys of a mapping
     --> x.yml:3:3
      |
    3 |   - b
      |   ^^^
      note: it has the indentation of this line
     --> x.yml:2:3
      |
    2 |   a: 1
      |   ^^^^
      help: indent it like the lines that it belongs to

    1 error
    "
  `));
});

describe('keys and values', () => {
  test('a second colon', () =>
    expect(told('- name: do this: now\n- name: and: that\n')).toMatchInlineSnapshot(`
    "
    error: a second “: ” in one line: YAML takes what stands before it for another key
     --> x.yml:1:16
      |
    1 | - name: do this: now
      |                ^
      help: if it is one text, quote it: "do this: now"

    error: a second “: ” in one line: YAML takes what stands before it for another key
     --> x.yml:2:12
      |
    2 | - name: and: that
      |            ^
      help: if it is one text, quote it: "and: that"

    2 errors
    "
  `));
  test('no space behind the colon', () =>
    expect(told('a:b\nc: d\n')).toMatchInlineSnapshot(`
    "
    error: a space is missing behind the colon
     --> x.yml:1:1
      |
    1 | a:b
      | ^^^
      help: write “a: b”

    1 error
    "
  `));
  test('no colon', () =>
    expect(told('a: 1\nfoo\n')).toMatchInlineSnapshot(`
    "
    error: this is neither “key: value” nor a list item
     --> x.yml:2:1
      |
    2 | foo
      | ^^^
      help: add the colon; or, if it goes on with the value above, quote that value or indent this line deeper

    1 error
    "
  `));
  test('a list on the line of its key', () =>
    expect(told('a: - b\n')).toMatchInlineSnapshot(`
    "
    error: a list cannot begin on the line of its key
     --> x.yml:1:4
      |
    1 | a: - b
      |    ^
      help: put each “- item” on a line of its own below; if it is meant as text, put the value in quotes

    1 error
    "
  `));
  test('a key twice', () =>
    expect(told('a: 1\nb: 2\na: 3\n')).toMatchInlineSnapshot(`
    "
    error: the key “a” stands here a second time
     --> x.yml:3:1
      |
    3 | a: 3
      | ^
      note: it stands here first
     --> x.yml:1:1
      |
    1 | a: 1
      | ^
      help: remove one of them; YAML would silently take the second

    1 error
    "
  `));
  test('a list as a key', () =>
    expect(told('[a, b]: c\n')).toMatchInlineSnapshot(`
    "
    error: a key must be a single value, not a list or mapping
     --> x.yml:1:1
      |
    1 | [a, b]: c
      | ^^^^^^

    1 error
    "
  `));
  for (const start of ['@', '`', '%'])
    test(`beginning with ${start}`, () =>
      expect(told(`a: ${start}x y\n`)).toBe(`
error: a value cannot begin with “${start}” unless it is quoted
 --> x.yml:1:4
  |
1 | a: ${start}x y
  |    ^
  help: write "${start}x y"

1 error
`));
  test('a wildcard', () =>
    expect(told('files: *.conf\n')).toMatchInlineSnapshot(`
    "
    error: there is no anchor “&.conf” above
     --> x.yml:1:8
      |
    1 | files: *.conf
      |        ^^^^^^
      help: if it is meant as text, quote it: "*.conf"

    1 error
    "
  `));
  test('a header of a block with text', () =>
    expect(told('a: |x\n  y\n')).toMatchInlineSnapshot(`
    "
    error: behind “|” or “>” only an indentation digit and “+” or “-” may stand
     --> x.yml:1:5
      |
    1 | a: |x
      |     ^
      help: begin the text on the next line; if “|” or “>” is part of the text, put the value in quotes

    1 error
    "
  `));
  test('a second document', () =>
    expect(told('a: 1\n---\nb: 2\n')).toMatchInlineSnapshot(`
    "
    error: a second document begins here; a file holds one
     --> x.yml:2:1
      |
    2 | ---
      | ^^^
      help: move what follows to a file of its own

    1 error
    "
  `));
  test('a control character', () =>
    expect(told('a: x\u001b[31my\n')).toMatchInlineSnapshot(`
    "
    error: the control character U+001B cannot stand in YAML
     --> x.yml:1:5
      |
    1 | a: x·[31my
      |     ^
      help: remove it, or write it as an escape in double quotes: "\\u001B"

    1 error
    "
  `));
  test('a lone carriage return', () =>
    expect(told('a: 1\rb: 2\n')).toMatchInlineSnapshot(`
    "
    error: a carriage return without a line feed cannot stand in YAML
     --> x.yml:1:5
      |
    1 | a: 1·b: 2
      |     ^
      help: save the file with Unix line ends

    1 error
    "
  `));
});

describe('brackets', () => {
  test('never closed', () =>
    expect(told('a: [1, 2\nb: 3\nc: 4\n')).toMatchInlineSnapshot(`
    "
    error: this “[” is not closed before its lines end
     --> x.yml:1:4
      |
    1 | a: [1, 2
      |    ^
      help: close it with “]”, and indent all its lines deeper than its key; if it is meant as text, put the value in quotes

    1 error
    "
  `));
  test('never opened', () =>
    expect(told('a: ]\n')).toMatchInlineSnapshot(`
    "
    error: this “]” closes nothing
     --> x.yml:1:4
      |
    1 | a: ]
      |    ^
      help: if it is meant as text, put the value in quotes

    1 error
    "
  `));
  test('with text behind them', () =>
    expect(told('key: [a, b], c\n')).toMatchInlineSnapshot(`
    "
    error: text follows the closing “]”
     --> x.yml:1:12
      |
    1 | key: [a, b], c
      |            ^^^
      help: if all of it is one text, quote it: "[a, b], c"

    1 error
    "
  `));
  test('with a comma too many', () =>
    expect(told('a: [1,, 2]\n')).toMatchInlineSnapshot(`
    "
    error: a comma without an item before it
     --> x.yml:1:7
      |
    1 | a: [1,, 2]
      |       ^

    1 error
    "
  `));
  test('nested too deeply', () =>
    expect(told(`a: ${'['.repeat(200)}${']'.repeat(200)}\n`)).toMatchInlineSnapshot(`
    "
    error: this is nested more than 100 levels deep
     --> x.yml:1:104
      |
    1 | …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…
      |                                          ^

    1 error
    "
  `));
  test('nested beyond all measure', () =>
    expect(told('[{a: '.repeat(20_000))).toContain('nested too deeply'));
});

describe('anchors, aliases, tags', () => {
  test('an unknown alias', () =>
    expect(told('a: &base {b: 1}\nc: *bse\n')).toMatchInlineSnapshot(`
    "
    error: there is no anchor “&bse” above
     --> x.yml:2:4
      |
    2 | c: *bse
      |    ^^^^
      help: did you mean “base”?

    1 error
    "
  `));
  test('an alias within its anchor', () =>
    expect(told('a: &a\n  - *a\n')).toMatchInlineSnapshot(`
    "
    error: “*a” stands inside of what it stands for
     --> x.yml:2:5
      |
    2 |   - *a
      |     ^^

    1 error
    "
  `));
  test('an alias without a name', () =>
    expect(told('a: &\n')).toMatchInlineSnapshot(`
    "
    error: “&” must be followed by a name
     --> x.yml:1:4
      |
    1 | a: &
      |    ^
      help: if it is meant as text, put the value in quotes

    1 error
    "
  `));
  test('a merge of a text', () =>
    expect(told('<<: x\na: 1\n')).toMatchInlineSnapshot(`
    "
    error: only mappings can be merged by “<<”
     --> x.yml:1:5
      |
    1 | <<: x
      |     ^
      help: write an alias of a mapping (<<: *name) or a list of such aliases

    1 error
    "
  `));
  test('an unknown tag', () =>
    expect(told('a: !valt x\n')).toMatchInlineSnapshot(`
    "
    error: the tag !valt is not known
     --> x.yml:1:4
      |
    1 | a: !valt x
      |    ^^^^^
      help: did you mean “!vault”?

    1 error
    "
  `));
  test('a tag that does not fit', () =>
    expect(told('a: !!int x\n')).toMatchInlineSnapshot(`
    "
    error: “x” does not fit its tag !!int
     --> x.yml:1:10
      |
    1 | a: !!int x
      |          ^

    1 error
    "
  `));
  test('aliases of aliases of aliases', () => {
    const level = (name: string, of: string): string =>
      `${name}: &${name} [${Array(10).fill(of).join(', ')}]\n`;
    const bomb =
      level('a', 'x') +
      level('b', '*a') +
      level('c', '*b') +
      level('d', '*c') +
      level('e', '*d') +
      level('f', '*e');
    expect(told(bomb)).toMatchInlineSnapshot(`
      "
      error: aliases stand for more than 100000 values
       --> x.yml:5:36
        |
      5 | e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
        |                                    ^^
        help: aliases of aliases multiply; keep such data in variables

      1 error
      "
    `);
  });
  test('merges of merges of merges', () => {
    const level = (name: string, of: string): string =>
      `${name}: &${name} {${[1, 2, 3, 4, 5, 6, 7].map(key => `${name}${key}: {<<: *${of}}`).join(', ')}}\n`;
    const names = 'abcdefgh'.split('');
    const bomb = `z: &z {y: 1}\n${names.map((name, at) => level(name, names[at - 1] ?? 'z')).join('')}`;
    expect(told(bomb)).toContain('aliases stand for more than 100000 values');
  });
});

describe('what YAML 1.1 reads otherwise than meant is warned of', () => {
  test('words as keys', () =>
    expect(told('on: x\n')).toMatchInlineSnapshot(`
    "
    warning: YAML reads the key “on” as true
     --> x.yml:1:1
      |
    1 | on: x
      | ^^
      help: if it is meant as text, quote it: "on"

    1 warning
    "
  `));
  test('a word in a list of texts', () =>
    expect(told('countries: [de, no, se]\n')).toMatchInlineSnapshot(`
    "
    warning: YAML reads “no” as false
     --> x.yml:1:17
      |
    1 | countries: [de, no, se]
      |                 ^^
      help: if it is meant as text, quote it: "no"

    1 warning
    "
  `));
  test('a word in another list of texts', () =>
    expect(told('x: [de, no, se]\n')).toMatchInlineSnapshot(`
    "
    warning: YAML reads “no” in this list of texts as false
     --> x.yml:1:9
      |
    1 | x: [de, no, se]
      |         ^^
      help: if it is meant as text, quote it: "no"

    1 warning
    "
  `));
  test('a country', () =>
    expect(told('country: no\n')).toMatchInlineSnapshot(`
    "
    warning: YAML reads “no” as false
     --> x.yml:1:10
      |
    1 | country: no
      |          ^^
      help: if it is meant as text, quote it: "no"

    1 warning
    "
  `));
  test('ports', () =>
    expect(told('ports:\n  - 22:22\n  - 8080:80\n')).toMatchInlineSnapshot(`
    "
    warning: YAML reads “22:22” as a number to the base of 60: 1342
     --> x.yml:2:5
      |
    2 |   - 22:22
      |     ^^^^^
      help: if it is meant as text, quote it: "22:22"

    1 warning
    "
  `));
  test('a version', () =>
    expect(told('python_version: 3.10\n')).toMatchInlineSnapshot(`
    "
    warning: YAML reads “3.10” as the number 3.1
     --> x.yml:1:17
      |
    1 | python_version: 3.10
      |                 ^^^^
      help: if it is meant as text, quote it: "3.10"

    1 warning
    "
  `));
  test('a mode', () =>
    expect(told('mode: 644\n')).toMatchInlineSnapshot(`
    "
    warning: the mode 644 is a decimal number here, which is 1204 in octal
     --> x.yml:1:7
      |
    1 | mode: 644
      |       ^^^
      help: write "0644"

    1 warning
    "
  `));
});

describe('what Ansible users write every day is not warned of', () => {
  const fine = [
    'become: yes\ngather_facts: no\n',
    'loop: [yes, no]\n',
    'when: [yes]\n',
    'mode: 0644\n',
    'mode: "644"\n',
    'mode: u=rw\n',
    'umask: 022\n',
    'version: 1.5\nother: 1.50\n',
    'version: 3.0\n',
    'y: 1\nn: 2\n',
    'true: 1\n',
    'state: present\nenabled: on\n',
    'time: "10:30"\nmac: aa:bb:cc\nimage: host:5000/x\n',
    'list: [a, true, b]\n',
    'date: 2001-01-01\n',
  ];
  for (const text of fine) test(JSON.stringify(text), () => expect(told(text)).toBe('\n'));
});
