import { normalised } from '../arithmetic.ts';
import { open } from '../carry.ts';
import { integer, numericOrNone, truth } from '../coerce.ts';
import { rounded } from '../decimal.ts';
import { operations } from '../environment.ts';
import { typeError, valueError } from '../error.ts';
import { kindOf, str } from '../print.ts';
import { Float, orElse, Undefined, type Value } from '../value.ts';

/** Jinja2's filters of numbers, and `default`. */
export const numberFilters = operations({
  int: [
    'default?',
    'base?',
    (input, [otherwise = 0, base = 10]) => orElse(toInt(input, integer(base, 'the base')), () => otherwise),
  ],
  float: ['default?', (input, [otherwise = new Float(0)]) => toFloat(input) ?? otherwise],
  abs: [input => absolute(input)],
  round: [
    'precision?',
    'method?',
    (input, [precision = 0, method = 'common']) =>
      round(input, integer(precision, 'the precision'), str(method)),
  ],
  default: [
    'default_value?',
    'boolean?',
    (input, [value = '', boolean = false]) => defaulted(input, value, boolean),
  ],
  d: [
    'default_value?',
    'boolean?',
    (input, [value = '', boolean = false]) => defaulted(input, value, boolean),
  ],
});

/** The first value, or the other where it is undefined or, if `boolean` is asked for, false. Does not look into a value that is defined. */
function defaulted(input: Value, otherwise: Value, boolean: Value): Value {
  if (input instanceof Undefined) return otherwise;
  return truth(boolean) && !truth(input) ? otherwise : input;
}

/** Python's `int(text)`: digits with single underscores between. */
const INTEGER = /^[-+]?\d(?:_?\d)*$/;
const FLOAT = /^[-+]?(?:(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:e[-+]?\d(?:_?\d)*)?|inf(?:inity)?|nan)$/i;

/** The integer that a value is or reads as, in a base; none where it is none. Decimals are cut off. */
function toInt(input: Value, base = 10): Value | undefined {
  const opened = open(input);
  if (typeof opened === 'string')
    return base === 10 ? decimalInt(opened.trim()) : basedInt(opened.trim().toLowerCase(), base);
  const number = numericOrNone(opened);
  if (!(number instanceof Float)) return number;
  return Number.isFinite(number.value) ? normalised(BigInt(Math.trunc(number.value))) : undefined;
}

function decimalInt(text: string): Value | undefined {
  if (INTEGER.test(text)) return normalised(BigInt(text.replaceAll('_', '').replace('+', '')));
  const float = readFloat(text);
  return float === undefined || !Number.isFinite(float) ? undefined : normalised(BigInt(Math.trunc(float)));
}

const PREFIXES: Readonly<Record<number, RegExp>> = { 2: /^0b_?/, 8: /^0o_?/, 16: /^0x_?/ };

function basedInt(text: string, base: number): Value | undefined {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  const digits = text.slice(sign.length).replace(PREFIXES[base] ?? /^$/, '');
  if (!/^[0-9a-z](_?[0-9a-z])*$/.test(digits)) return decimalFallback(text);
  let value = 0n;
  for (const digit of digits.replaceAll('_', '')) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= base) return decimalFallback(text);
    value = value * BigInt(base) + BigInt(worth);
  }
  return normalised(sign === '-' ? -value : value);
}

/** Jinja2 tries a text that is no integer of the base as a float. */
function decimalFallback(text: string): Value | undefined {
  const float = readFloat(text);
  return float === undefined || !Number.isFinite(float) ? undefined : normalised(BigInt(Math.trunc(float)));
}

/** Python's `float(text)`; none where it is none. */
function readFloat(text: string): number | undefined {
  if (!FLOAT.test(text) || !/\d|inf|nan/i.test(text) || /^[-+]?\.?e/i.test(text)) return undefined;
  const plain = text.toLowerCase().replaceAll('_', '');
  if (plain.includes('inf'))
    return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return plain.includes('nan') ? Number.NaN : Number(plain);
}

/** The float that a value is or reads as; none where it is none. */
export function toFloat(input: Value): Float | undefined {
  const opened = open(input);
  const number = typeof opened === 'string' ? readFloat(opened.trim()) : numericOrNone(opened);
  if (number === undefined || number instanceof Float) return number;
  return new Float(Number(number));
}

function absolute(input: Value): Value {
  const number = numericOrNone(input);
  if (number === undefined) throw typeError(`“abs” needs a number, not ${kindOf(input)}`);
  if (number instanceof Float) return new Float(Math.abs(number.value));
  return number < 0 ? (typeof number === 'bigint' ? -number : -number) : number;
}

function round(input: Value, precision: number, method: string): Value {
  const number = numericOrNone(input);
  if (number === undefined) throw typeError(`“round” needs a number, not ${kindOf(input)}`);
  if (method !== 'common' && method !== 'ceil' && method !== 'floor')
    throw valueError('the method of “round” must be “common”, “ceil” or “floor”');
  if (method === 'common' && !(number instanceof Float) && precision >= 0) return number;
  const value = number instanceof Float ? number.value : Number(number);
  if (method === 'common') {
    const result = rounded(value, precision);
    return number instanceof Float ? new Float(result) : normalised(BigInt(result));
  }
  const factor = 10 ** precision;
  return new Float((method === 'ceil' ? Math.ceil(value * factor) : Math.floor(value * factor)) / factor);
}
