import { arithmetic } from '../arithmetic.ts';
import { open } from '../carry.ts';
import { integer, iterate, list, sequence, size, string, truth, ValueSet } from '../coerce.ts';
import { compare, equal } from '../compare.ts';
import { Dict } from '../dict.ts';
import { operations } from '../environment.ts';
import { typeError, valueError } from '../error.ts';
import { itemsOf } from '../methods/dict.ts';
import { kindOf, str } from '../print.ts';
import { sorted } from '../sort.ts';
import { orElse, PyObject, Tuple, Undefined, type Value } from '../value.ts';
import { attributeReader, withoutCase } from './attribute.ts';

const identity = (value: Value): Value => value;

function keyReader(attribute: Value, caseSensitive: Value): (value: Value) => Value {
  const read = open(attribute) === null ? identity : attributeReader(attribute);
  return truth(caseSensitive) ? read : value => withoutCase(read(value));
}

/** Jinja2's filters of lists and dictionaries. */
export const sequenceFilters = operations({
  first: [input => firstOf(iterate(input), 'first')],
  last: [input => firstOf(list(input).reverse(), 'last')],
  length: [input => size(input)],
  count: [input => size(input)],
  list: [input => list(input)],
  reverse: [reverse],
  join: ['d?', 'attribute?', (input, [d = '', attribute = null]) => join(input, d, attribute)],
  sort: [
    'reverse?',
    'case_sensitive?',
    'attribute?',
    (input, [down = false, exact = false, by = null]) => sorted(list(input), sortKey(by, exact), truth(down)),
  ],
  unique: [
    'case_sensitive?',
    'attribute?',
    (input, [exact = false, by = null]) => unique(list(input), keyReader(by, exact)),
  ],
  min: [
    'case_sensitive?',
    'attribute?',
    (input, [exact = false, by = null]) => extreme(list(input), keyReader(by, exact), -1),
  ],
  max: [
    'case_sensitive?',
    'attribute?',
    (input, [exact = false, by = null]) => extreme(list(input), keyReader(by, exact), 1),
  ],
  sum: [
    'attribute?',
    'start?',
    (input, [by = null, start = 0]) =>
      sum(list(input), open(by) === null ? identity : attributeReader(by), start),
  ],
  batch: [
    'linecount',
    'fill_with?',
    (input, [count = null, fill = null]) => batch(list(input), integer(count, 'the size of a batch'), fill),
  ],
  slice: [
    'slices',
    'fill_with?',
    (input, [count = null, fill = null]) => slices(list(input), integer(count, 'the number of slices'), fill),
  ],
  groupby: [
    'attribute',
    'default?',
    'case_sensitive?',
    (input, [by = null, otherwise, exact = false]) => groupBy(input, by, otherwise, truth(exact)),
  ],
  dictsort: [
    'case_sensitive?',
    'by?',
    'reverse?',
    (input, [exact = false, by = 'key', down = false]) =>
      dictSort(input, truth(exact), string(by, '“by”'), truth(down)),
  ],
  items: [input => items(input)],
  random: [input => randomOf(list(input))],
  attr: ['name', (input, [name = null]) => attr(input, str(name))],
});

function firstOf(found: Iterable<Value>, filter: string): Value {
  for (const item of found) return item;
  return new Undefined(`… | ${filter}`, `the filter “${filter}” is given nothing to take from: it is empty`);
}

function reverse(input: Value): Value {
  const opened = open(input);
  return typeof opened === 'string' ? Array.from(opened).reverse().join('') : list(opened).reverse();
}

function join(input: Value, separator: Value, attribute: Value): Value {
  const read = open(attribute) === null ? identity : attributeReader(attribute);
  return Array.from(iterate(input), item => str(read(item))).join(str(separator));
}

