import { applyOperation, callValue, operationNamed } from './apply.ts';
import type { ArgumentList, Expr } from './ast.ts';
import { carry, located, open, type Place } from './carry.ts';
import { dict, iterate, string } from './coerce.ts';
import { typeError } from './error.ts';
import type { Evaluate, Frame, Places } from './frame.ts';
import { placeOf } from './place.ts';
import { type Arguments, noArguments, type Value } from './value.ts';

/** An argument list, ready to be evaluated. */
export type EvaluateArguments = (frame: Frame) => Arguments;

/** Makes an argument list ready. */
export function compileArguments(list: ArgumentList, compile: (node: Expr) => Evaluate): EvaluateArguments {
  const positional = list.positional.map(compile);
  const named = list.named.map(({ name, value }) => [name, compile(value)] as const);
  const rest = list.rest && compile(list.rest);
  const more = list.more && compile(list.more);
  if (positional.length + named.length === 0 && !rest && !more) return () => noArguments;
  if (named.length === 0 && !rest && !more) {
    const nothing = noArguments.named;
    return frame => ({ positional: positional.map(evaluate => evaluate(frame)), named: nothing });
  }
  return frame => ({
    positional: [...positional.map(evaluate => evaluate(frame)), ...(rest ? iterate(rest(frame)) : [])],
    named: namedArguments(
      named.map(([name, evaluate]) => [name, evaluate(frame)] as const),
      more?.(frame),
    ),
  });
}

function namedArguments(
  named: readonly (readonly [string, Value])[],
  more: Value | undefined,
): Map<string, Value> {
  const all = new Map<string, Value>();
  for (const [name, value] of named) {
    if (all.has(name)) throw typeError(`the argument “${name}” is given twice`);
    all.set(name, value);
  }
  if (more === undefined) return all;
  for (const [key, value] of dict(more, 'what stands behind “**”').entries()) {
    const name = string(key, 'the name of an argument');
    if (all.has(name)) throw typeError(`the argument “${name}” is given twice`);
    all.set(name, value);
  }
  return all;
}

/** `callee(…)`. */
export function compileCall(
  node: Extract<Expr, { kind: 'call' }>,
  compile: (node: Expr) => Evaluate,
  places: Places,
): Evaluate {
  const callee = compile(node.callee);
  const args = compileArguments(node.args, compile);
  const place = placeOf(places, node, true);
  const call = (frame: Frame): Value =>
    callValue(open(callee(frame)), args(frame), () => places.textOf(node.callee));
  return frame => carry(place, call, frame);
}

/** `input | name(…)`. */
export function compileFilter(
  node: Extract<Expr, { kind: 'filter' }>,
  input: Evaluate,
  args: EvaluateArguments,
  place: Place,
  places: Places,
): Evaluate {
  const { name } = node;
  const nameAt = placeOf(places, node.nameAt);
  const run = (frame: Frame): Value => {
    const { evaluation } = frame;
    const filter = located(nameAt, () => operationNamed('filter', name, evaluation.environment));
    return applyOperation('filter', filter, input(frame), args(frame), evaluation);
  };
  return frame => carry(place, run, frame);
}

/** `input is name(…)`. */
export function compileTest(
  node: Extract<Expr, { kind: 'test' }>,
  input: Evaluate,
  args: EvaluateArguments,
  place: Place,
  places: Places,
): Evaluate {
  const { name } = node;
  const nameAt = placeOf(places, node.nameAt);
  const run = (frame: Frame): Value => {
    const { evaluation } = frame;
    const test = located(nameAt, () => operationNamed('test', name, evaluation.environment));
    return applyOperation('test', test, input(frame), args(frame), evaluation);
  };
  return frame => carry(place, run, frame);
}
