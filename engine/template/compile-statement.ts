import { unreachable } from '../source/unreachable.ts';
import type { Expr, Statement, Target } from './ast.ts';
import { carry, concealIfMet, located, type Place } from './carry.ts';
import { list, truth } from './coerce.ts';
import { compileExpr } from './compile-expression.ts';
import { compileCallBlock, compileMacro } from './compile-macro.ts';
import {
  compileBlock,
  compileExtends,
  compileFrom,
  compileImport,
  compileInclude,
} from './compile-template.ts';
import { typeError, valueError } from './error.ts';
import type { Evaluate, Execute, Flow, Frame, Places } from './frame.ts';
import { LoopContext } from './loop-context.ts';
import { placeOf } from './place.ts';
import { kindOf, str } from './print.ts';
import { Namespace, type Value } from './value.ts';

/** Makes statements ready to be run, one after the other. */
export function compileBody(statements: readonly Statement[], places: Places): Execute {
  const steps = statements.map(statement => compileStatement(statement, places));
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return only;
  return (frame, out) => {
    for (const step of steps) {
      const flow = step(frame, out);
      if (flow !== 'next') return flow;
    }
    return 'next';
  };
}

/** Makes a statement ready to be run. */
export function compileStatement(node: Statement, places: Places): Execute {
  switch (node.kind) {
    case 'text':
      return always(out => out.push(node.text));
    case 'output':
      return compileOutput(node.value, places);
    case 'if':
      return compileIf(node, places);
    case 'for':
      return compileFor(node, places);
    case 'set':
      return compileSet(node, places);
    case 'capture':
      return compileCapture(node, places);
    case 'with':
      return compileWith(node, places);
    case 'macro':
      return compileMacro(node, compileBody, places);
    case 'caller':
      return compileCallBlock(node, compileBody, places);
    case 'filter-block':
      return compileFilterBlock(node, places);
    case 'do':
      return compileDo(node.value, places);
    case 'scope':
      return inInnerFrame(compileBody(node.body, places));
    case 'block':
      return compileBlock(node, places);
    case 'extends':
      return compileExtends(node, places);
    case 'include':
      return compileInclude(node, places);
    case 'import':
      return compileImport(node, places);
    case 'from':
      return compileFrom(node, places);
    case 'break':
    case 'continue': {
      const flow: Flow = node.kind;
      return () => flow;
    }
    default:
      return unreachable(node);
  }
}

function always(run: (out: string[]) => unknown): Execute {
  return (_frame, out) => {
    run(out);
    return 'next';
  };
}

function inInnerFrame(body: Execute): Execute {
  return (frame, out) => body(frame.inner(), out);
}

function compileOutput(value: Expr, places: Places): Execute {
  const evaluate = compileExpr(value, places);
  const place = placeOf(places, value);
  return (frame, out) => {
    const result = evaluate(frame);
    out.push(typeof result === 'string' ? result : located(place, () => str(result)));
    return 'next';
  };
}

function compileDo(value: Expr, places: Places): Execute {
  const evaluate = compileExpr(value, places);
  return frame => {
    evaluate(frame);
    return 'next';
  };
}

function compileIf(node: Extract<Statement, { kind: 'if' }>, places: Places): Execute {
  const branches = node.branches.map(({ test, body }) => ({
    test: compileTruth(test, places),
    body: compileBody(body, places),
  }));
  const otherwise = compileBody(node.otherwise, places);
  return (frame, out) => {
    for (const { test, body } of branches) if (test(frame)) return body(frame, out);
    return otherwise(frame, out);
  };
}

function compileTruth(node: Expr, places: Places): (frame: Frame) => boolean {
  const evaluate = compileExpr(node, places);
  const place = placeOf(places, node);
  return frame => {
    const value = evaluate(frame);
    return typeof value === 'boolean' ? value : located(place, () => truth(value));
  };
}

