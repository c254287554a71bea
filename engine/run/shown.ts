import { isDeepStrictEqual } from 'node:util';
import { redact, Secret } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import type { FieldDrift, Shown } from './events.ts';

/** What stands where a task's `no_log` hides something. */
export const CENSORED = 'hidden, because of no_log';

/** The value as it may be shown: plain JSON, secrets masked, bytes as their count. */
export function shown(value: unknown): Shown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint' || value instanceof Unknown || value instanceof Secret) return String(value);
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  if (Array.isArray(value)) return value.map(shown);
  if (value instanceof Map)
    return Object.fromEntries(Array.from(value, ([key, item]) => [redact(String(key)), shown(item)]));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), shown(item)]));
  return String(value);
}

/** Which fields of a state differ from what is promised. */
export function driftOf(
  state: Readonly<Record<string, unknown>>,
  promised: Readonly<Record<string, unknown>>,
): readonly FieldDrift[] {
  return Object.entries(promised)
    .filter(([field, value]) => !isDeepStrictEqual(state[field], value))
    .map(([field, value]) => ({ field, before: shown(state[field]), after: shown(value) }));
}