/** Several attributes with commas sort by the first, then the next. */
function sortKey(by: Value, exact: Value): (value: Value) => Value {
  const attributes = open(by);
  if (typeof attributes !== 'string' || !attributes.includes(',')) return keyReader(by, exact);
  const readers = attributes.split(',').map(attribute => keyReader(attribute, exact));
  return value => new Tuple(readers.map(read => read(value)));
}

function unique(items_: readonly Value[], keyOf: (value: Value) => Value): Value[] {
  const seen = new ValueSet(equal);
  return items_.filter(item => seen.add(keyOf(item)));
}

function extreme(items_: readonly Value[], keyOf: (value: Value) => Value, sign: number): Value {
  const [first, ...rest] = items_;
  if (first === undefined)
    return new Undefined(
      sign < 0 ? '… | min' : '… | max',
      'there is no smallest or largest item: the list is empty',
    );
  let best = first;
  for (const item of rest) if (compare(keyOf(item), keyOf(best)) * sign > 0) best = item;
  return best;
}

function sum(items_: readonly Value[], read: (value: Value) => Value, start: Value): Value {
  if (typeof open(start) === 'string')
    throw typeError('“sum” adds numbers, not strings', 'use the filter “join”');
  return items_.reduce((total, item) => arithmetic('+', total, read(item)), start);
}

function batch(items_: readonly Value[], count: number, fill: Value): Value[] {
  if (count < 1) throw valueError('the size of a batch must be at least 1');
  const found: Value[][] = [];
  for (let at = 0; at < items_.length; at += count) found.push(items_.slice(at, at + count));
  const last = found.at(-1);
  if (last && open(fill) !== null) while (last.length < count) last.push(fill);
  return found;
}

function slices(items_: readonly Value[], count: number, fill: Value): Value[] {
  if (count < 1) throw valueError('the number of slices must be at least 1');
  const each = Math.floor(items_.length / count);
  const longer = items_.length % count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * each + Math.min(index, longer);
    const slice = items_.slice(start, start + each + (index < longer ? 1 : 0));
    return open(fill) !== null && index >= longer ? [...slice, fill] : slice;
  });
}

function groupBy(input: Value, by: Value, otherwise: Value | undefined, exact: boolean): Value[] {
  const read = attributeReader(by, otherwise);
  const keyOf = exact ? read : (value: Value) => withoutCase(read(value));
  const groups: { key: Value; members: Value[] }[] = [];
  for (const member of sorted(list(input), keyOf)) {
    const last = groups.at(-1);
    if (last && equal(keyOf(member), keyOf(last.members[0] ?? null))) last.members.push(member);
    else groups.push({ key: read(member), members: [member] });
  }
  return groups.map(({ key, members }) => new Tuple([key, members], ['grouper', 'list']));
}

function dictSort(input: Value, exact: boolean, by: string, down: boolean): Value {
  if (by !== 'key' && by !== 'value') throw valueError('“by” must be “key” or “value”');
  const opened = open(input);
  if (!(opened instanceof Dict)) throw typeError(`“dictsort” needs a dictionary, not ${kindOf(opened)}`);
  const keyOf = (pair: Value): Value => {
    const part = sequence(pair, 'a pair')[by === 'key' ? 0 : 1] ?? null;
    return exact ? part : withoutCase(part);
  };
  return sorted(itemsOf(opened), keyOf, down);
}

function items(input: Value): Value {
  if (input instanceof Undefined) return [];
  const opened = open(input);
  if (!(opened instanceof Dict)) throw typeError(`“items” needs a dictionary, not ${kindOf(opened)}`);
  return itemsOf(opened);
}

function randomOf(items_: readonly Value[]): Value {
  return orElse(
    items_[Math.floor(Math.random() * items_.length)],
    () => new Undefined('… | random', 'there is nothing to choose from: the list is empty'),
  );
}

function attr(input: Value, name: string): Value {
  const opened = open(input);
  return orElse(
    opened instanceof PyObject ? opened.attribute(name) : undefined,
    () => new Undefined(name, `${kindOf(opened)} has no attribute “${name}”`),
  );
}
