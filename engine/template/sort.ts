import { compare } from './compare.ts';
import type { Value } from './value.ts';

/** Items in the order of their keys, equals in the order they came; downwards where reversed. */
export function sorted(items: readonly Value[], keyOf: (item: Value) => Value, reverse = false): Value[] {
  const keyed = items.map(item => ({ item, key: keyOf(item) }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ item }) => item);
}
