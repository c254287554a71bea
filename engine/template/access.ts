import { didYouMeanHint } from '../source/suggest.ts';
import { open, shown } from './carry.ts';
import { characters, integer, size } from './coerce.ts';
import { Dict } from './dict.ts';
import { typeError, valueError } from './error.ts';
import { itemOrNone } from './item.ts';
import { methodOf } from './methods/index.ts';
import { kindOf, quoted } from './print.ts';
import { type Opened, orElse, PyObject, Range, Tuple, Undefined, type Value } from './value.ts';

/** How the value whose attribute is asked for was written, e.g. `web.ports`, for messages. */
export type Written = () => string;

/** `value.name`: a method or attribute, else the item under that key; undefined where there is neither. */
export function attribute(value: Value, name: string, written: Written): Value {
  if (value instanceof Undefined) return deeper(value, name);
  const opened = open(value);
  const found = attributeOrNone(opened, name);
  if (found !== undefined) return found;
  const item = opened instanceof Dict ? opened.get(name) : undefined;
  return orElse(item, () => missing(opened, name, written));
}

function attributeOrNone(opened: Opened, name: string): Value | undefined {
  if (opened instanceof PyObject) return opened.attribute(name);
  const named = opened instanceof Tuple ? opened.names.indexOf(name) : -1;
  return named >= 0 && opened instanceof Tuple ? opened.items[named] : methodOf(opened, name);
}

/** `value[key]`: an item, else the method or attribute of that name; undefined where there is neither. */
export function item(value: Value, key: Value, written: Written): Value {
  if (value instanceof Undefined) return deeper(value, '…');
  const opened = open(value);
  const name = open(key);
  const found = itemOrNone(opened, name);
  if (found !== undefined) return found;
  const named = typeof name === 'string' ? attributeOrNone(opened, name) : undefined;
  return orElse(named, () => missing(opened, name, written));
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
  if (opened instanceof Range) return sliceOfRange(opened, from, to, stride);
  throw typeError(`${kindOf(opened)} cannot be sliced`, 'a list or a string can');
}

function sliceOfRange(range: Range, from: Value, to: Value, stride: number): Range {
  const [start, stop] = bounds(range.length, from, to, stride);
  return new Range(range.at(start), range.at(stop), range.step * stride);
}

function pick<T>(items: readonly T[], from: Value, to: Value, step: number): T[] {
  const [start, stop] = bounds(items.length, from, to, step);
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const picked: T[] = [];
  for (let index = start; step > 0 ? index < stop : index > stop; index += step)
    picked.push(...items.slice(index, index + 1));
  return picked;
}

/** Where a slice starts and stops in a sequence of that length. */
function bounds(
  length: number,
  from: Value,
  to: Value,
  step: number,
): readonly [start: number, stop: number] {
  const bound = (value: Value, otherwise: number): number => {
    if (open(value) === null) return otherwise;
    const index = integer(value, 'the bound of a slice');
    const at = index < 0 ? index + length : index;
    return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
  };
  return [bound(from, step > 0 ? 0 : length - 1), bound(to, step > 0 ? length : -1)];
}
