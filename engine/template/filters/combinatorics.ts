import { valueError } from '../error.ts';
import { Tuple, type Value } from '../value.ts';

/** More results than this are refused rather than made. */
const MOST = 1_000_000;

function bounded(found: readonly unknown[]): void {
  if (found.length > MOST) throw valueError('the result would be too large');
}

/** Every choice of one item from each list. */
export function product(lists: readonly (readonly Value[])[]): Value[] {
  const rows = lists.reduce<readonly (readonly Value[])[]>(
    (found, items) => {
      bounded(found);
      return found.flatMap(row => items.map(item => [...row, item]));
    },
    [[]],
  );
  return rows.map(row => new Tuple(row));
}

/** Every choice of so many items, in their order. */
export function combinations(items: readonly Value[], count: number): Value[] {
  if (count < 0) throw valueError('the size cannot be negative');
  const found: Value[][] = [];
  const extend = (row: Value[], from: number): void => {
    bounded(found);
    if (row.length === count) found.push(row);
    else for (const [index, item] of items.slice(from).entries()) extend([...row, item], from + index + 1);
  };
  extend([], 0);
  return found.map(row => new Tuple(row));
}

/** Every order of so many items. */
export function permutations(items: readonly Value[], count = items.length): Value[] {
  if (count < 0) throw valueError('the size cannot be negative');
  const found: Value[][] = [];
  const extend = (row: Value[], left: readonly Value[]): void => {
    bounded(found);
    if (row.length === count) found.push(row);
    else for (const [index, item] of left.entries()) extend([...row, item], left.toSpliced(index, 1));
  };
  extend([], items);
  return found.map(row => new Tuple(row));
}
