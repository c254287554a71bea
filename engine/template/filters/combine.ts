import { unreachable } from '../../source/unreachable.ts';
import { open } from '../carry.ts';
import { ValueSet } from '../coerce.ts';
import { equal } from '../compare.ts';
import { Dict } from '../dict.ts';
import type { Value } from '../value.ts';

/** What becomes of a list that both dictionaries have. */
export type ListMerge = 'replace' | 'keep' | 'append' | 'prepend' | 'append_rp' | 'prepend_rp';

interface CombineOptions {
  readonly recursive: boolean;
  readonly listMerge: ListMerge;
}

/** Ansible's `merge_hash`: the second dictionary over the first; neither is changed. */
export function combine(low: Dict, high: Dict, options: CombineOptions): Dict {
  const merged = new Dict(low.entries());
  for (const [key, value] of high.entries()) merged.set(key, mergedValue(merged.get(key), value, options));
  return merged;
}

function mergedValue(low: Value | undefined, high: Value, options: CombineOptions): Value {
  if (low === undefined || (!options.recursive && options.listMerge === 'replace')) return high;
  const [below, above] = [open(low), open(high)];
  if (options.recursive && below instanceof Dict && above instanceof Dict)
    return combine(below, above, options);
  return Array.isArray(below) && Array.isArray(above) ? mergedLists(below, above, options.listMerge) : high;
}

function mergedLists(low: readonly Value[], high: readonly Value[], merge: ListMerge): Value[] {
  switch (merge) {
    case 'replace':
      return [...high];
    case 'keep':
      return [...low];
    case 'append':
      return [...low, ...high];
    case 'prepend':
      return [...high, ...low];
    case 'append_rp':
      return [...without(low, high), ...high];
    case 'prepend_rp':
      return [...high, ...without(low, high)];
    default:
      return unreachable(merge);
  }
}

function without(items: readonly Value[], others: readonly Value[]): Value[] {
  const seen = new ValueSet(equal, others);
  return items.filter(item => !seen.has(item));
}
