import { expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import { placeOf } from '../../engine/source/span.ts';
import {
  evaluate,
  type Origin,
  parseExpression,
  parseTemplate,
  render,
  TemplateError,
} from '../../engine/template/index.ts';
import { scopeOf } from './scope.ts';

/** An origin where the template stands in a file, some characters in. */
function originOf(text: string): Origin {
  const source = { name: 'site.yml', text: `msg: ${text}` };
  return { spanOf: (start, end) => ({ source, start: start + 5, end: end + 5 }) };
}

/** What is wrong with a template: code, place, the text that is marked, message, hint. */
function mistake(text: string, variables: Record<string, unknown> = {}): readonly (string | undefined)[] {
  try {
    render(parseTemplate(text, originOf(text)), scopeOf(variables));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { span } = error;
    return [
      error.code,
      span && `${placeOf(span)} ${span.source.text.slice(span.start, span.end)}`,
      error.message,
      error.hint,
    ];
  }
  return [];
}

test.each<[string, Record<string, unknown>, readonly (string | undefined)[]]>([
  [
    '{{ port }}',
    { prot: 1 },
    ['undefined-variable', 'site.yml:1:9 port', '“port” is not defined', 'did you mean “prot”?'],
  ],
  [
    '{{ web.prot }}',
    { web: { port: 1 } },
    [
      'undefined-variable',
      'site.yml:1:9 web.prot',
      '“web” has no “prot”: it is a dictionary without that key',
      'did you mean “port”?',
    ],
  ],
  [
    '{{ web.a.b }}',
    { web: {} },
    [
      'undefined-variable',
      'site.yml:1:9 web.a',
      '“web” has no “a”: it is a dictionary without that key',
      undefined,
    ],
  ],
  [
    '{{ l[3] }}',
    { l: [1] },
    ['undefined-variable', 'site.yml:1:9 l[3]', '“l” has no item 3: it has 1', undefined],
  ],
  [
    "{{ 1 + 'a' }}",
    {},
    [
      'template-type',
      "site.yml:1:9 1 + 'a'",
      '“+” cannot be used between an integer and a string',
      'use “~” to join texts, or the filter “int” to calculate',
    ],
  ],
  [
    '{{ n | upcase }}',
    { n: 1 },
    ['unknown-filter', 'site.yml:1:13 upcase', 'there is no filter “upcase”', undefined],
  ],
  [
    '{{ n | uper }}',
    { n: 1 },
    ['unknown-filter', 'site.yml:1:13 uper', 'there is no filter “uper”', 'did you mean “upper”?'],
  ],
  [
    '{{ n is definde }}',
    { n: 1 },
    ['unknown-test', 'site.yml:1:14 definde', 'there is no test “definde”', 'did you mean “defined”?'],
  ],
  [
    '{{ n | defined }}',
    { n: 1 },
    [
      'unknown-filter',
      'site.yml:1:13 defined',
      'there is no filter “defined”',
      '“defined” is a test: write “is defined”',
    ],
  ],
  [
    "{{ 'a' | replace('b') }}",
    {},
    [
      'template-arguments',
      "site.yml:1:9 'a' | replace('b')",
      'the filter “replace” needs the argument “new”',
      undefined,
    ],
  ],
  [
    "{{ 'a' | trim('b', 1) }}",
    {},
    [
      'template-arguments',
      "site.yml:1:9 'a' | trim('b', 1)",
      'the filter “trim” takes at most one argument, not 2',
      undefined,
    ],
  ],
  [
    "{{ l | join(sep=',') }}",
    { l: [] },
    [
      'template-arguments',
      "site.yml:1:9 l | join(sep=',')",
      'the filter “join” has no argument “sep”',
      'it takes “d”, “attribute”',
    ],
  ],
  [
    '{{ n() }}',
    { n: 1 },
    ['template-type', 'site.yml:1:9 n()', '“n” is an integer, not a function', undefined],
  ],
  ['{{ 1 / n }}', { n: 0 }, ['template-value', 'site.yml:1:9 1 / n', 'division by zero', undefined]],
  [
    '{% for x in n %}{% endfor %}',
    { n: 5 },
    [
      'template-type',
      'site.yml:1:18 n',
      'an integer cannot be looped over',
      'a list, a dictionary or a string can',
    ],
  ],
  ['{{ a', {}, ['template-syntax', 'site.yml:1:6 {{', 'this tag is never closed', 'close it with “}}”']],
  ['{{ (a }}', {}, ['template-syntax', 'site.yml:1:12 }', '“}” stands where “)” is needed', undefined]],
  [
    '{% if a %}b',
    {},
    ['template-syntax', 'site.yml:1:9 if', 'this “if” is never ended', 'end it with “{% endif %}”'],
  ],
  [
    '{{ a b }}',
    {},
    ['template-syntax', 'site.yml:1:11 b', '“}}” or an operator is needed here, not “b”', undefined],
  ],
  ["{{ 'a }}", {}, ['template-syntax', "site.yml:1:9 '", 'this string is never closed', undefined]],
  ['{% fro x in y %}', {}, ['template-syntax', 'site.yml:1:9 fro', 'there is no tag “fro”', undefined]],
  [
    '{{ nope | mandatory("give a port") }}',
    {},
    ['template-failed', 'site.yml:1:9 nope', 'give a port', undefined],
  ],
])('%s', (text, variables, expected) => {
  expect(mistake(text, variables)).toEqual(expected);
});

test('an error as a diagnostic', () => {
  const text = '{{ port }}';
  const run = (): unknown => render(parseTemplate(text, originOf(text)), scopeOf({ prot: 1 }));
  expect(run).toThrow(TemplateError);
  try {
    run();
  } catch (error) {
    expect(error instanceof TemplateError && error.toDiagnostic()).toEqual({
      code: 'undefined-variable',
      severity: 'error',
      message: '“port” is not defined',
      span: { source: { name: 'site.yml', text: 'msg: {{ port }}' }, start: 8, end: 12 },
      hint: 'did you mean “prot”?',
    });
  }
});

test('a mistake inside of a lazy variable keeps its place there, and tells how it was reached', () => {
  const inner = { name: 'vars.yml', text: '{{ 1 + none }}' };
  const variable = parseTemplate(inner.text, { spanOf: (start, end) => ({ source: inner, start, end }) });
  const outerText = '{{ total * 2 }}';
  const scope = {
    ...scopeOf(),
    get: (name: string) => (name === 'total' ? evaluate(variable, scopeOf()) : undefined),
  };
  try {
    render(parseTemplate(outerText, originOf(outerText)), scope);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    expect(error.span?.source.name).toBe('vars.yml');
    expect(error.notes.map(note => [note.message, note.span?.source.name])).toEqual([
      ['used by the variable “total”', 'site.yml'],
    ]);
  }
});

test('a variable that uses something undefined is undefined itself, and says why when it is used', () => {
  const variable = parseTemplate('{{ missing }}!');
  const scope = {
    ...scopeOf(),
    get: (name: string) => (name === 'greeting' ? evaluate(variable, scopeOf()) : undefined),
  };
  expect(render(parseTemplate("{{ greeting | default('none') }} {{ greeting is defined }}"), scope)).toBe(
    'none False',
  );
  expect(() => render(parseTemplate('{{ greeting }}'), scope)).toThrow('“missing” is not defined');
});

test('no message shows a secret', () => {
  const scope = scopeOf({ key: new Secret('s3cr3t-key'), web: {} });
  for (const text of [
    '{{ web[key] }}',
    '{{ key + 1 }}',
    '{{ key.foo }}',
    '{% include key %}',
    '{{ key | int(base=99) + [] }}',
    '{{ key | from_json }}',
    '{{ 5 | map(key) }}',
  ]) {
    try {
      render(parseTemplate(text), scope);
    } catch (error) {
      expect(
        JSON.stringify([String(error), error instanceof TemplateError && error.toDiagnostic()]),
      ).not.toContain('s3cr3t-key');
    }
  }
});

test('what nests too deeply is an error, not an exhausted stack', () => {
  const deep = (count: number): readonly string[] => [
    `{{ ${'('.repeat(count)}1${')'.repeat(count)} }}`,
    `{{ ${'['.repeat(count)}1${']'.repeat(count)} }}`,
    `{{ ${'not '.repeat(count)}1 }}`,
    `{{ ${'-'.repeat(count)}1 }}`,
    `{{ 1${' + 1'.repeat(count)} }}`,
    `{{ x${'.a'.repeat(count)} | default(1) }}`,
    `{{ 'a'${' | upper'.repeat(count)} }}`,
    '{% if 1 %}'.repeat(count) + '{% endif %}'.repeat(count),
    '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}',
  ];
  for (const text of deep(20_000)) {
    expect(mistake(text)[0]).toBe('template-too-deep');
  }
  for (const text of deep(100).slice(0, -1)) expect(mistake(text)).toEqual([]);
});

test('a list that contains itself cannot be printed', () => {
  expect(mistake('{% set a = [] %}{% do a.append(a) %}{{ a }}')[2]).toBe(
    'this value is nested too deeply to be printed, or contains itself',
  );
});

test('expressions do not reach what belongs to JavaScript', () => {
  for (const text of [
    'x.constructor',
    'x.__proto__',
    'x.prototype',
    "x['constructor']",
    'x.toString',
    'x.valueOf',
    'x.hasOwnProperty',
    "x['__proto__']",
    'x.map.constructor',
    'x.at',
  ]) {
    for (const x of ['text', 1, 1.5, true, [1], { a: 1 }]) {
      expect(
        evaluate(parseExpression(`(${text}) is defined`), scopeOf({ x })),
        `${text} of ${JSON.stringify(x)}`,
      ).toBe(false);
    }
  }
  expect(evaluate(parseExpression('constructor is defined or __proto__ is defined'), scopeOf())).toBe(false);
});
