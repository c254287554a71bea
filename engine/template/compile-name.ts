import { didYouMeanHint } from '../source/suggest.ts';
import type { Expr } from './ast.ts';
import { TemplateError } from './error.ts';
import type { Evaluate, Frame, Places } from './frame.ts';
import { ContextFunction, orElse, Undefined, type Value } from './value.ts';

/** A variable: one set in the template, else one of the scope, else one of the environment's globals. */
export function compileName(node: Extract<Expr, { kind: 'name' }>, places: Places): Evaluate {
  const { name } = node;
  return frame => {
    const own = frame.get(name);
    if (own !== undefined) return own;
    const outer = fromScope(frame, node, places);
    if (outer !== undefined) return outer;
    const global = frame.evaluation.environment.globals.get(name);
    if (global instanceof ContextFunction) return global.boundTo(frame.evaluation);
    return orElse(global, () => notDefined(frame, node, places));
  };
}

/** A variable whose own text uses something undefined is undefined itself, so that `default` helps there too. */
function fromScope(frame: Frame, node: Extract<Expr, { kind: 'name' }>, places: Places): Value | undefined {
  const { name } = node;
  try {
    const value = frame.evaluation.scope.get(name);
    if (value instanceof Undefined)
      value.cause?.because(`used by the variable “${name}”`, places.spanOf(node));
    return value;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    error.because(`used by the variable “${name}”`, places.spanOf(node));
    if (error.code !== 'undefined-variable') throw error;
    return new Undefined(name, error.message, { span: error.span, cause: error });
  }
}

function notDefined(frame: Frame, node: Extract<Expr, { kind: 'name' }>, places: Places): Undefined {
  const { name } = node;
  const { scope, environment } = frame.evaluation;
  return new Undefined(name, `“${name}” is not defined`, {
    span: places.spanOf(node),
    hint: () =>
      didYouMeanHint(name, [...frame.names(), ...(scope.names?.() ?? []), ...environment.globals.keys()]),
  });
}
