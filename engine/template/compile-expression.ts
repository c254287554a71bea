import { Unknown } from '../kit/unknown.ts';
import { unreachable } from '../source/unreachable.ts';
import { attribute, item, slice } from './access.ts';
import { arithmetic, signed } from './arithmetic.ts';
import type { Expr } from './ast.ts';
import { carry, open, type Place } from './carry.ts';
import { truth } from './coerce.ts';
import { compared } from './compare.ts';
import { compileArguments, compileCall, compileFilter, compileTest } from './compile-call.ts';
import { compileName } from './compile-name.ts';
import { Dict } from './dict.ts';
import { TemplateError } from './error.ts';
import type { Evaluate, Frame, Places } from './frame.ts';
import { placeOf } from './place.ts';
import { str } from './print.ts';
import { Blank, Float, Tuple, Undefined, type Value } from './value.ts';

/** Makes an expression ready to be evaluated. */
export function compileExpr(node: Expr, places: Places): Evaluate {
  const compile = (child: Expr): Evaluate => compileExpr(child, places);
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      return () => value;
    }
    case 'float': {
      const value = new Float(node.value);
      return () => value;
    }
    case 'name':
      return compileName(node, places);
    case 'captured':
      return frame => frame.captured;
    case 'list': {
      const items = node.items.map(compile);
      return frame => items.map(evaluate => evaluate(frame));
    }
    case 'tuple': {
      const items = node.items.map(compile);
      return frame => new Tuple(items.map(evaluate => evaluate(frame)));
    }
    case 'dict':
      return compileDict(node, places);
    case 'attribute':
      return compileAttribute(node, places);
    case 'item':
      return compileItem(node, places);
    case 'slice':
      return compileSlice(node, places);
    case 'call':
      return compileCall(node, compile, places);
    case 'filter':
      return compileFilter(
        node,
        compile(node.input),
        compileArguments(node.args, compile),
        placeOf(places, node, true),
        places,
      );
    case 'test':
      return compileTest(
        node,
        compile(node.input),
        compileArguments(node.args, compile),
        placeOf(places, node),
        places,
      );
    case 'not':
      return compileNot(compile(node.operand), placeOf(places, node));
    case 'sign': {
      const operand = compile(node.operand);
      const place = placeOf(places, node);
      return frame => carry(place, signed, node.operator, operand(frame));
    }
    case 'arithmetic':
      return compileArithmetic(node, places);
    case 'concat':
      return compileConcat(node.parts.map(compile), placeOf(places, node));
    case 'comparison':
      return compileComparison(node, places);
    case 'and':
    case 'or':
      return compileLogic(node.kind, compile(node.left), compile(node.right), placeOf(places, node, true));
    case 'condition':
      return compileCondition(node, places);
    default:
      return unreachable(node);
  }
}

function compileDict(node: Extract<Expr, { kind: 'dict' }>, places: Places): Evaluate {
  const entries = node.entries.map(
    ({ key, value }) => [compileExpr(key, places), compileExpr(value, places)] as const,
  );
  const place = placeOf(places, node);
  const build = (pairs: readonly (readonly [Value, Value])[]): Value => new Dict(pairs);
  return frame =>
    carry(
      place,
      build,
      entries.map(([key, value]) => [key(frame), value(frame)] as const),
    );
}

function compileAttribute(node: Extract<Expr, { kind: 'attribute' }>, places: Places): Evaluate {
  const object = compileExpr(node.object, places);
  const place = placeOf(places, node, true);
  const written = (): string => places.textOf(node.object);
  return frame => placed(carry(place, attribute, object(frame), node.name, written), place);
}

function compileItem(node: Extract<Expr, { kind: 'item' }>, places: Places): Evaluate {
  const object = compileExpr(node.object, places);
  const key = compileExpr(node.key, places);
  const place = placeOf(places, node, true);
  const written = (): string => places.textOf(node.object);
  return frame => placed(carry(place, item, object(frame), key(frame), written), place);
}

/** Gives what is undefined the place where it was asked for. */
function placed(value: Value, place: Place): Value {
  if (!(value instanceof Undefined) || value instanceof Blank || value.span !== undefined) return value;
  const { name, message, hint, cause } = value;
  return new Undefined(name, message, { span: place.span, ...(hint && { hint }), ...(cause && { cause }) });
}

function compileSlice(node: Extract<Expr, { kind: 'slice' }>, places: Places): Evaluate {
  const none: Evaluate = () => null;
  const object = compileExpr(node.object, places);
  const [from = none, to = none, step = none] = [node.from, node.to, node.step].map(bound =>
    bound ? compileExpr(bound, places) : none,
  );
  const place = placeOf(places, node);
  return frame => carry(place, slice, object(frame), from(frame), to(frame), step(frame));
}

function compileArithmetic(node: Extract<Expr, { kind: 'arithmetic' }>, places: Places): Evaluate {
  const { operator } = node;
  const left = compileExpr(node.left, places);
  const right = compileExpr(node.right, places);
  const place = placeOf(places, node);
  return frame => carry(place, arithmetic, operator, left(frame), right(frame));
}

function compileConcat(parts: readonly Evaluate[], place: Place): Evaluate {
  const join = (values: readonly Value[]): Value => values.map(str).join('');
  return frame =>
    carry(
      place,
      join,
      parts.map(part => part(frame)),
    );
}

function compileNot(operand: Evaluate, place: Place): Evaluate {
  const negate = (value: Value): Value => !truth(value);
  return frame => carry(place, negate, operand(frame));
}

/** `a < b < c` is `a < b and b < c`, `b` evaluated once. */
function compileComparison(node: Extract<Expr, { kind: 'comparison' }>, places: Places): Evaluate {
  const first = compileExpr(node.first, places);
  const rest = node.rest.map(({ operator, operand }) => ({
    operator,
    operand: compileExpr(operand, places),
  }));
  const place = placeOf(places, node);
  const chain = (frame: Frame, start: Value): Value => {
    let left = start;
    for (const { operator, operand } of rest) {
      const right = operand(frame);
      if (!compared(operator, left, right)) return false;
      left = right;
    }
    return true;
  };
  return frame => carry(place, chain, frame, first(frame));
}

/**
 * `and` and `or` give one of their operands. Where the left one is unknown, `false` (`true`) on the right still decides. A mistake on
 * the right does not count then: the left one may have been there to guard against it.
 */
function compileLogic(kind: 'and' | 'or', left: Evaluate, right: Evaluate, place: Place): Evaluate {
  const decided = kind === 'or';
  const choose = (frame: Frame, first: Value): Value => (truth(first) === decided ? first : right(frame));
  const decides = (frame: Frame, unknown: Unknown): Value =>
    open(right(frame)) === decided ? decided : unknown;
  return frame => {
    const first = left(frame);
    if (!(first instanceof Unknown)) return carry(place, choose, frame, first);
    try {
      return carry(place, decides, frame, first);
    } catch (error) {
      if (error instanceof TemplateError) return first;
      throw error;
    }
  };
}

function compileCondition(node: Extract<Expr, { kind: 'condition' }>, places: Places): Evaluate {
  const test = compileExpr(node.test, places);
  const then = compileExpr(node.whenTrue, places);
  const otherwise = node.otherwise ? compileExpr(node.otherwise, places) : undefined;
  const place = placeOf(places, node, true);
  const without = `the inline “if” is false and has no “else”`;
  const choose = (frame: Frame): Value => {
    if (truth(test(frame))) return then(frame);
    return otherwise ? otherwise(frame) : new Blank(places.textOf(node), without, { span: place.span });
  };
  return frame => carry(place, choose, frame);
}
