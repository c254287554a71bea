import { open } from '../carry.ts';
import { iterate, list } from '../coerce.ts';
import { Dict } from '../dict.ts';
import { valueError } from '../error.ts';
import { DictView, orElse, Tuple, type Value } from '../value.ts';
import { methods } from './method.ts';

/** Python's methods of dict. */
export const dictMethods = methods<Dict>({
  keys: [self => new DictView('dict_keys', self.keys())],
  values: [self => new DictView('dict_values', self.values())],
  items: [self => new DictView('dict_items', itemsOf(self))],
  get: ['key', 'default?', (self, [key = null, otherwise = null]) => orElse(self.get(key), () => otherwise)],
  update: ['other?', '**named', (self, [other], { named }) => update(self, other, named)],
  pop: ['key', 'default?', (self, [key = null, otherwise]) => pop(self, key, otherwise)],
  popitem: [popItem],
  setdefault: ['key', 'default?', (self, [key = null, otherwise = null]) => setDefault(self, key, otherwise)],
  copy: [self => new Dict(self.entries())],
  clear: [self => clear(self)],
  fromkeys: [
    'keys',
    'value?',
    (_self, [keys = null, value = null]) => new Dict(list(keys).map(key => [key, value])),
  ],
});

/** The entries of a dict as tuples of two. */
export function itemsOf(dict: Dict): Tuple[] {
  return Array.from(dict.entries(), ([key, value]) => new Tuple([key, value]));
}

/** The entries that a dict, or a list of pairs, brings into another dict. */
export function pairsOf(value: Value): (readonly [Value, Value])[] {
  const opened = open(value);
  if (opened instanceof Dict) return [...opened.entries()];
  return Array.from(iterate(opened), pair => {
    const [key, item, ...more] = list(pair);
    if (key === undefined || item === undefined || more.length > 0)
      throw valueError('a dictionary is made of pairs of a key and a value');
    return [key, item] as const;
  });
}

function update(self: Dict, other: Value | undefined, named: ReadonlyMap<string, Value>): null {
  for (const [key, value] of other === undefined ? [] : pairsOf(other)) self.set(key, value);
  for (const [key, value] of named) self.set(key, value);
  return null;
}

function pop(self: Dict, key: Value, otherwise: Value | undefined): Value {
  const value = self.has(key) ? self.get(key) : otherwise;
  if (value === undefined) throw valueError('“pop” of a key that the dictionary does not have');
  self.delete(key);
  return value;
}

function popItem(self: Dict): Value {
  const last = itemsOf(self).at(-1);
  const [key] = last?.items ?? [];
  if (last === undefined || key === undefined) throw valueError('“popitem” of an empty dictionary');
  self.delete(key);
  return last;
}

function setDefault(self: Dict, key: Value, otherwise: Value): Value {
  const value = self.get(key);
  if (value !== undefined) return value;
  self.set(key, otherwise);
  return otherwise;
}

function clear(self: Dict): null {
  self.clear();
  return null;
}
