import type { Expr, Statement } from './ast.ts';
import { carry, located, type Place } from './carry.ts';
import { list } from './coerce.ts';
import { compileExpr } from './compile-expression.ts';
import type { CompileBody } from './compile-macro.ts';
import { compileTarget } from './compile-target.ts';
import { compileTruth } from './compile-truth.ts';
import type { Execute, Flow, Frame, Places } from './frame.ts';
import { LoopContext } from './loop-context.ts';
import { placeOf } from './place.ts';
import type { Value } from './value.ts';

/** One pass over items: their loop variable, and how deep a recursive loop is. */
type RunLoop = (frame: Frame, out: string[], items: Value, depth: number) => Flow;

/** `{% for %}`, its `else` and its recursion. */
export function compileFor(
  node: Extract<Statement, { kind: 'for' }>,
  compileBody: CompileBody,
  places: Places,
): Execute {
  const iterable = compileExpr(node.iterable, places);
  const run = compileLoop(node, compileBody, places);
  return (frame, out) => run(frame, out, iterable(frame), 0);
}

function compileLoop(
  node: Extract<Statement, { kind: 'for' }>,
  compileBody: CompileBody,
  places: Places,
): RunLoop {
  const assign = compileTarget(node.target, places);
  const select = node.test ? compileSelection(node.test, assign, places) : undefined;
  const body = compileBody(node.body, places);
  const otherwise = compileBody(node.otherwise, places);
  const place = placeOf(places, node.iterable);
  const run: RunLoop = (frame, out, value, depth) => {
    const all = located(place, () => list(value));
    const items = select ? all.filter(item => select(frame, item)) : all;
    if (items.length === 0) return otherwise(frame.inner(), out);
    const loop = new LoopContext(items, depth, node.recursive ? recursion(run, frame, place) : undefined);
    for (const [index, item] of items.entries()) {
      const inner = frame.inner();
      loop.index = index;
      inner.set('loop', loop);
      assign(inner, item);
      if (body(inner, out) === 'break') break;
    }
    return 'next';
  };
  return run;
}

function compileSelection(
  test: Expr,
  assign: (frame: Frame, value: Value) => void,
  places: Places,
): (frame: Frame, item: Value) => boolean {
  const holds = compileTruth(test, places);
  return (frame, item) => {
    const inner = frame.inner();
    assign(inner, item);
    return holds(inner);
  };
}

function recursion(run: RunLoop, frame: Frame, place: Place): (items: Value, depth: number) => Value {
  const text = (items: Value, depth: number): Value => {
    const out: string[] = [];
    run(frame, out, items, depth);
    return out.join('');
  };
  return (items, depth) => carry(place, text, items, depth);
}
