import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../engine/source/diagnostic.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';
import { validateNode, validateValue } from '../../engine/source/schema.ts';
import { parseYaml } from '../../engine/source/yaml.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'state'],
  $defs: { port: { type: 'integer', minimum: 1, maximum: 65535 } },
  properties: {
    name: { type: 'string', minLength: 1 },
    password: { type: 'string', secret: true, pattern: '^.{8}' },
    state: { enum: ['present', 'absent', 'latest'] },
    become: { type: 'boolean' },
    port: { $ref: '#/$defs/port' },
    when: { anyOf: [{ type: 'string' }, { type: 'boolean' }, { type: 'array', items: { type: 'string' } }] },
    from: {
      anyOf: [
        { type: 'string' },
        {
          type: 'object',
          required: ['host'],
          additionalProperties: false,
          properties: { host: { type: 'string' }, path: { type: 'string' } },
        },
      ],
    },
    numbers: { type: 'array', items: { type: 'integer' }, minItems: 1, uniqueItems: true },
    note: { type: ['string', 'null'] },
    'a/b~c': { type: 'object', additionalProperties: { type: 'integer' } },
  },
} as const;

function check(yaml: string): string {
  const diagnostics = new Diagnostics();
  const node = parseYaml({ name: 'x.yml', text: `name: n\nstate: absent\n${yaml}\n` }, diagnostics);
  if (node === undefined) throw new Error('no node');
  const isTemplate = (value: unknown): boolean => typeof value === 'string' && value.includes('{{');
  const fits = validateNode(
    node,
    schema,
    { what: 'a task', skip: part => part.kind === 'scalar' && isTemplate(part.value) },
    diagnostics,
  );
  expect(fits).toBe(!diagnostics.hasErrors);
  return renderDiagnostics(diagnostics.all, { color: false });
}

describe('a node that fits its schema', () => {
  const fitting = [
    '',
    'become: yes',
    'port: 80',
    'when: a',
    'when: [a, b]',
    'from: {host: a}',
    'from: a',
    'numbers: [1, 2]',
    'note:',
    'a/b~c: {x: 1}',
  ];
  const templates = [
    'become: "{{ x }}"',
    'port: "{{ x }}"',
    'from: {host: "{{ x }}"}',
    'numbers: "{{ x }}"',
    'numbers: ["{{ x }}", 1]',
    'when: ["{{ x }}"]',
  ];
  for (const yaml of [...fitting, ...templates]) test(`is fine: ${yaml}`, () => expect(check(yaml)).toBe(''));
});

