import { unreachable } from '../source/unreachable.ts';
import type { ArgumentList, Expr, Statement } from './ast.ts';

function argumentsOf(args: ArgumentList): Expr[] {
  return [
    ...args.positional,
    ...args.named.map(({ value }) => value),
    ...(args.rest ? [args.rest] : []),
    ...(args.more ? [args.more] : []),
  ];
}

/** The expressions right inside an expression, in the order of evaluation. */
export function childrenOf(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case 'constant':
    case 'float':
    case 'name':
    case 'captured':
      return [];
    case 'list':
    case 'tuple':
      return node.items;
    case 'dict':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'attribute':
      return [node.object];
    case 'item':
      return [node.object, node.key];
    case 'slice':
      return [node.object, node.from, node.to, node.step].filter(child => child !== undefined);
    case 'call':
      return [node.callee, ...argumentsOf(node.args)];
    case 'filter':
    case 'test':
      return [node.input, ...argumentsOf(node.args)];
    case 'not':
    case 'sign':
      return [node.operand];
    case 'arithmetic':
    case 'and':
    case 'or':
      return [node.left, node.right];
    case 'concat':
      return node.parts;
    case 'comparison':
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case 'condition':
      return [node.test, node.whenTrue, ...(node.otherwise ? [node.otherwise] : [])];
    default:
      return unreachable(node);
  }
}

/** The expressions and statements right inside a statement. */
export function partsOf(node: Statement): {
  readonly expressions: readonly Expr[];
  readonly statements: readonly Statement[];
} {
  const nothing = { expressions: [], statements: [] };
  switch (node.kind) {
    case 'text':
    case 'break':
    case 'continue':
      return nothing;
    case 'output':
    case 'do':
    case 'set':
      return { ...nothing, expressions: [node.value] };
    case 'extends':
    case 'include':
    case 'import':
    case 'from':
      return { ...nothing, expressions: [node.template] };
    case 'if':
      return {
        expressions: node.branches.map(({ test }) => test),
        statements: [...node.branches.flatMap(({ body }) => body), ...node.otherwise],
      };
    case 'for':
      return {
        expressions: [node.iterable, ...(node.test ? [node.test] : [])],
        statements: [...node.body, ...node.otherwise],
      };
    case 'capture':
    case 'filter-block':
      return { expressions: [node.filters], statements: node.body };
    case 'with':
      return { expressions: node.assignments.map(({ value }) => value), statements: node.body };
    case 'macro':
      return { expressions: presets(node.parameters), statements: node.body };
    case 'caller':
      return { expressions: [node.call, ...presets(node.parameters)], statements: node.body };
    case 'scope':
    case 'block':
      return { ...nothing, statements: node.body };
    default:
      return unreachable(node);
  }
}

function presets(parameters: readonly { readonly preset?: Expr }[]): Expr[] {
  return parameters.flatMap(({ preset }) => (preset ? [preset] : []));
}

/** Every expression inside statements, at any depth. */
export function* expressionsIn(statements: readonly Statement[]): Generator<Expr> {
  for (const statement of statements) {
    const parts = partsOf(statement);
    for (const expression of parts.expressions) yield* expressionsWithin(expression);
    yield* expressionsIn(parts.statements);
  }
}

/** An expression and every one inside it. */
export function* expressionsWithin(node: Expr): Generator<Expr> {
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    waiting.push(...childrenOf(next).toReversed());
  }
}
