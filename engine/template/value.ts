import type { Secret } from '../kit/secret.ts';
import type { Unknown } from '../kit/unknown.ts';
import type { Span } from '../source/span.ts';
import type { Dict } from './dict.ts';
import type { Context } from './environment.ts';
import { TemplateError } from './error.ts';

/** Whatever an expression can give. Lists are arrays; integers are numbers, and bigints beyond 2^53. */
export type Value = Opened | Undefined | Unknown | Secret<Value>;

/** A value that may be looked into: what `open` makes of any value. */
export type Opened =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | Value[]
  | Tuple
  | Dict
  | Range
  | PyObject;

/** A Python float. A class of its own, for `1.0` prints otherwise than `1`. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A Python tuple; a named one, whose items are attributes too, where `names` are given. */
export class Tuple {
  readonly items: readonly Value[];
  readonly names: readonly string[];
  constructor(items: readonly Value[], names: readonly string[] = []) {
    this.items = items;
    this.names = names;
  }
}

/** A Python range; its items are made when they are asked for. */
export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }

  at(index: number): number {
    return this.start + index * this.step;
  }

  *[Symbol.iterator](): Generator<number> {
    const { length } = this;
    for (let index = 0; index < length; index++) yield this.at(index);
  }
}

/**
 * What stands for a variable, attribute or item that is not there. Any use is an error, apart from `default`, `is defined` and
 * their like; an attribute of it is undefined too.
 */
export class Undefined {
  /** The name as it was written, e.g. `web.port`. */
  readonly name: string;
  /** What is missing, as a sentence. */
  readonly message: string;
  readonly span: Span | undefined;
  readonly hint: (() => string | undefined) | undefined;
  /** Why a variable that is there has no value: what went wrong inside it. */
  readonly cause: TemplateError | undefined;

  constructor(
    name: string,
    message: string,
    more: {
      readonly span?: Span | undefined;
      readonly hint?: () => string | undefined;
      readonly cause?: TemplateError;
    } = {},
  ) {
    this.name = name;
    this.message = message;
    this.span = more.span;
    this.hint = more.hint;
    this.cause = more.cause;
  }

  /** The error of using it. */
  error(): TemplateError {
    return (
      this.cause ??
      new TemplateError('undefined-variable', this.message, { span: this.span, hint: this.hint?.() })
    );
  }
}

/** What an inline `if` without `else` gives where it is false: undefined, but it prints as nothing, is false and is empty. */
export class Blank extends Undefined {}

/** The value, or another where there is none. Not `??`, which takes None for none. */
export function orElse(value: Value | undefined, otherwise: () => Value): Value {
  return value === undefined ? otherwise() : value;
}

/** The arguments of a call as they were written, evaluated. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** No arguments. */
export const noArguments: Arguments = { positional: [], named: new Map() };

/** An object that only says what it chooses to: expressions reach its attributes through `attribute`, and nothing else. */
export abstract class PyObject {
  /** The name of its Python type, as messages and `type_debug` show it. */
  abstract readonly typeName: string;

  /** The attribute of that name, if there is one. */
  attribute(_name: string): Value | undefined {
    return undefined;
  }

  /** What `str()` gives. */
  text(): string {
    return `<${this.typeName} object>`;
  }

  /** Its items, if it can be iterated. */
  iterate(): Iterable<Value> | undefined {
    return undefined;
  }

  /** How many items it has, if it has a length. */
  size(): number | undefined {
    return undefined;
  }

  /** Calls it; objects that cannot be called give undefined. */
  get call(): ((args: Arguments) => Value) | undefined {
    return undefined;
  }
}

/** A function: of the environment, a macro, or a method bound to its value. */
export class Callable extends PyObject {
  readonly typeName = 'function';
  readonly name: string;
  readonly #run: (args: Arguments) => Value;
  readonly #attributes: ReadonlyMap<string, Value>;

  constructor(
    name: string,
    run: (args: Arguments) => Value,
    attributes: ReadonlyMap<string, Value> = new Map(),
  ) {
    super();
    this.name = name;
    this.#run = run;
    this.#attributes = attributes;
  }

  override attribute(name: string): Value | undefined {
    return name === 'name' ? this.name : this.#attributes.get(name);
  }

  override text(): string {
    return `<function ${this.name}>`;
  }

  override get call(): (args: Arguments) => Value {
    return this.#run;
  }
}

/** A function that sees where it is called from: where a name stands for it, it is bound to the evaluation. */
export class ContextFunction extends PyObject {
  readonly typeName = 'function';
  readonly #bind: (context: Context) => Callable;

  constructor(bind: (context: Context) => Callable) {
    super();
    this.#bind = bind;
  }

  boundTo(context: Context): Callable {
    return this.#bind(context);
  }
}

/** What `dict.keys()`, `.values()` and `.items()` give: prints otherwise than a list. */
export class DictView extends PyObject {
  readonly typeName: string;
  readonly items: readonly Value[];

  constructor(typeName: 'dict_keys' | 'dict_values' | 'dict_items', items: readonly Value[]) {
    super();
    this.typeName = typeName;
    this.items = items;
  }

  override iterate(): Iterable<Value> {
    return this.items;
  }

  override size(): number {
    return this.items.length;
  }
}

/** `namespace(…)`: the one thing whose attributes `set` may change. */
export class Namespace extends PyObject {
  readonly typeName = 'Namespace';
  readonly #attributes: Map<string, Value>;

  constructor(attributes: Iterable<readonly [string, Value]>) {
    super();
    this.#attributes = new Map(attributes);
  }

  override attribute(name: string): Value | undefined {
    return this.#attributes.get(name);
  }

  set(name: string, value: Value): void {
    this.#attributes.set(name, value);
  }
}
