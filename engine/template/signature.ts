import { TemplateError } from './error.ts';
import type { Arguments, Value } from './value.ts';

/** Names of parameters: `name`, `name?` (may be left out), `*rest` (any further ones), `**named` (any named ones). */
export type Signature = readonly string[];

/** Arguments brought into the order of a signature. */
export interface Bound {
  readonly args: readonly (Value | undefined)[];
  readonly rest: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** A signature taken apart. */
export interface Parameters {
  readonly names: readonly string[];
  readonly required: number;
  readonly takesRest: boolean;
  readonly takesNamed: boolean;
}

const known = new WeakMap<Signature, Parameters>();

/** Takes a signature apart. */
function parametersOf(signature: Signature): Parameters {
  let parameters = known.get(signature);
  if (parameters === undefined) {
    const plain = signature.filter(name => !name.startsWith('*'));
    parameters = {
      names: plain.map(name => name.replace('?', '')),
      required: plain.filter(name => !name.endsWith('?')).length,
      takesRest: signature.some(name => /^\*[^*]/.test(name)),
      takesNamed: signature.some(name => name.startsWith('**')),
    };
    known.set(signature, parameters);
  }
  return parameters;
}

const none: ReadonlyMap<string, Value> = new Map();

/** Brings arguments into the order of a signature. Throws TemplateError where they do not fit it; `what` names the callee in the message. */
export function bind(what: string, signature: Signature, { positional, named }: Arguments): Bound {
  const parameters = parametersOf(signature);
  const { names } = parameters;
  if (positional.length > names.length && !parameters.takesRest)
    throw tooMany(what, names.length, positional.length);
  const args: (Value | undefined)[] = names.map((_, index) => positional[index]);
  const extra = named.size === 0 ? none : placeNamed(what, parameters, args, named);
  const missing = names.findIndex((_, index) => index < parameters.required && args[index] === undefined);
  if (missing >= 0)
    throw new TemplateError('template-arguments', `${what} needs the argument “${names[missing]}”`);
  return { args, rest: positional.slice(names.length), named: extra };
}

function tooMany(what: string, most: number, given: number): TemplateError {
  const arguments_ =
    most === 0 ? 'no arguments' : most === 1 ? 'at most one argument' : `at most ${most} arguments`;
  return new TemplateError('template-arguments', `${what} takes ${arguments_}, not ${given}`);
}

function placeNamed(
  what: string,
  { names, takesNamed }: Parameters,
  args: (Value | undefined)[],
  named: ReadonlyMap<string, Value>,
): Map<string, Value> {
  const extra = new Map<string, Value>();
  for (const [name, value] of named) {
    const index = names.indexOf(name);
    if (index >= 0) {
      if (args[index] !== undefined)
        throw new TemplateError('template-arguments', `${what} is given the argument “${name}” twice`);
      args[index] = value;
    } else if (takesNamed) extra.set(name, value);
    else
      throw new TemplateError('template-arguments', `${what} has no argument “${name}”`, {
        hint: parameterHint(names),
      });
  }
  return extra;
}

function parameterHint(names: readonly string[]): string {
  return names.length === 0 ? 'it takes none' : `it takes ${names.map(name => `“${name}”`).join(', ')}`;
}
