import type { ComparisonOperator } from './ast.ts';
import { open } from './carry.ts';
import { iterableOrNone, type Numeric, numericOrNone } from './coerce.ts';
import { Dict } from './dict.ts';
import { typeError } from './error.ts';
import { kindOf } from './print.ts';
import { DictView, Float, Range, Tuple, type Value } from './value.ts';

/** Python's `==`. */
export function equal(left: Value, right: Value): boolean {
  const a = open(left);
  const b = open(right);
  if (a === b) return true;
  const x = numericOrNone(a);
  const y = numericOrNone(b);
  if (x !== undefined || y !== undefined) return x !== undefined && y !== undefined && numbersEqual(x, y);
  if (Array.isArray(a)) return Array.isArray(b) && itemsEqual(a, b);
  if (a instanceof Tuple) return b instanceof Tuple && itemsEqual(a.items, b.items);
  if (a instanceof Dict) return b instanceof Dict && dictsEqual(a, b);
  if (a instanceof Range) return b instanceof Range && itemsEqual(Array.from(a), Array.from(b));
  if (a instanceof DictView) return b instanceof DictView && itemsEqual(a.items, b.items);
  return false;
}

function numbersEqual(a: Numeric, b: Numeric): boolean {
  // JavaScript's == compares number and bigint by their exact mathematical value, as Python does.
  // biome-ignore lint/suspicious/noDoubleEquals: the exact comparison of number and bigint is wanted.
  return (a instanceof Float ? a.value : a) == (b instanceof Float ? b.value : b);
}

function itemsEqual(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null));
}

function dictsEqual(a: Dict, b: Dict): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a.entries()) {
    const other = b.get(key);
    if (other === undefined || !equal(value, other)) return false;
  }
  return true;
}

/** The order of two values by Python's `<`: negative, zero or positive; NaN where neither is less. Throws where Python has no order. */
export function compare(left: Value, right: Value, operator = '<'): number {
  const a = open(left);
  const b = open(right);
  const x = numericOrNone(a);
  const y = numericOrNone(b);
  if (x !== undefined && y !== undefined) return compareNumbers(x, y);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareItems(a, b, operator);
  if (a instanceof Tuple && b instanceof Tuple) return compareItems(a.items, b.items, operator);
  throw typeError(`“${operator}” cannot compare ${kindOf(a)} with ${kindOf(b)}`, comparisonHint(a, b));
}

function comparisonHint(a: Value, b: Value): string | undefined {
  const kinds = [typeof a, typeof b];
  return kinds.includes('string') && kinds.includes('number')
    ? 'turn the text into a number with the filter “int”'
    : undefined;
}

function compareNumbers(a: Numeric, b: Numeric): number {
  const x = a instanceof Float ? a.value : a;
  const y = b instanceof Float ? b.value : b;
  // biome-ignore lint/suspicious/noDoubleEquals: the exact comparison of number and bigint is wanted.
  return x < y ? -1 : x > y ? 1 : x == y ? 0 : Number.NaN;
}

/** By code points, as Python does; JavaScript's own order is by UTF-16 units. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let index = 0;
  while (index < a.length && index < b.length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index > 0 && isLowSurrogate(a, index) && isLowSurrogate(b, index)) index--;
  return (a.codePointAt(index) ?? -1) - (b.codePointAt(index) ?? -1);
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}

function compareItems(a: readonly Value[], b: readonly Value[], operator: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const [x = null, y = null] = [a[index], b[index]];
    if (!equal(x, y)) return compare(x, y, operator);
  }
  return a.length - b.length;
}

/** Python's `needle in haystack`. */
export function contains(haystack: Value, needle: Value): boolean {
  const opened = open(haystack);
  if (typeof opened === 'string') {
    const part = open(needle);
    if (typeof part !== 'string')
      throw typeError(`“in” a string needs a string on its left, not ${kindOf(part)}`);
    return opened.includes(part);
  }
  if (opened instanceof Dict) return opened.has(needle);
  const items = iterableOrNone(opened);
  if (items === undefined)
    throw typeError(`“in” needs a list, dictionary or string on its right, not ${kindOf(opened)}`);
  for (const item of items) if (equal(item, needle)) return true;
  return false;
}

/** The truth of two operands compared. */
export function compared(operator: ComparisonOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
      return compare(left, right, '<') < 0;
    case '<=':
      return compare(left, right, '<=') <= 0;
    case '>':
      return compare(left, right, '>') > 0;
    case '>=':
      return compare(left, right, '>=') >= 0;
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
  }
}
