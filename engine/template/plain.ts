import { Secret } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import { unreachable } from '../source/unreachable.ts';
import { normalised } from './arithmetic.ts';
import { Dict } from './dict.ts';
import { str } from './print.ts';
import { Float, PyObject, Range, Tuple, Undefined, type Value } from './value.ts';

/** JavaScript's own data, as modules and reports use it; secrets stay Secrets, unknown values Unknowns, at any depth. */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Plain[]
  | { readonly [key: string]: Plain }
  | Secret<Plain>
  | Unknown;

/** A value out of plain data. Numbers with decimals become floats; `undefined` inside of objects is left out. Throws for anything else. */
export function fromPlain(plain: unknown): Value {
  if (plain === null || plain === undefined) return null;
  if (typeof plain === 'boolean' || typeof plain === 'string') return plain;
  if (typeof plain === 'number') return Number.isSafeInteger(plain) ? plain : new Float(plain);
  if (typeof plain === 'bigint') return normalised(plain);
  if (plain instanceof Secret) return plain.map(fromPlain);
  if (
    plain instanceof Unknown ||
    plain instanceof Float ||
    plain instanceof Tuple ||
    plain instanceof Dict ||
    plain instanceof PyObject
  )
    return plain;
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (plain instanceof Map)
    return new Dict(Array.from(plain, ([key, value]) => [fromPlain(key), fromPlain(value)] as const));
  if (typeof plain !== 'object') throw new TypeError(`a ${typeof plain} is no plain data`);
  return new Dict(
    Object.entries(plain)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, fromPlain(value)] as const),
  );
}

/** Plain data out of a value: keys as texts, floats as numbers, tuples as arrays. Throws TemplateError where something is undefined. */
export function toPlain(value: Value): Plain {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Unknown) return value;
  if (value instanceof Secret) return value.map(toPlain);
  if (value instanceof Undefined) throw value.error();
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Tuple) return value.items.map(toPlain);
  if (value instanceof Range) return Array.from(value);
  if (value instanceof Dict) return plainObject(value);
  const items = value.iterate();
  return items === undefined ? value.text() : Array.from(items, toPlain);
}

/** `fromEntries` defines properties, so a key such as `__proto__` is a key like any other. */
function plainObject(dict: Dict): { readonly [key: string]: Plain } {
  return Object.fromEntries(Array.from(dict.entries(), ([key, value]) => [str(key), toPlain(value)]));
}

/** A value out of a YAML node: its templates are not evaluated. */
export function fromNode(node: Node): Value {
  switch (node.kind) {
    case 'scalar':
      return fromScalar(node);
    case 'sequence':
      return node.items.map(fromNode);
    case 'mapping':
      return new Dict(node.entries.map(({ key, value }) => [key, fromNode(value)] as const));
    default:
      return unreachable(node);
  }
}

function fromScalar({ value, float }: ScalarNode): Value {
  return typeof value === 'number' && (float || !Number.isSafeInteger(value)) ? new Float(value) : value;
}
