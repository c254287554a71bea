import { unreachable } from '../source/unreachable.ts';
import type { Expr, Statement } from './ast.ts';
import { carry, located, type Place } from './carry.ts';
import { compileExpr } from './compile-expression.ts';
import { compileFor } from './compile-loop.ts';
import { compileCallBlock, compileMacro } from './compile-macro.ts';
import { compileTarget } from './compile-target.ts';
import {
  compileBlock,
  compileExtends,
  compileFrom,
  compileImport,
  compileInclude,
} from './compile-template.ts';
import { compileTruth } from './compile-truth.ts';
import type { Evaluate, Execute, Flow, Frame, Places } from './frame.ts';
import { placeOf } from './place.ts';
import { str } from './print.ts';
import type { Value } from './value.ts';

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
      return compileFor(node, compileBody, places);
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
