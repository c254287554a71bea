import { inspect } from 'node:util';

/** What stands where a secret would have been. */
export const MASK = '********';

/** Texts of all secrets of this process, longest first, for `redact`. Kept for the life of the process: a secret does not stop being one. */
let known: readonly string[] = [];

/** Shorter texts would blot out ordinary words; those are kept from output by their type alone. */
const SHORTEST_REDACTED = 4;

function remember(value: unknown): void {
  if (typeof value === 'string') {
    const texts = [value, value.trim(), ...(value.includes('\n') ? value.split('\n') : [])]
      .flatMap(text => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])
      .filter(text => text.length >= SHORTEST_REDACTED && !known.includes(text));
    if (texts.length > 0) known = [...new Set([...known, ...texts])].sort((a, b) => b.length - a.length);
  } else if (Array.isArray(value)) for (const item of value) remember(item);
  else if (value instanceof Map) for (const item of value.values()) remember(item);
  else if (typeof value === 'object' && value !== null && !(value instanceof Secret))
    for (const item of Object.values(value)) remember(item);
}

/**
 * A value that is never shown: it prints, serialises and inspects as asterisks. Only what sends it to a host
 * (or computes another secret from it) calls `reveal`.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
    remember(value);
  }

  /** The value itself, for standard input or the environment of a remote command; never for a message. */
  reveal(): T {
    return this.#value;
  }

  /** A secret computed from this one. */
  map<U>(compute: (value: T) => U): Secret<U> {
    return new Secret(compute(this.#value));
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
  let clean = text;
  for (const secret of known) if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK);
  return clean;
}
