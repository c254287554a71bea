import { open } from './carry.ts';
import { type Numeric, numericOrNone } from './coerce.ts';
import { typeError, valueError } from './error.ts';
import { percentFormat } from './format-percent.ts';
import { kindOf } from './print.ts';
import { Float, type Opened, Tuple, type Value } from './value.ts';

/** The operators between two numbers. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Texts and lists longer than this are refused rather than made. */
const LONGEST = 50_000_000;

/** An integer in its one form: a number where that is exact, else a bigint. */
export function normalised(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

/** Python's binary arithmetic on any two values: numbers, and what `+`, `*` and `%` mean for texts and lists. */
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const quick = quickly(operator, left, right);
    if (quick !== undefined) return quick;
  }
  const a = open(left);
  if (operator === '%' && typeof a === 'string') return percentFormat(a, right);
  const b = open(right);
  const x = numericOrNone(a);
  const y = numericOrNone(b);
  if (x !== undefined && y !== undefined) return onNumbers(operator, x, y);
  const joined = operator === '+' ? join(a, b) : operator === '*' ? repeat(a, b) : undefined;
  if (joined === undefined)
    throw typeError(
      `“${operator}” cannot be used between ${kindOf(a)} and ${kindOf(b)}`,
      operatorHint(operator, a, b),
    );
  return joined;
}

function quickly(operator: ArithmeticOperator, a: number, b: number): number | undefined {
  const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : undefined;
  return result !== undefined && Number.isSafeInteger(result) ? result + 0 : undefined;
}

function operatorHint(operator: ArithmeticOperator, a: Opened, b: Opened): string | undefined {
  if (operator !== '+' || (typeof a !== 'string' && typeof b !== 'string')) return undefined;
  return 'use “~” to join texts, or the filter “int” to calculate';
}

function join(a: Opened, b: Opened): Value | undefined {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  return a instanceof Tuple && b instanceof Tuple ? new Tuple([...a.items, ...b.items]) : undefined;
}

function repeat(a: Opened, b: Opened): Value | undefined {
  const count = numericOrNone(b);
  if (typeof count !== 'number')
    return typeof numericOrNone(a) === 'number' && count === undefined ? repeat(b, a) : undefined;
  const times = Math.max(0, count);
  if (typeof a === 'string') return a.repeat(bounded(a.length, times));
  if (Array.isArray(a)) return repeated(a, times);
  return a instanceof Tuple ? new Tuple(repeated(a.items, times)) : undefined;
}

function bounded(length: number, times: number): number {
  if (length * times > LONGEST) throw valueError('the result of “*” would be too large');
  return times;
}

function repeated(items: readonly Value[], times: number): Value[] {
  return Array.from({ length: bounded(items.length, times) }, () => items).flat();
}

function onNumbers(operator: ArithmeticOperator, a: Numeric, b: Numeric): Value {
  if (a instanceof Float || b instanceof Float) return new Float(onFloats(operator, asFloat(a), asFloat(b)));
  if (operator === '/') return new Float(divideIntegers(a, b));
  if (operator === '**' && b < 0) return new Float(onFloats('**', Number(a), Number(b)));
  return normalised(onIntegers(operator, BigInt(a), BigInt(b)));
}

function asFloat(value: Numeric): number {
  if (value instanceof Float) return value.value;
  const float = Number(value);
  if (!Number.isFinite(float)) throw valueError('this integer is too large for a float');
  return float;
}

function divideIntegers(a: number | bigint, b: number | bigint): number {
  if (Number(b) === 0) throw valueError('division by zero');
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  return divideExactly(BigInt(a), BigInt(b));
}

/** The quotient of integers of any size, rounded once. 64 more bits than a float has make it so; the last one stands for all that follow. */
function divideExactly(a: bigint, b: bigint): number {
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const shift = Math.max(0, 118 + bottom.toString(2).length - top.toString(2).length);
  const scaled = top << BigInt(shift);
  const quotient = (scaled / bottom) | (scaled % bottom === 0n ? 0n : 1n);
  const size = Number(quotient) / 2 ** shift;
  if (!Number.isFinite(size)) throw valueError('the result of “/” is too large for a float');
  return a < 0n !== b < 0n ? -size : size;
}

function onIntegers(operator: Exclude<ArithmeticOperator, '/'>, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '//':
      return floorDivide(a, b);
    case '%':
      return a - floorDivide(a, b) * b;
    case '**':
      return power(a, b);
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw valueError('division by zero');
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function power(a: bigint, b: bigint): bigint {
  const digits = (a < 0n ? -a : a).toString(2).length;
  if (digits > 1 && BigInt(digits) * b > 4_000_000n)
    throw valueError('the result of “**” would be too large');
  return a ** b;
}

function onFloats(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / nonZero(b);
    case '//':
      return floatFloorDivide(a, nonZero(b));
    case '%':
      return floatModulo(a, nonZero(b));
    case '**':
      return floatPower(a, b);
  }
}

function nonZero(value: number): number {
  if (value === 0) throw valueError('division by zero');
  return value;
}

function floatFloorDivide(a: number, b: number): number {
  const quotient = (a - floatModulo(a, b)) / b;
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** The remainder has the sign of the divisor, in Python. */
function floatModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function floatPower(a: number, b: number): number {
  if (a === 0 && b < 0) throw valueError('zero cannot be raised to a negative power');
  if (a < 0 && !Number.isInteger(b)) throw valueError('the result of “**” would be a complex number');
  if (a === 1 || b === 0) return 1;
  const result = a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    throw valueError('the result of “**” is too large');
  return result;
}

/** Python's unary minus and plus. */
export function signed(operator: '-' | '+', operand: Value): Value {
  const value = numericOrNone(operand);
  if (value === undefined) throw typeError(`“${operator}” needs a number, not ${kindOf(operand)}`);
  if (operator === '+') return value;
  return value instanceof Float
    ? new Float(-value.value)
    : typeof value === 'number'
      ? 0 - value
      : normalised(-value);
}
