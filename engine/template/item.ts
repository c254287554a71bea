import { open } from './carry.ts';
import { characters } from './coerce.ts';
import { Dict } from './dict.ts';
import { type Opened, Range, Tuple, type Value } from './value.ts';

/** The item of a dict, list, tuple or string; undefined where it has none. */
export function itemOrNone(opened: Opened, key: Value): Value | undefined {
  if (opened instanceof Dict) return isHashable(key) ? opened.get(key) : undefined;
  const name = open(key);
  const index = typeof name === 'boolean' ? Number(name) : name;
  if (typeof index !== 'number') return undefined;
  if (Array.isArray(opened)) return opened.at(index);
  if (opened instanceof Tuple) return opened.items.at(index);
  if (typeof opened === 'string') return characters(opened).at(index);
  if (!(opened instanceof Range)) return undefined;
  const at = index < 0 ? index + opened.length : index;
  return at >= 0 && at < opened.length ? opened.at(at) : undefined;
}

function isHashable(key: Value): boolean {
  const opened = open(key);
  return !Array.isArray(opened) && !(opened instanceof Dict);
}
