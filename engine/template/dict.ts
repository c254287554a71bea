import { open } from './carry.ts';
import { typeError } from './error.ts';
import { Float, Tuple, type Value } from './value.ts';

/** What two keys share if and only if Python holds them equal. */
type Canonical = string | number | bigint | null | symbol | object;

function canonical(key: Value): Canonical {
  const value = open(key);
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return value;
  if (value instanceof Float) return canonicalFloat(value.value);
  if (value instanceof Tuple) return Symbol.for(tupleKey(value));
  if (Array.isArray(value)) throw typeError('a list cannot be a key of a dictionary');
  if (value instanceof Dict) throw typeError('a dictionary cannot be a key of a dictionary');
  return value;
}

function canonicalFloat(value: number): number | bigint {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;
}

function tupleKey(tuple: Tuple): string {
  const parts = tuple.items.map(item => {
    const key = canonical(item);
    return typeof key === 'symbol'
      ? (key.description ?? '')
      : typeof key === 'string'
        ? JSON.stringify(key)
        : String(key);
  });
  return `(${parts.join(',')})`;
}

/** Whether Python holds two hashable values equal; the same text for both, usable as a key of a Map. */
export function hash(value: Value): Canonical {
  return canonical(value);
}

/** A Python dict: keys of any hashable kind, `1`, `1.0` and `True` being one key; in the order of insertion. */
export class Dict {
  readonly #entries = new Map<Canonical, [key: Value, value: Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(canonical(key))?.[1];
  }

  has(key: Value): boolean {
    return this.#entries.has(canonical(key));
  }

  /** Sets a value; a key that is there already keeps its place and its first writing, as in Python. */
  set(key: Value, value: Value): void {
    const name = canonical(key);
    const entry = this.#entries.get(name);
    if (entry === undefined) this.#entries.set(name, [key, value]);
    else entry[1] = value;
  }

  delete(key: Value): boolean {
    return this.#entries.delete(canonical(key));
  }

  clear(): void {
    this.#entries.clear();
  }

  keys(): Value[] {
    return Array.from(this.#entries.values(), entry => entry[0]);
  }

  values(): Value[] {
    return Array.from(this.#entries.values(), entry => entry[1]);
  }

  entries(): Iterable<readonly [Value, Value]> {
    return this.#entries.values();
  }
}
