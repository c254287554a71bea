import type { ObjectSchema, Schema } from './schema.ts';
import { Secret } from './secret.ts';
import { Unknown } from './unknown.ts';

/** Stands for a value that only the run knows, where arguments are checked before it. */
export class Deferred {
  toString(): string {
    return '(known when it runs)';
  }
}

/** Whether a value, or one within it, will be known only when it runs. */
export function isOpen(value: unknown): boolean {
  if (value instanceof Deferred || value instanceof Unknown) return true;
  if (value instanceof Secret || typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(isOpen);
}

/** A value that is not of the type it should be, with the way to it from the arguments. */
export interface Mismatch {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const TRUE = new Set(['true', 'yes', 'on', '1', 'y', 't']);
const FALSE = new Set(['false', 'no', 'off', '0', 'n', 'f']);

/**
 * The value as its schema wants it, the way Ansible is lenient: `"5"` for an integer, `yes` for a boolean, one item for a list, an octal
 * number for a mode; aliases are renamed and defaults filled in. What cannot be is reported and returned as it is.
 */
export function coerce(
  schema: Schema,
  value: unknown,
  mismatches: Mismatch[],
  path: readonly (string | number)[] = [],
): unknown {
  if (value instanceof Deferred || value instanceof Unknown) return value;
  if (value instanceof Secret) return coerceSecret(schema, value, mismatches, path);
  const wrong = (expected: string): unknown => {
    mismatches.push({ path, message: `must be ${expected}, not ${described(value)}` });
    return value;
  };
  switch (schema.type) {
    case 'any':
      return value;
    case 'string':
      return coerceText(schema, value) ?? wrong('text');
    case 'boolean':
      return coerceBoolean(value) ?? wrong('true or false');
    case 'integer':
    case 'number':
      return (
        coerceNumber(schema.type, value) ?? wrong(schema.type === 'integer' ? 'a whole number' : 'a number')
      );
    case 'array': {
      const items =
        schema.commas === true && typeof value === 'string'
          ? value
              .split(',')
              .map(item => item.trim())
              .filter(item => item !== '')
          : Array.isArray(value)
            ? value
            : [value];
      return items.map((item, index) =>
        coerce(schema.items, item, mismatches, Array.isArray(value) ? [...path, index] : path),
      );
    }
    case 'object':
      if (!isRecord(value)) return wrong('a mapping');
      if ('additionalProperties' in schema) {
        return Object.fromEntries(
          Object.entries(value).map(([key, item]) => [
            key,
            coerce(schema.additionalProperties, item, mismatches, [...path, key]),
          ]),
        );
      }
      return coerceProperties(schema, value, mismatches, path);
  }
}

function coerceSecret(
  schema: Schema,
  secret: Secret<unknown>,
  mismatches: Mismatch[],
  path: readonly (string | number)[],
): unknown {
  if (schema.type === 'any') return secret;
  const inner: Mismatch[] = [];
  const value = coerce(schema, secret.reveal(), inner, path);
  mismatches.push(
    ...inner.map(mismatch => ({
      ...mismatch,
      message: 'the secret value is not of the type that is wanted',
    })),
  );
  return schema.type === 'string' && 'secret' in schema && typeof value === 'string'
    ? new Secret(value, 'computed')
    : value;
}

function coerceText(schema: Schema, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isMode = 'format' in schema && schema.format === 'mode';
  if (typeof value === 'number' || typeof value === 'bigint')
    return isMode ? value.toString(8).padStart(4, '0') : String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return undefined;
}

function coerceBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
}

function coerceNumber(type: 'integer' | 'number', value: unknown): number | undefined {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'bigint' || (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value))
        ? Number(value)
        : Number.NaN;
  return Number.isNaN(number) || (type === 'integer' && !Number.isInteger(number)) ? undefined : number;
}

function coerceProperties(
  schema: ObjectSchema,
  value: Readonly<Record<string, unknown>>,
  mismatches: Mismatch[],
  path: readonly (string | number)[],
): unknown {
  const result: Record<string, unknown> = {};
  const nameOf = new Map(
    Object.entries(schema.properties).flatMap(([name, property]) =>
      [name, ...(property.aliases ?? [])].map(alias => [alias, name] as const),
    ),
  );
  for (const [written, item] of Object.entries(value)) {
    const name = nameOf.get(written) ?? written;
    const property = schema.properties[name];
    if (property !== undefined && item === null && property.type !== 'any') continue; // `arg:` with nothing behind it is as good as absent
    if (name !== written && name in value)
      mismatches.push({
        path: [...path, written],
        message: `is another name of “${name}”, which is there too`,
      });
    result[name] = property === undefined ? item : coerce(property, item, mismatches, [...path, written]);
  }
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!(name in result) && 'default' in property && property.default !== undefined)
      result[name] = property.default;
  }
  return result;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function described(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'a mapping';
  return typeof value === 'string' ? `“${value}”` : String(value);
}
