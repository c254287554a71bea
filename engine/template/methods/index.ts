import { Dict } from '../dict.ts';
import { bind } from '../signature.ts';
import { Callable, Float, type Opened, Range, Tuple } from '../value.ts';
import { dictMethods } from './dict.ts';
import { listMethods, tupleMethods } from './list.ts';
import type { Method } from './method.ts';
import { floatMethods, integerMethods } from './number.ts';
import { stringMethods } from './string.ts';

/** The method of that name bound to a value, if its type has one. */
export function methodOf(value: Opened, name: string): Callable | undefined {
  if (typeof value === 'string') return bound(stringMethods, value, name);
  if (value instanceof Dict) return bound(dictMethods, value, name);
  if (Array.isArray(value)) return bound(listMethods, value, name);
  if (value instanceof Range) return bound(tupleMethods, new Tuple([...value]), name);
  if (value instanceof Tuple) return bound(tupleMethods, value, name);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return bound(integerMethods, BigInt(value), name);
  return value instanceof Float ? bound(floatMethods, value, name) : undefined;
}

function bound<T>(table: ReadonlyMap<string, Method<T>>, self: T, name: string): Callable | undefined {
  const method = table.get(name);
  if (method === undefined) return undefined;
  return new Callable(name, given => {
    const found = bind(`the method “${name}”`, method.signature, given);
    return method.run(self, found.args, found);
  });
}
