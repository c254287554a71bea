import { describe, expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import { Unknown } from '../../engine/kit/unknown.ts';
import {
  ansible,
  calls,
  evaluate,
  Float,
  fromPlain,
  hasTemplate,
  parseExpression,
  parseTemplate,
  references,
  render,
  toPlain,
  truthy,
  Undefined,
  type Value,
  withLookups,
} from '../../engine/template/index.ts';
import { scopeOf } from './scope.ts';

const unknown = new Unknown('install');
const variables = { u: unknown, s: new Secret('hush'), n: 5, l: [new Secret('hush'), 1], t: true, f: false };

function value(expression: string): Value {
  return evaluate(parseExpression(expression), scopeOf(variables));
}

describe('unknown values', () => {
  test.each([
    'u',
    'u + 1',
    'u ~ 1',
    'not u',
    'u == 1',
    'u in [1]',
    '1 in u',
    'u.a',
    'u[0]',
    'u()',
    'u | upper',
    'u is string',
    'u and t',
    't and u',
    'u or f',
    '1 if u else 2',
    '[u] | join',
    '[1, u] | sum',
    '[u, 1] == [u, 1]',
    '{u: 1}',
    'u is defined and u > 1',
    'u.a is defined',
    'u.a | default(1)',
    "'%s' % u",
    'range(u)',
    '[3, u] | sort',
    "u or 'x'",
    'u and nope.x',
  ])('%s is unknown', expression => {
    expect(value(expression)).toBeInstanceOf(Unknown);
    expect(value(expression)).toMatchObject({ until: 'install' });
  });

  test.each<[string, Value]>([
    ['f and u', false],
    ['u and f', false],
    ['t or u', true],
    ['u or t', true],
    ['u is defined', true],
    ['u is undefined', false],
    ['[u] | length', 1],
    ['[u, 1][1]', 1],
    ['[u] is defined', true],
    ["{'a': u} | list", ['a']],
    ["'x' if t else u", 'x'],
    ['nope | default(1) if t or u else 3', 1],
  ])('%s is known', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  test.each([
    '{{ u }} b',
    '{% if u %}a{% endif %}',
    '{% for x in u %}{% endfor %}b',
    '{% for x in [u] %}{{ x }}{% endfor %}',
    '{% set x = u %}{{ x }}!',
    '{% macro m() %}{{ u }}{% endmacro %}{{ m() }}!',
    '{% filter upper %}{{ u }}{% endfilter %}',
  ])('the text of %s is unknown', text => {
    expect(render(parseTemplate(text), scopeOf(variables))).toBeInstanceOf(Unknown);
  });

  test.each([
    '{% if t or u %}a{% endif %}',
    '{% set x = u %}a',
    '{% for x in [u] %}a{% endfor %}',
    "{{ 'a' if t else u }}",
  ])('the text of %s is known', text => {
    expect(render(parseTemplate(text), scopeOf(variables))).toBe('a');
  });
});

describe('secret values', () => {
  test.each([
    's',
    "s ~ 'x'",
    's | upper',
    's == 1',
    's | length',
    's[0]',
    's.upper()',
    'not s',
    "'a' if s else 'b'",
    's is string',
    '[s] | join',
    'l | first',
    'l[0]',
    's and 1',
    '{s: 1} | list | first',
    "'%s' % s",
    "'{}'.format(s)",
    "s | default('x')",
    "s | default('x', true)",
    's | type_debug',
    "l | map('upper') | first",
    '[s] | to_json',
    's | hash',
  ])('%s is secret', expression => {
    expect(value(expression)).toBeInstanceOf(Secret);
  });

  test.each([
    '[s]',
    "{'a': s}",
    'l',
    'l | length',
    's is defined',
    'nope | default(1)',
    'l[1]',
    'l[1:]',
    "{'a': s} | list",
    't or s',
  ])('%s is not secret, whatever it may hold', expression => {
    expect(value(expression)).not.toBeInstanceOf(Secret);
    expect(JSON.stringify(toPlain(value(expression)))).not.toContain('hush');
  });

  test.each([
    '{{ s }}',
    'a{{ s }}b',
    '{% if s %}a{% endif %}',
    '{% for c in s %}{% endfor %}',
    '{{ l }}',
    '{% set x = s %}{{ x }}',
    '{% macro m(x) %}{{ x }}{% endmacro %}{{ m(s) }}',
    '{% set x %}{{ s }}{% endset %}{{ x }}',
    '{% set ns = namespace(x=0) %}{% macro m() %}{% if s %}{% set ns.x = 1 %}{% endif %}{% endmacro %}{% set _ = m() %}{{ ns.x }}',
  ])('the text of %s is secret', text => {
    expect(render(parseTemplate(text), scopeOf(variables))).toBeInstanceOf(Secret);
  });

  test('the secret’s value is what Python would give', () => {
    const result = render(parseTemplate('user:{{ s | upper }}'), scopeOf(variables));
    expect(result instanceof Secret && result.reveal()).toBe('user:HUSH');
  });
});

describe('values', () => {
  test('a template that is one expression gives its value', () => {
    expect(evaluate(parseTemplate('{{ [1, 2.0] }}'), scopeOf())).toEqual([1, new Float(2)]);
    expect(evaluate(parseTemplate('{% set x = 1 %}{{ x }}'), scopeOf())).toBe(1);
    expect(evaluate(parseTemplate('{{ 1 }}{{ 2 }}'), scopeOf())).toBe('12');
    expect(evaluate(parseTemplate(' {{ 1 }}'), scopeOf())).toBe(' 1');
    expect(evaluate(parseTemplate('{{ none }}'), scopeOf())).toBe(null);
    expect(evaluate(parseTemplate('{{ nope }}'), scopeOf())).toBeInstanceOf(Undefined);
  });

  test('the truth of a value', () => {
    expect([0, 1, '', 'x', null, [], [0]].map(one => truthy(fromPlain(one)))).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
    expect(truthy(unknown)).toBe(unknown);
    expect(truthy(new Secret('x'))).toBe(true);
  });

  test('filters and tests may be named in Ansible’s long form', () => {
    expect(value("[1, [2]] | ansible.builtin.flatten == [1, 2] and 'ab' is ansible.builtin.match('a')")).toBe(
      true,
    );
    expect(value("['a'] | map('ansible.builtin.b64encode') | first")).toBe('YQ==');
    expect(() => value('1 | ansible.builtin.flattn')).toThrow('there is no filter “ansible.builtin.flattn”');
  });

  test('a cheap test for templates', () => {
    expect(['a', '{', '{{ x }}', '{% x', '{#'].map(hasTemplate)).toEqual([false, false, true, true, true]);
  });
});

describe('static checks', () => {
  const named = (text: string): string[] =>
    references(parseTemplate(text)).map(one => (one.guarded ? `(${one.name})` : one.name));

  test.each<[string, string[]]>([
    ['{{ a.b[c] }}', ['a', 'c']],
    ['{{ a | default(b) }}', ['(a)', 'b']],
    ['{{ a.b.c | d }}', ['(a)']],
    ['{{ a is defined }}', ['(a)']],
    ['{{ a is defined and a.x == b }}', ['(a)', '(a)', 'b']],
    ['{{ a is not defined or a }}', ['(a)', '(a)']],
    ['{{ a if a is defined else b }}', ['(a)', '(a)', 'b']],
    ['{% if a is defined %}{{ a }}{% else %}{{ b }}{% endif %}{{ a }}', ['(a)', '(a)', 'b', 'a']],
    ['{% if a is undefined %}x{% else %}{{ a }}{% endif %}', ['(a)', '(a)']],
    ['{% set a = b %}{{ a }}', ['b']],
    ['{% for x in xs if x.y == z %}{{ x }}{{ loop.index }}{{ w }}{% endfor %}{{ x }}', ['xs', 'z', 'w', 'x']],
    ['{% macro m(p, q=r) %}{{ p }}{{ varargs }}{{ g }}{% endmacro %}{{ m(h) }}', ['r', 'g', 'h']],
    ['{% with v = w %}{{ v }}{% endwith %}', ['w']],
    ["{% from 'f' import g %}{{ g(h) }}", ['h']],
    ['{% filter indent(w) %}{{ t }}{% endfilter %}', ['w', 't']],
  ])('the variables of %s', (text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  test('filters, tests, lookups and functions', () => {
    const found = calls(
      parseExpression(
        "lookup('env', 'HOME', default='x') | replace('a', 'b') is match(p, *more) and range(3)",
      ),
    );
    const brief = (
      uses: readonly {
        readonly name: string;
        readonly positional: number;
        readonly named: readonly string[];
        readonly open: boolean;
      }[],
    ) => uses.map(({ name, positional, named: names, open }) => [name, positional, names, open]);
    expect(brief(found.filters)).toEqual([['replace', 2, [], false]]);
    expect(brief(found.tests)).toEqual([['match', 1, [], true]]);
    expect(brief(found.lookups)).toEqual([['env', 1, ['default'], false]]);
    expect(found.functions.map(one => one.name)).toEqual(['lookup', 'range']);
  });
});

describe('lookups', () => {
  const outside = {
    env: (name: string) => (name === 'HOME' ? '/root' : undefined),
    readFile: (path: string) => (path === 'key.pub' ? 'ssh-ed25519 AAAA\n\n' : undefined),
    kindOf: (path: string) => (path === '/etc' ? ('directory' as const) : undefined),
    glob: () => ['a.conf', 'b.conf'],
    run: (command: string) => `${command}!\n`,
  };
  const look = (expression: string): Value =>
    evaluate(parseExpression(expression), scopeOf({ port: 80, name: 'port' }, withLookups(ansible, outside)));

  test.each<[string, Value]>([
    ["lookup('env', 'HOME')", '/root'],
    ["lookup('env', 'NOPE')", ''],
    ["lookup('env', 'NOPE', default='x')", 'x'],
    ["lookup('file', 'key.pub')", 'ssh-ed25519 AAAA'],
    ["lookup('file', 'key.pub', rstrip=false)", 'ssh-ed25519 AAAA\n\n'],
    ["lookup('ansible.builtin.pipe', 'date')", 'date!'],
    ["lookup('vars', name)", 80],
    ["lookup('vars', 'nope', default=1)", 1],
    ["lookup('vars', 'nope') | default('d')", 'd'],
    ["lookup('fileglob', '*.conf')", 'a.conf,b.conf'],
    ["query('fileglob', '*.conf')", ['a.conf', 'b.conf']],
    ["lookup('fileglob', '*.conf', wantlist=true)", ['a.conf', 'b.conf']],
    ["q('dict', {'a': 1}) | map(attribute='key')", ['a']],
    ["'/etc' is directory", true],
    ["'/nope' is exists", false],
  ])('%s', (expression, expected) => {
    expect(look(expression)).toEqual(expected);
  });

  test('a missing file and a lookup that there is not', () => {
    expect(() => look("lookup('file', 'nope')")).toThrow('there is no file “nope”');
    expect(() => look("lookup('fil', 'nope')")).toThrow("there is no lookup 'fil'");
  });
});

test('a template of ten thousand lines, and a loop over a hundred thousand items', () => {
  const long = '{% if n > 3 %}{{ n }} is {{ n | string | upper }}{% endif %}\n'.repeat(10_000);
  expect(render(parseTemplate(long), scopeOf({ n: 5 }))).toBe('5 is 5\n'.repeat(10_000).trimEnd());
  const loop = '{% for i in range(100000) %}{{ i % 10 }}{% endfor %}';
  expect(render(parseTemplate(loop), scopeOf())).toBe('0123456789'.repeat(10_000));
});
