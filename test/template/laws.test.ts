import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import { Unknown } from '../../engine/kit/unknown.ts';
import { equal } from '../../engine/template/compare.ts';
import {
  ansible,
  Dict,
  evaluate,
  Float,
  fromPlain,
  parseExpression,
  parseTemplate,
  render,
  repr,
  type Scope,
  Tuple,
  toPlain,
  Undefined,
  type Value,
} from '../../engine/template/index.ts';

function scope(values: Readonly<Record<string, Value>>): Scope {
  return { get: name => (Object.hasOwn(values, name) ? values[name] : undefined), environment: ansible };
}

const text = fc.string({ unit: 'grapheme' });
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt().map(value => (Number.isSafeInteger(Number(value)) ? Number(value) : value)),
);
const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => new Float(value));
const scalar: fc.Arbitrary<Value> = fc.oneof(fc.constant(null), fc.boolean(), integer, float, text);
const { value } = fc.letrec<{ value: Value }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 3 }).map(items => new Tuple(items)),
    fc
      .array(fc.tuple(fc.oneof(text, integer), tie('value')), { maxLength: 4 })
      .map(entries => new Dict(entries)),
  ),
}));
/** What JSON and YAML can hold. */
const { data } = fc.letrec<{ data: Value }>(tie => ({
  data: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('data'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('data')), { maxLength: 4 }).map(entries => new Dict(entries)),
  ),
}));

function same(a: Value, b: Value): void {
  expect(equal(a, b), `${repr(a)} is not ${repr(b)}`).toBe(true);
  expect(repr(b)).toBe(repr(a));
}

test('what repr writes reads back as the same value', () => {
  fc.assert(fc.property(value, one => same(one, evaluate(parseExpression(repr(one)), scope({})))));
});

test('a text without tags is printed as it is', () => {
  const plain = text.filter(one => !/\{[{%#]|[\r\n]$|\r/.test(one));
  fc.assert(
    fc.property(plain, one => {
      expect(render(parseTemplate(one), scope({}))).toBe(one);
    }),
  );
});

test.each(['to_json | from_json', 'to_nice_json(sort_keys=false) | from_json', 'b64encode | b64decode'])(
  '%s gives the value back',
  filters => {
    const inputs = filters.startsWith('b64') ? text.filter(one => !/[\ud800-\udfff]/u.test(one)) : data;
    const expression = parseExpression(`x | ${filters}`);
    fc.assert(fc.property(inputs, one => same(one, evaluate(expression, scope({ x: one })))));
  },
);

test.each(['to_nice_yaml', 'to_yaml'])('%s | from_yaml gives the value back', filter => {
  const expression = parseExpression(`x | ${filter}(sort_keys=false) | from_yaml`);
  fc.assert(fc.property(data, one => same(one, evaluate(expression, scope({ x: one })))));
});

test('plain data goes in and out unchanged', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), one => {
      expect(JSON.stringify(toPlain(fromPlain(one)))).toBe(JSON.stringify(one));
    }),
  );
});

test('sorting, slicing and reversing agree with arrays', () => {
  const slice = fc.record({ from: fc.integer({ min: -9, max: 9 }), to: fc.integer({ min: -9, max: 9 }) });
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 8 }), slice, (items, { from, to }) => {
      expect(evaluate(parseExpression(`x[${from}:${to}]`), scope({ x: items }))).toEqual(
        items.slice(from, to),
      );
      expect(evaluate(parseExpression('x | sort | reverse'), scope({ x: items }))).toEqual(
        items.toSorted((a, b) => b - a),
      );
    }),
  );
});

test('division and remainder: (a // b) * b + a % b is a, the remainder with the sign of b', () => {
  fc.assert(
    fc.property(
      fc.bigInt(),
      fc.bigInt().filter(b => b !== 0n),
      (a, b) => {
        const values = { a: fromPlain(a), b: fromPlain(b) };
        same(values.a, evaluate(parseExpression('(a // b) * b + a % b'), scope(values)));
        expect(evaluate(parseExpression('a % b == 0 or (a % b > 0) == (b > 0)'), scope(values))).toBe(true);
      },
    ),
  );
});

test('any text is parsed, or refused with a TemplateError', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    'if',
    'for',
    'x',
    'in',
    'endif',
    'endfor',
    '|',
    '.',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '\\',
    ' ',
    '\n',
    '-',
    '1',
    '1.5',
    '~',
    'is',
    'not',
    'set',
    '=',
    ',',
    ':',
    'raw',
    'endraw',
    'é',
    '😀',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      try {
        parseTemplate(pieces.join(''));
      } catch (error) {
        expect(error).toMatchObject({ name: 'TemplateError' });
      }
    }),
    { numRuns: 2000 },
  );
});

const marked = 'xyzzy-secret-marker';

/** What filters are called with whose arguments must be more than any text. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  map: "'string'",
  selectattr: "'a'",
  rejectattr: "'a'",
  extract: '{}',
};

test.each([...ansible.filters.keys()])(
  '%s: a secret input gives nothing away, an unknown one is unknown',
  name => {
    const { signature } = ansible.filters.get(name) ?? { signature: [] };
    const count = signature.filter(parameter => !/[*?]/.test(parameter)).length;
    const args = ARGUMENTS[name] ?? Array.from({ length: count }, () => "'a'").join(', ');
    const call = parseExpression(`x | ${name}(${args})`);
    const inputs: readonly Value[] = [
      marked,
      [marked],
      new Dict([[marked, marked]]),
      5,
      new Float(1.5),
      [new Dict([['a', [marked]]])],
      `{"a": "${marked}"}`,
      null,
      true,
    ];
    for (const input of inputs) {
      const outcome = (x: Value): Value | Error => {
        try {
          return evaluate(call, scope({ x }));
        } catch (error) {
          if (error instanceof Error && error.name === 'TemplateError') return error;
          throw error;
        }
      };
      const open = outcome(input);
      const secret = outcome(new Secret(input));
      if (secret instanceof Error) expect(secret.message).not.toContain(marked);
      else if (!(secret instanceof Undefined)) expect(secret).toBeInstanceOf(Secret);
      expect(secret instanceof Error).toBe(open instanceof Error);
      const inside = outcome([new Secret(marked), marked]);
      if (!(inside instanceof Error || inside instanceof Secret || inside instanceof Undefined))
        expect(JSON.stringify(toPlain(inside))).not.toContain(`${marked}${marked}`);
    }
    expect(outcomeOfUnknown(call)).toBeInstanceOf(Unknown);
  },
);

function outcomeOfUnknown(call: ReturnType<typeof parseExpression>): Value {
  return evaluate(call, scope({ x: new Unknown('TASK') }));
}
