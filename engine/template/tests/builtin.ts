import { arithmetic } from '../arithmetic.ts';
import type { ComparisonOperator } from '../ast.ts';
import { isDefined, open } from '../carry.ts';
import { integer, iterableOrNone, numericOrNone } from '../coerce.ts';
import { compared } from '../compare.ts';
import { Dict } from '../dict.ts';
import type { Run } from '../environment.ts';
import { operations } from '../environment.ts';
import { str } from '../print.ts';
import { Float, type Opened, PyObject, Range, Tuple, Undefined, type Value } from '../value.ts';

function comparison(operator: ComparisonOperator): readonly ['other', Run] {
  return ['other', (input, [other = null]) => compared(operator, input, other)];
}

/** A question about the type of a value, which something undefined answers with no. */
function typeTest(holds: (opened: Opened) => boolean): readonly [Run] {
  return [input => !(input instanceof Undefined) && holds(open(input))];
}

const isInteger = (value: Value): boolean => {
  const opened = open(value);
  return typeof opened === 'number' || typeof opened === 'bigint';
};

/** Jinja2's tests. */
export const builtinTests = operations({
  defined: [input => isDefined(input)],
  undefined: [input => !isDefined(input)],
  none: typeTest(input => input === null),
  boolean: typeTest(input => typeof input === 'boolean'),
  true: typeTest(input => input === true),
  false: typeTest(input => input === false),
  integer: typeTest(isInteger),
  float: typeTest(input => input instanceof Float),
  number: typeTest(input => numericOrNone(input) !== undefined),
  string: typeTest(input => typeof input === 'string'),
  mapping: typeTest(input => input instanceof Dict),
  sequence: typeTest(input => isSequence(input)),
  iterable: [input => iterableOrNone(input) !== undefined],
  callable: typeTest(input => isCallable(input)),
  escaped: [input => open(input) === undefined],
  odd: [input => remainder(input, 2) === 1],
  even: [input => remainder(input, 2) === 0],
  divisibleby: ['num', (input, [by = null]) => remainder(input, integer(by, 'the divisor')) === 0],
  lower: [input => isLower(str(input))],
  upper: [input => isUpper(str(input))],
  sameas: [
    'other',
    (input, [other = null]) =>
      !(input instanceof Undefined || other instanceof Undefined) && same(open(input), open(other)),
  ],
  in: ['seq', (input, [other = null]) => compared('in', input, other)],
  filter: [(input, _args, { context }) => context.environment.filters.has(str(input))],
  test: [(input, _args, { context }) => context.environment.tests.has(str(input))],
  eq: comparison('=='),
  equalto: comparison('=='),
  '==': comparison('=='),
  ne: comparison('!='),
  '!=': comparison('!='),
  lt: comparison('<'),
  lessthan: comparison('<'),
  '<': comparison('<'),
  le: comparison('<='),
  '<=': comparison('<='),
  gt: comparison('>'),
  greaterthan: comparison('>'),
  '>': comparison('>'),
  ge: comparison('>='),
  '>=': comparison('>='),
});

function isSequence(input: Value): boolean {
  const opened = open(input);
  return (
    typeof opened === 'string' ||
    Array.isArray(opened) ||
    opened instanceof Tuple ||
    opened instanceof Dict ||
    opened instanceof Range
  );
}

function isCallable(input: Value): boolean {
  const opened = open(input);
  return opened instanceof PyObject && opened.call !== undefined;
}

function remainder(input: Value, by: number): number {
  const rest = open(arithmetic('%', input, by));
  return rest instanceof Float ? rest.value : Number(rest);
}

function isLower(text: string): boolean {
  return text === text.toLowerCase() && text !== text.toUpperCase();
}

function isUpper(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}

/** Python's `is`: one and the same object; equal small values are. */
function same(a: Value, b: Value): boolean {
  return a === b || (a instanceof Float && b instanceof Float && a.value === b.value);
}
