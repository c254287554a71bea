import type { Bound, Signature } from '../signature.ts';
import type { Value } from '../value.ts';

/** The function of a method: its value, its arguments in the order of the signature. */
export type MethodRun<T> = (self: T, args: readonly (Value | undefined)[], bound: Bound) => Value;

/** A method of the values of one type. */
export interface Method<T> {
  readonly signature: Signature;
  readonly run: MethodRun<T>;
}

/** Makes methods of a table: each name with its parameters, as in `operations`, and its function. */
export function methods<T>(
  table: Readonly<Record<string, readonly [...parameters: string[], run: MethodRun<T>]>>,
): ReadonlyMap<string, Method<T>> {
  return new Map(
    Object.entries(table).map(([name, entry]) => {
      const parts: readonly (string | MethodRun<T>)[] = entry;
      const run = parts.find(part => typeof part === 'function');
      if (run === undefined) throw new Error(`the method “${name}” has no function`);
      return [name, { signature: parts.filter(part => typeof part === 'string'), run }];
    }),
  );
}
