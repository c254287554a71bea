import { didYouMeanHint } from '../source/suggest.ts';
import { open, shown } from './carry.ts';
import { characters, integer, size } from './coerce.ts';
import { Dict } from './dict.ts';
import { typeError, valueError } from './error.ts';
import { itemOrNone } from './item.ts';
import { methodOf } from './methods/index.ts';
import { kindOf, quoted } from './print.ts';
import { type Opened, PyObject, Range, Tuple, Undefined, type Value } from './value.ts';

/** How the value whose attribute is asked for was written, e.g. `web.ports`, for messages. */
export type Written = () => string;

/** `value.name`: a method or attribute, else the item under that key; undefined where there is neither. */
export function attribute(value: Value, name: string, written: Written): Value {
  if (value instanceof Undefined) return deeper(value, name);
  const opened = open(value);
  const found = opened instanceof PyObject ? opened.attribute(name) : methodOf(opened, name);
  if (found !== undefined) return found;
  const item = opened instanceof Dict ? opened.get(name) : undefined;
  return item ?? missing(opened, name, written);
}

/** `value[key]`: an item, else the method or attribute of that name; undefined where there is neither. */
export function item(value: Value, key: Value, written: Written): Value {
  if (value instanceof Undefined) return deeper(value, '…');
  const opened = open(value);
  const name = open(key);
  const found = itemOrNone(opened, name);
  if (found !== undefined) return found;
  if (typeof name === 'string')
    return opened instanceof PyObject
      ? (opened.attribute(name) ?? missing(opened, name, written))
      : (methodOf(opened, name) ?? missing(opened, name, written));
  return missing(opened, name, written);
}

/** Attributes of what is undefined are undefined, so that `default` can stand behind any of them. */
function deeper(value: Undefined, name: string): Undefined {
  return new Undefined(`${value.name}.${name}`, value.message, {
    span: value.span,
    ...(value.hint && { hint: value.hint }),
    ...(value.cause && { cause: value.cause }),
  });
}

function missing(opened: Opened, key: Opened, written: Written): Undefined {
  const what = written();
  const name = typeof key === 'string' ? key : typeof key === 'number' ? String(key) : kindOf(key);
  const hidden = shown(name);
  const path =
    typeof key === 'string' && /^\w+$/.test(key)
      ? `${what}.${hidden}`
      : `${what}[${typeof key === 'string' ? shown(quoted(key)) : hidden}]`;
  const isPlain = hidden === name;
  return new Undefined(path, missingMessage(opened, key, what, hidden), {
    hint: () =>
      isPlain && opened instanceof Dict && typeof key === 'string'
        ? didYouMeanHint(key, textKeys(opened))
        : undefined,
  });
}

function missingMessage(opened: Opened, key: Opened, what: string, name: string): string {
  const isSequence =
    Array.isArray(opened) || opened instanceof Tuple || opened instanceof Range || typeof opened === 'string';
  if (isSequence && typeof key === 'number') return `“${what}” has no item ${name}: it has ${size(opened)}`;
  return `“${what}” has no “${name}”: it is ${opened instanceof Dict ? 'a dictionary without that key' : kindOf(opened)}`;
}

function textKeys(dict: Dict): string[] {
  return dict.keys().filter(key => typeof key === 'string');
}

/** `value[from:to:step]` by Python's rules. */
export function slice(value: Value, from: Value, to: Value, step: Value): Value {
  const opened = open(value);
  const stride = step === null ? 1 : integer(step, 'the step of a slice');
  if (stride === 0) throw valueError('the step of a slice cannot be zero');
  if (typeof opened === 'string') return pick(characters(opened), from, to, stride).join('');
  if (Array.isArray(opened)) return pick(opened, from, to, stride);
  if (opened instanceof Tuple) return new Tuple(pick(opened.items, from, to, stride));
  if (opened instanceof Range) return pick(Array.from(opened), from, to, stride);
  throw typeError(`${kindOf(opened)} cannot be sliced`, 'a list or a string can');
}

function pick<T>(items: readonly T[], from: Value, to: Value, step: number): T[] {
  const { length } = items;
  const bound = (value: Value, otherwise: number): number => {
    if (open(value) === null) return otherwise;
    const index = integer(value, 'the bound of a slice');
    const at = index < 0 ? index + length : index;
    return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
  };
  const start = bound(from, step > 0 ? 0 : length - 1);
  const stop = bound(to, step > 0 ? length : -1);
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const picked: T[] = [];
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) {
    const one = items[index];
    if (one !== undefined) picked.push(one);
  }
  return picked;
}