describe('a mistake is drawn where it stands', () => {
  test('an unknown key, close to a known one', () =>
    expect(check('becom: yes')).toMatchInlineSnapshot(`
    "error: a task has no “becom”
     --> x.yml:3:1
      |
    3 | becom: yes
      | ^^^^^
      help: did you mean “become”?

    1 error
    "
  `));
  test('an unknown key, close to none', () =>
    expect(check('zzz: yes')).toMatchInlineSnapshot(`
    "error: a task has no “zzz”
     --> x.yml:3:1
      |
    3 | zzz: yes
      | ^^^
      help: it takes “name”, “password”, “state”, “become”, “port”, “when”, “from”, “numbers”, “note”, “a/b~c”

    1 error
    "
  `));
  test('a value of a wrong type', () =>
    expect(check('become: maybe')).toMatchInlineSnapshot(`
    "error: “become” must be true or false, not the text “maybe”
     --> x.yml:3:9
      |
    3 | become: maybe
      |         ^^^^^

    1 error
    "
  `));
  test('no value', () =>
    expect(check('become:')).toMatchInlineSnapshot(`
    "error: “become” must be true or false, but nothing stands there
     --> x.yml:3:1
      |
    3 | become:
      | ^^^^^^

    1 error
    "
  `));
  test('a word that is none of those that are allowed', () => {
    const diagnostics = new Diagnostics();
    const node = parseYaml({ name: 'x.yml', text: 'name: n\nstate: presnt\n' }, diagnostics);
    if (node) validateNode(node, schema, { what: 'a task' }, diagnostics);
    expect(renderDiagnostics(diagnostics.all, { color: false })).toMatchInlineSnapshot(`
      "error: “state” must be “present”, “absent” or “latest”, not the text “presnt”
       --> x.yml:2:8
        |
      2 | state: presnt
        |        ^^^^^^
        help: did you mean “present”?

      1 error
      "
    `);
  });
  test('a number out of bounds', () =>
    expect(check('port: 70000')).toMatchInlineSnapshot(`
    "error: “port” must be 65535 or less, not the number 70000
     --> x.yml:3:7
      |
    3 | port: 70000
      |       ^^^^^

    1 error
    "
  `));
  test('a value that fits no alternative', () =>
    expect(check('when: 3')).toMatchInlineSnapshot(`
    "error: “when” must be a text, true or false, or a list of texts, not the number 3
     --> x.yml:3:7
      |
    3 | when: 3
      |       ^

    1 error
    "
  `));
  test('a mistake within the alternative that was meant', () =>
    expect(check('from: {hots: a}')).toMatchInlineSnapshot(`
      "error: “from” has no “hots”
       --> x.yml:3:8
        |
      3 | from: {hots: a}
        |        ^^^^
        help: did you mean “host”?

      1 error
      "
    `));
  test('a mistake in a list, in an alternative', () =>
    expect(check('when: [a, 1]')).toMatchInlineSnapshot(`
    "error: item 2 of “when” must be a text, not the number 1
     --> x.yml:3:11
      |
    3 | when: [a, 1]
      |           ^

    1 error
    "
  `));
  test('items of a list', () =>
    expect(check('numbers: [1, x, 1]')).toMatchInlineSnapshot(`
    "error: “numbers” must not hold the same item twice
     --> x.yml:3:10
      |
    3 | numbers: [1, x, 1]
      |          ^^^^^^^^^

    error: item 2 of “numbers” must be a whole number, not the text “x”
     --> x.yml:3:14
      |
    3 | numbers: [1, x, 1]
      |              ^

    2 errors
    "
  `));
  test('an empty list', () =>
    expect(check('numbers: []')).toMatchInlineSnapshot(`
    "error: “numbers” must not be empty
     --> x.yml:3:10
      |
    3 | numbers: []
      |          ^^

    1 error
    "
  `));
  test('one of several types', () =>
    expect(check('note: {}')).toMatchInlineSnapshot(`
    "error: “note” must be a text or nothing, not a mapping
     --> x.yml:3:7
      |
    3 | note: {}
      |       ^^

    1 error
    "
  `));
  test('a key with the characters of a JSON pointer', () =>
    expect(check('a/b~c: {x: y}')).toMatchInlineSnapshot(`
    "error: “x” must be a whole number, not the text “y”
     --> x.yml:3:12
      |
    3 | a/b~c: {x: y}
      |            ^

    1 error
    "
  `));
  test('a value that may be secret is not told', () =>
    expect(check('password: short')).not.toContain('not the text'));
  test('something else than a mapping, and a missing key', () => {
    const diagnostics = new Diagnostics();
    for (const text of ['[a]', 'name: x'])
      validateNode(
        parseYaml({ name: `${text}.yml`, text }, diagnostics) ?? never(),
        schema,
        { what: 'a task' },
        diagnostics,
      );
    expect(renderDiagnostics(diagnostics.all, { color: false })).toMatchInlineSnapshot(`
      "error: a task must be a mapping, not a list
       --> [a].yml:1:1
        |
      1 | [a]
        | ^^^

      error: a task needs “state”
       --> name: x.yml:1:1
        |
      1 | name: x
        | ^^^^^^^

      2 errors
      "
    `);
  });
});

describe('a computed value', () => {
  class Later {}
  const skip = (value: unknown): boolean => value instanceof Later;

  test('may hold parts that are not known yet', () => {
    const value = { name: new Later(), state: new Later(), when: [new Later()], numbers: [new Later(), 1] };
    expect(validateValue(value, schema, { what: 'the task', skip })).toEqual([]);
  });

  test('may be a Map', () => {
    expect(validateValue(new Map([['name', 'x']]), schema, { what: 'the task' })).toEqual([
      { path: [], kind: 'missing-key', key: 'state', message: 'the task needs “state”' },
    ]);
  });

  test('gives the way to each mistake', () => {
    const value = { name: '', state: 'absent', numbers: [1, new Later(), 'x'], constructor: 1 };
    expect(validateValue(value, schema, { what: 'the task', skip })).toEqual([
      {
        path: [],
        kind: 'unknown-key',
        key: 'constructor',
        message: 'the task has no “constructor”',
        hint: 'it takes “name”, “password”, “state”, “become”, “port”, “when”, “from”, “numbers”, “note”, “a/b~c”',
      },
      { path: ['name'], kind: 'bad-value', message: '“name” must not be empty' },
      {
        path: ['numbers', 2],
        kind: 'wrong-type',
        message: 'item 3 of “numbers” must be a whole number, not the text “x”',
      },
    ]);
  });
});

function never(): never {
  throw new Error('no node');
}
