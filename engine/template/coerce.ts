import type { Unknown } from '../kit/unknown.ts';
import { answer, open, shown } from './carry.ts';
import { Dict, hash } from './dict.ts';
import { typeError, valueError } from './error.ts';
import { kindOf, quoted, str } from './print.ts';
import { Float, PyObject, Range, Tuple, type Value } from './value.ts';

/** Whether Python holds the value true, inside an operation. */
export function truth(value: Value): boolean {
  const opened = open(value);
  switch (typeof opened) {
    case 'boolean':
      return opened;
    case 'string':
      return opened.length > 0;
    case 'number':
      return opened !== 0;
    case 'bigint':
      return opened !== 0n;
    default:
      return truthOfObject(opened);
  }
}

function truthOfObject(value: Float | Value[] | Tuple | Dict | Range | PyObject | null): boolean {
  if (value === null) return false;
  if (value instanceof Float) return value.value !== 0;
  if (Array.isArray(value) || value instanceof Range) return value.length > 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Dict) return value.size > 0;
  return value.size() !== 0;
}

/** Whether Python holds the value true; unknown where the value is. Throws TemplateError for an undefined value. */
export function truthy(value: Value): boolean | Unknown {
  return answer(() => truth(value));
}

/** Whether a text has characters beyond the basic plane, whose UTF-16 length is not what Python counts. */
function hasSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** The characters of a text as Python counts them. */
export function characters(text: string): readonly string[] {
  return hasSurrogates(text) ? Array.from(text) : text.split('');
}

/** Python's `len()` of a text. */
export function textLength(text: string): number {
  return hasSurrogates(text) ? Array.from(text).length : text.length;
}

/** The items of a value as `for` walks them: a list's items, a dict's keys, a string's characters. */
export function iterate(value: Value): Iterable<Value> {
  const found = iterableOrNone(value);
  if (found === undefined)
    throw typeError(`${kindOf(value)} cannot be looped over`, 'a list, a dictionary or a string can');
  return found;
}

/** As `iterate`; nothing where the value cannot be iterated. */
export function iterableOrNone(value: Value): Iterable<Value> | undefined {
  const opened = open(value);
  if (Array.isArray(opened) || opened instanceof Range) return opened;
  if (typeof opened === 'string') return characters(opened);
  if (opened instanceof Tuple) return opened.items;
  if (opened instanceof Dict) return opened.keys();
  if (opened instanceof PyObject) return opened.iterate();
  return undefined;
}

/** A new list of the items of a value. */
export function list(value: Value): Value[] {
  return Array.from(iterate(value));
}

/** Python's `len()`. */
export function size(value: Value): number {
  const opened = open(value);
  if (typeof opened === 'string') return textLength(opened);
  if (Array.isArray(opened) || opened instanceof Range) return opened.length;
  if (opened instanceof Tuple) return opened.items.length;
  if (opened instanceof Dict) return opened.size;
  const found = opened instanceof PyObject ? opened.size() : undefined;
  if (found === undefined) throw typeError(`${kindOf(value)} has no length`);
  return found;
}

/** A number as the arithmetic sees it: a boolean is 0 or 1. */
export type Numeric = number | bigint | Float;

/** The value as a number, if it is one; a string is none. */
export function numericOrNone(value: Value): Numeric | undefined {
  const opened = open(value);
  if (typeof opened === 'number' || typeof opened === 'bigint') return opened;
  if (typeof opened === 'boolean') return opened ? 1 : 0;
  return opened instanceof Float ? opened : undefined;
}

/** The value as an integer that can be an index or a count. Throws where it is anything else. */
export function integer(value: Value, what: string): number {
  const number = numericOrNone(value);
  if (typeof number === 'number') return number;
  if (typeof number === 'bigint') throw valueError(`${what} is too large a number`);
  throw typeError(`${what} must be an integer, not ${kindOf(value)}`);
}

/** The value as a JavaScript number, from an int or a float. */
export function numberOf(value: Value, what: string): number {
  const number = numericOrNone(value);
  if (number === undefined) throw typeError(`${what} must be a number, not ${kindOf(value)}`);
  return number instanceof Float ? number.value : Number(number);
}

/** The value as a string. Throws where it is anything else. */
export function string(value: Value, what: string): string {
  const opened = open(value);
  if (typeof opened !== 'string') throw typeError(`${what} must be a string, not ${kindOf(opened)}`);
  return opened;
}

/** The value as a dict. Throws where it is anything else. */
export function dict(value: Value, what: string): Dict {
  const opened = open(value);
  if (!(opened instanceof Dict)) throw typeError(`${what} must be a dictionary, not ${kindOf(opened)}`);
  return opened;
}

/** The value as a list, from a list, tuple, range or view; not from a string or a dict. */
export function sequence(value: Value, what: string): readonly Value[] {
  const opened = open(value);
  if (Array.isArray(opened)) return opened;
  if (opened instanceof Tuple) return opened.items;
  if (opened instanceof Range) return Array.from(opened);
  const items = opened instanceof PyObject ? opened.iterate() : undefined;
  if (items === undefined) throw typeError(`${what} must be a list, not ${kindOf(opened)}`);
  return Array.from(items);
}

/** A value quoted for a message; asterisks where the operation has met a secret. */
export function told(value: Value): string {
  return shown(quoted(str(value)));
}

/** A set of values by Python's equality; works for unhashable ones too, only slower. */
export class ValueSet {
  readonly #hashable = new Set<unknown>();
  readonly #others: Value[] = [];
  readonly #equal: (a: Value, b: Value) => boolean;

  constructor(equal: (a: Value, b: Value) => boolean, values: Iterable<Value> = []) {
    this.#equal = equal;
    for (const value of values) this.add(value);
  }

  has(value: Value): boolean {
    return isHashable(value)
      ? this.#hashable.has(hash(value))
      : this.#others.some(other => this.#equal(other, value));
  }

  /** Adds a value; whether it is new. */
  add(value: Value): boolean {
    if (this.has(value)) return false;
    if (isHashable(value)) this.#hashable.add(hash(value));
    else this.#others.push(value);
    return true;
  }
}

function isHashable(value: Value): boolean {
  const opened = open(value);
  if (opened instanceof Tuple) return opened.items.every(isHashable);
  return !Array.isArray(opened) && !(opened instanceof Dict);
}
