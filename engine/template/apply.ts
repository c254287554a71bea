import { didYouMeanHint } from '../source/suggest.ts';
import { truth } from './coerce.ts';
import type { Context, Environment, Operation } from './environment.ts';
import { TemplateError, typeError } from './error.ts';
import { kindOf } from './print.ts';
import { bind } from './signature.ts';
import { type Arguments, noArguments, type Opened, PyObject, type Value } from './value.ts';

/** Calls a value. Throws where it is no function. */
export function callValue(callee: Opened, args: Arguments, written: () => string): Value {
  const call = callee instanceof PyObject ? callee.call : undefined;
  if (call === undefined) throw typeError(`“${written()}” is ${kindOf(callee)}, not a function`);
  return call.call(callee, args);
}

/** The filter or test of that name, Ansible's long form of it (`ansible.builtin.combine`) included. Throws where there is none. */
export function operationNamed(kind: 'filter' | 'test', name: string, environment: Environment): Operation {
  const known = kind === 'filter' ? environment.filters : environment.tests;
  const found = known.get(name) ?? known.get(name.replace(/^ansible\.(?:builtin|legacy)\./, ''));
  if (found === undefined) throw unknownOperation(kind, name, environment);
  return found;
}

/** Runs a filter or test on its input. */
export function applyOperation(
  kind: 'filter' | 'test',
  operation: Operation,
  input: Value,
  args: Arguments,
  context: Context,
): Value {
  const bound = bind(`the ${kind} “${operation.name}”`, operation.signature, args);
  return operation.run(input, bound.args, { ...bound, context });
}

/** Runs the filter of that name, for filters that take the name of another, e.g. `map`. */
export function applyFilter(name: string, input: Value, args: Arguments, context: Context): Value {
  const filter = operationNamed('filter', name, context.environment);
  return applyOperation('filter', filter, input, args, context);
}

/** Asks the test of that name, for filters that take the name of a test, e.g. `select`. */
export function applyTest(name: string, input: Value, args: readonly Value[], context: Context): boolean {
  const test = operationNamed('test', name, context.environment);
  return truth(applyOperation('test', test, input, { positional: args, named: noArguments.named }, context));
}

/** The mistake of a filter or test that there is not, with the one that was likely meant. */
function unknownOperation(kind: 'filter' | 'test', name: string, environment: Environment): TemplateError {
  const names = (kind === 'filter' ? environment.filters : environment.tests).keys();
  const isOther = (kind === 'filter' ? environment.tests : environment.filters).has(name);
  const hint = isOther ? otherKindHint(kind, name) : didYouMeanHint(name, names);
  return new TemplateError(
    kind === 'filter' ? 'unknown-filter' : 'unknown-test',
    `there is no ${kind} “${name}”`,
    { hint },
  );
}

function otherKindHint(kind: 'filter' | 'test', name: string): string {
  return kind === 'filter'
    ? `“${name}” is a test: write “is ${name}”`
    : `“${name}” is a filter: write “| ${name}”`;
}
