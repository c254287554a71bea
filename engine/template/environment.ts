import type { Unknown } from '../kit/unknown.ts';
import { type Bound, bind, type Signature } from './signature.ts';
import type { Template } from './template.ts';
import { type Arguments, Callable, type Value } from './value.ts';

/** The variables that a template sees. */
export interface Scope {
  /** The value of a variable, `undefined` where there is none. It may be computed only now; TemplateErrors of that pass through, with a note of the variable. */
  get(name: string): Value | undefined;
  /** All names that `get` knows, for “did you mean”. */
  names?(): Iterable<string>;
  readonly environment: Environment;
}

/** Filters, tests, functions and lookups: plain maps, put together with spread syntax of their entries. */
export interface Environment {
  readonly filters: ReadonlyMap<string, Operation>;
  readonly tests: ReadonlyMap<string, Operation>;
  /** Functions and values that every template sees, below its variables. */
  readonly globals: ReadonlyMap<string, Value>;
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** Finds a template for `include`, `import` and `extends`. */
  load?(name: string): Template | undefined;
}

/** What an operation may ask for besides its arguments. */
export interface Call extends Bound {
  readonly context: Context;
}

/** Where an operation runs: its variables and, through `environment`, the other operations. */
export interface Context {
  readonly scope: Scope;
  readonly environment: Environment;
}

/**
 * A filter or test. It looks into values by the functions of `coerce.ts` only, which is what carries unknown and secret values. `args` come
 * in the order of `signature`, without the input; those not given are `undefined`.
 */
export interface Operation {
  readonly name: string;
  readonly signature: Signature;
  run(input: Value, args: readonly (Value | undefined)[], call: Call): Value;
}

/** Reads something from where the engine runs, e.g. a file. `terms` are the positional arguments behind the lookup's name. */
export interface Lookup {
  readonly name: string;
  run(
    terms: readonly Value[],
    options: ReadonlyMap<string, Value>,
    context: Context,
  ): readonly Value[] | Unknown;
}

/** The function of an operation; `args` are typed as possibly absent, required ones too, for `bind` has seen to them. */
export type Run = Operation['run'];

/** Makes filters or tests of a table: each name with its parameters behind the input (`d?` optional, `*rest`, `**named`) and its function. */
export function operations(
  table: Readonly<Record<string, readonly [...parameters: string[], run: Run]>>,
): ReadonlyMap<string, Operation> {
  return new Map(Object.entries(table).map(([name, entry]) => [name, operation(name, entry)]));
}

function operation(name: string, entry: readonly (string | Run)[]): Operation {
  const parameters = entry.filter(part => typeof part === 'string');
  const run = entry.find(part => typeof part === 'function');
  if (run === undefined) throw new Error(`“${name}” has no function`);
  return { name, signature: parameters, run };
}

/** A function for `globals`, with parameters as in `operations`. */
export function globalFunction(
  name: string,
  signature: Signature,
  run: (args: readonly (Value | undefined)[], bound: Bound) => Value,
): Callable {
  return new Callable(name, (args: Arguments) => {
    const bound = bind(`the function “${name}”`, signature, args);
    return run(bound.args, bound);
  });
}
