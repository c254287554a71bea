import { valueError } from '../error.ts';
import { Tuple, type Value } from '../value.ts';

/** More results than this are refused rather than made. */
const MOST = 1_000_000;

function bounded(count: number): void {
  if (count > MOST) throw valueError('the result would be too large');
}

/** Every choice of one item from each list. */
export function product(lists: readonly (readonly Value[])[]): Value[] {
  bounded(lists.reduce((count, items) => count * items.length, 1));
  const rows = lists.reduce<readonly (readonly Value[])[]>(
    (found, items) => found.flatMap(row => items.map(item => [...row, item])),
    [[]],
  );
  return rows.map(row => new Tuple(row));
}

/** Every choice of so many items, in their order. */
export function combinations(items: readonly Value[], count: number): Value[] {
  if (count < 0) throw valueError('the size cannot be negative');
  bounded(choices(items.length, count) / choices(count, count));
  const found: Value[][] = [];
  const extend = (row: Value[], from: number): void => {
    if (row.length === count) found.push(row);
    else
      for (let index = from; index <= items.length - (count - row.length); index++)
        extend([...row, ...items.slice(index, index + 1)], index + 1);
  };
  extend([], 0);
  return found.map(row => new Tuple(row));
}

/** Every order of so many items. */
export function permutations(items: readonly Value[], count = items.length): Value[] {
  if (count < 0) throw valueError('the size cannot be negative');
  bounded(choices(items.length, count));
  const found: Value[][] = [];
  const extend = (row: Value[], left: readonly Value[]): void => {
    if (row.length === count) found.push(row);
    else for (const [index, item] of left.entries()) extend([...row, item], left.toSpliced(index, 1));
  };
  if (count <= items.length) extend([], items);
  return found.map(row => new Tuple(row));
}

/** How many ways there are to take so many of the items one after the other. */
function choices(items: number, taken: number): number {
  return Array.from({ length: Math.min(taken, items + 1) }, (_, index) => items - index).reduce(
    (ways, left) => ways * left,
    1,
  );
}
