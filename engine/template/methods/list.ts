import { callValue } from '../apply.ts';
import { open } from '../carry.ts';
import { integer, list, truth } from '../coerce.ts';
import { equal } from '../compare.ts';
import { valueError } from '../error.ts';
import { sorted } from '../sort.ts';
import type { Tuple, Value } from '../value.ts';
import { methods } from './method.ts';

function indexOf(items: readonly Value[], wanted: Value, from = 0): number {
  const index = items.findIndex((item, at) => at >= from && equal(item, wanted));
  if (index < 0) throw valueError('the value is not in the list');
  return index;
}

function count(items: readonly Value[], wanted: Value): number {
  return items.filter(item => equal(item, wanted)).length;
}

/** Python's methods of list. */
export const listMethods = methods<Value[]>({
  append: ['item', (self, [item = null]) => extend(self, [item])],
  extend: ['items', (self, [items = null]) => extend(self, list(items))],
  insert: [
    'index',
    'item',
    (self, [index = 0, item = null]) => replace(self, integer(index, 'the index'), 0, [item]),
  ],
  pop: ['index?', (self, [index = -1]) => pop(self, integer(index, 'the index'))],
  remove: ['item', (self, [item = null]) => replace(self, indexOf(self, item), 1, [])],
  index: [
    'item',
    'start?',
    (self, [item = null, start = 0]) => indexOf(self, item, integer(start, 'the start')),
  ],
  count: ['item', (self, [item = null]) => count(self, item)],
  sort: ['key?', 'reverse?', (self, [key = null, reverse = false]) => sort(self, key, reverse)],
  reverse: [self => replace(self, 0, self.length, [...self].reverse())],
  copy: [self => [...self]],
  clear: [self => replace(self, 0, self.length, [])],
});

/** Python's methods of tuple. */
export const tupleMethods = methods<Tuple>({
  index: ['item', (self, [item = null]) => indexOf(self.items, item)],
  count: ['item', (self, [item = null]) => count(self.items, item)],
});

function extend(self: Value[], items: readonly Value[]): null {
  for (const item of items) self.push(item);
  return null;
}

function replace(self: Value[], at: number, count: number, items: readonly Value[]): null {
  self.splice(at, count, ...items);
  return null;
}

function pop(self: Value[], index: number): Value {
  const at = index < 0 ? index + self.length : index;
  const [item] = at < 0 ? [] : self.splice(at, 1);
  if (item === undefined) throw valueError('“pop” from a list that has no such item');
  return item;
}

function sort(self: Value[], key: Value, reverse: Value): null {
  const by = open(key);
  const keyOf =
    by === null
      ? (item: Value) => item
      : (item: Value) => callValue(by, { positional: [item], named: new Map() }, () => 'key');
  self.splice(0, self.length, ...sorted(self, keyOf, truth(reverse)));
  return null;
}