/** Makes the assignment to a target ready. */
function compileTarget(target: Target, places: Places): (frame: Frame, value: Value) => void {
  switch (target.kind) {
    case 'name': {
      const { name } = target;
      return (frame, value) => frame.set(name, concealIfMet(value));
    }
    case 'field': {
      const place = placeOf(places, target);
      return (frame, value) =>
        located(place, () => setField(frame, target.name, target.field, concealIfMet(value)));
    }
    case 'unpack': {
      const targets = target.targets.map(one => compileTarget(one, places));
      const place = placeOf(places, target);
      return (frame, value) => {
        const items = located(place, () => unpacked(value, targets.length));
        for (const [index, assign] of targets.entries()) assign(frame, items[index] ?? null);
      };
    }
    default:
      return unreachable(target);
  }
}

function setField(frame: Frame, name: string, field: string, value: Value): void {
  const namespace = frame.get(name) ?? frame.evaluation.scope.get(name);
  if (!(namespace instanceof Namespace)) {
    throw typeError(
      `“${name}” is no namespace: only those have fields that can be set`,
      `make it one first: {% set ${name} = namespace(…) %}`,
    );
  }
  namespace.set(field, value);
}

function unpacked(value: Value, count: number): Value[] {
  const items = list(value);
  if (items.length !== count)
    throw valueError(`${kindOf(value)} with ${items.length} items cannot be split into ${count} names`);
  return items;
}

function compileSet(node: Extract<Statement, { kind: 'set' }>, places: Places): Execute {
  const assign = compileTarget(node.target, places);
  const value = compileExpr(node.value, places);
  return frame => {
    assign(frame, value(frame));
    return 'next';
  };
}

/** The text that a body makes: unknown or secret as what it prints. */
function textOfBody(body: Execute, place: Place): Evaluate {
  const run = (frame: Frame): Value => {
    const out: string[] = [];
    body(frame, out);
    return out.join('');
  };
  return frame => carry(place, run, frame);
}

function compileCapture(node: Extract<Statement, { kind: 'capture' }>, places: Places): Execute {
  const assign = compileTarget(node.target, places);
  const filters = compileExpr(node.filters, places);
  const text = textOfBody(compileBody(node.body, places), placeOf(places, node));
  return frame => {
    const inner = frame.inner();
    inner.captured = text(inner);
    assign(frame, filters(inner));
    return 'next';
  };
}

function compileFilterBlock(node: Extract<Statement, { kind: 'filter-block' }>, places: Places): Execute {
  const filters = compileExpr(node.filters, places);
  const text = textOfBody(compileBody(node.body, places), placeOf(places, node));
  const place = placeOf(places, node);
  return (frame, out) => {
    const inner = frame.inner();
    inner.captured = text(inner);
    const result = filters(inner);
    out.push(located(place, () => str(result)));
    return 'next';
  };
}

function compileWith(node: Extract<Statement, { kind: 'with' }>, places: Places): Execute {
  const assignments = node.assignments.map(({ target, value }) => ({
    assign: compileTarget(target, places),
    value: compileExpr(value, places),
  }));
  const body = compileBody(node.body, places);
  return (frame, out) => {
    const inner = frame.inner();
    for (const { assign, value } of assignments) assign(inner, value(frame));
    return body(inner, out);
  };
}

/** One pass over items: their loop variable, and how deep a recursive loop is. */
type RunLoop = (frame: Frame, out: string[], items: Value, depth: number) => Flow;

function compileFor(node: Extract<Statement, { kind: 'for' }>, places: Places): Execute {
  const iterable = compileExpr(node.iterable, places);
  const run = compileLoop(node, places);
  return (frame, out) => run(frame, out, iterable(frame), 0);
}

function compileLoop(node: Extract<Statement, { kind: 'for' }>, places: Places): RunLoop {
  const assign = compileTarget(node.target, places);
  const select = node.test ? compileSelection(node.test, assign, places) : undefined;
  const body = compileBody(node.body, places);
  const otherwise = inInnerFrame(compileBody(node.otherwise, places));
  const place = placeOf(places, node.iterable);
  const run: RunLoop = (frame, out, value, depth) => {
    const all = located(place, () => list(value));
    const items = select ? all.filter(item => select(frame, item)) : all;
    if (items.length === 0) return otherwise(frame, out);
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
