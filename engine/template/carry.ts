import { MASK, Secret } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import type { Span } from '../source/span.ts';
import { TemplateError } from './error.ts';
import { Blank, type Opened, PyObject, Undefined, type Value } from './value.ts';

/**
 * How unknown and secret values travel. Only `open` looks inside a value. One that meets an Unknown leaves the operation by
 * `UnknownMet`, and the operation's result is that Unknown. One that meets a Secret marks the operation, and its result is a Secret.
 * An operation is what `carry` surrounds: one operator, filter, test or call, the text of one template, one macro.
 */
class UnknownMet {
  readonly unknown: Unknown;
  constructor(unknown: Unknown) {
    this.unknown = unknown;
  }
}

/** Whether the innermost operation has looked into a secret. Evaluation is synchronous, so one variable serves. */
let metSecret = false;

/** Where an operation stands; asked only when something goes wrong. */
export interface Place {
  readonly span: Span | undefined;
  /** Whether the operation may give something undefined: an attribute, an item, a filter such as `first`. */
  readonly mayBeUndefined?: boolean;
}

/** What comes of an unknown value where it may also be that nothing comes: whether it is defined is unknown, too. */
class PerhapsUndefined extends Unknown {}

const perhaps = new WeakMap<Unknown, PerhapsUndefined>();

function perhapsUndefined(unknown: Unknown): Unknown {
  if (unknown instanceof PerhapsUndefined) return unknown;
  const known = perhaps.get(unknown) ?? new PerhapsUndefined(unknown.until);
  perhaps.set(unknown, known);
  return known;
}

/** Whether a value is defined, inside an operation; leaves it where that is unknown. */
export function isDefined(value: Value): boolean {
  if (value instanceof PerhapsUndefined) throw new UnknownMet(value);
  return !(value instanceof Undefined);
}

/** What can be looked at in a `Blank`. */
class Nothing extends PyObject {
  readonly typeName = 'Undefined';
  override text(): string {
    return '';
  }

  override iterate(): Iterable<Value> {
    return [];
  }

  override size(): number {
    return 0;
  }
}

const nothing = new Nothing();

/** The value for looking into. Leaves the operation where it is unknown, throws where it is undefined, marks the operation where it is secret. */
export function open(value: Value): Opened {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) {
    metSecret = true;
    return open(value.reveal());
  }
  if (value instanceof Unknown) throw new UnknownMet(value);
  if (value instanceof Blank) return nothing;
  if (value instanceof Undefined) throw value.error();
  return value;
}

/** The value as a Secret, unless it already is one or there is nothing to hide. */
function conceal(value: Value): Value {
  return value instanceof Secret || value instanceof Unknown || value instanceof Undefined
    ? value
    : new Secret(value, 'computed');
}

/** The value, as a Secret if the operation that computes it has looked into one. */
export function concealIfMet(value: Value): Value {
  return metSecret ? conceal(value) : value;
}

/** Whether the present operation has looked into a secret. */
export function hasMetSecret(): boolean {
  return metSecret;
}

/** A piece of a value for a message; asterisks where the operation has met a secret. */
export function shown(text: string): string {
  return metSecret ? MASK : text;
}

/** Runs one operation: its result is unknown or secret where the operation looked into such a value; errors get its place. */
export function carry<A extends readonly unknown[]>(
  place: Place | undefined,
  compute: (...args: A) => Value,
  ...args: A
): Value {
  const outer = metSecret;
  metSecret = false;
  try {
    const value = compute(...args);
    return metSecret ? conceal(value) : value;
  } catch (error) {
    if (error instanceof UnknownMet)
      return place?.mayBeUndefined ? perhapsUndefined(error.unknown) : error.unknown;
    if (error instanceof TemplateError) error.at(place?.span);
    throw error;
  } finally {
    metSecret = outer;
  }
}

/** The truth of a question about a value that may be unknown, secrets looked into: for callers outside of a template. */
export function answer(question: () => boolean): boolean | Unknown {
  const outer = metSecret;
  try {
    return question();
  } catch (error) {
    if (error instanceof UnknownMet) return error.unknown;
    throw error;
  } finally {
    metSecret = outer;
  }
}

/** Gives errors their place. Unlike `carry`, this is no operation of its own: unknown and secret values concern the one around it. */
export function located<T>(place: Place, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError) error.at(place.span);
    throw error;
  }
}
