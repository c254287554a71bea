import { inspect } from 'node:util';

/** What stands where a secret would have been. */
export const MASK = '********';

/** Texts of all secrets of this process. Kept for the life of the process: a secret does not stop being one. */
const known = new Set<string>();
/** The same, longest first, as `redact` needs them; made anew when one was added. */
let byLength: readonly string[] | undefined;

/** Shorter texts would blot out ordinary words; those are kept from output by their type alone. */
const SHORTEST_GIVEN = 4;
/** What is computed from a secret may be an ordinary word (`{{ 'yes' if password }}`) or a whole file; only what looks like a secret itself is blotted out. */
const SHORTEST_COMPUTED = 12;
const LONGEST_COMPUTED = 512;

function rememberText(text: string, shortest: number): void {
  for (const form of [
    text,
    text.trim(),
    encodeURIComponent(text.toWellFormed()),
    JSON.stringify(text).slice(1, -1),
  ]) {
    if (form.length < shortest || known.has(form)) continue;
    known.add(form);
    byLength = undefined;
  }
}

function remember(value: unknown, origin: Origin): void {
  if (typeof value === 'string') {
    if (origin === 'given')
      for (const text of new Set([value, ...value.split('\n')])) rememberText(text, SHORTEST_GIVEN);
    else if (value.length <= LONGEST_COMPUTED && !value.trim().includes('\n'))
      rememberText(value, SHORTEST_COMPUTED);
  } else if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Secret) &&
    !(value instanceof Uint8Array)
  ) {
    for (const item of itemsOf(value)) remember(item, origin);
  }
}

/** The values in a list, map (also one of the template language) or record. */
function itemsOf(value: object): Iterable<unknown> {
  // Whatever has `values` gives its values by it: arrays, Maps, and dicts alike.
  return 'values' in value && typeof value.values === 'function'
    ? (value.values() as Iterable<unknown>)
    : Object.values(value);
}

/** Where a secret is from: somebody gave it, or it was computed from another one. */
type Origin = 'given' | 'computed';

/**
 * A value that is never shown: it prints, serialises and inspects as asterisks. Only what sends it to a host
 * (or computes another secret from it) calls `reveal`.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T, origin: Origin = 'given') {
    this.#value = value;
    remember(value, origin);
  }

  /** The value itself, for standard input or the environment of a remote command; never for a message. */
  reveal(): T {
    return this.#value;
  }

  /** A secret computed from this one. */
  map<U>(compute: (value: T) => U): Secret<U> {
    return new Secret(compute(this.#value), 'computed');
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** Text that may be secret. */
export type Text = string | Secret;

/** The text behind a `Text`. */
export function reveal(text: Text): string {
  return typeof text === 'string' ? text : text.reveal();
}

/** The text with every secret that this process knows replaced by asterisks: the last line of defence, for all output. */
export function redact(text: string): string {
  byLength ??= [...known].sort((a, b) => b.length - a.length);
  let clean = text;
  for (const secret of byLength) if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK);
  return clean;
}
