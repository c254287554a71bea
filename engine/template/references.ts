import type { Span } from '../source/span.ts';
import { unreachable } from '../source/unreachable.ts';
import type { ArgumentList, Expr, Statement, Target } from './ast.ts';
import type { Places } from './frame.ts';
import type { Expression, Template } from './template.ts';
import { childrenOf } from './walk.ts';

/** A variable that a template takes from outside. */
export interface Reference {
  readonly name: string;
  readonly span: Span | undefined;
  /** Whether the template is ready for it being undefined: it stands under `default`, `is defined`, or behind a condition that asks. */
  readonly guarded: boolean;
}

/** The free variables of a template or expression, each place where one stands, in the order of the text. */
export function references(source: Template | Expression): readonly Reference[] {
  const finder = new ReferenceFinder(source.places);
  const none: Bound = { names: new Set(), guarded: new Set() };
  if (source.kind === 'expression') finder.expression(source.node, none);
  else finder.body(source.statements, none);
  return finder.found;
}

/** The names that are set at some point, and those that a condition around has asked for. */
interface Bound {
  readonly names: ReadonlySet<string>;
  readonly guarded: ReadonlySet<string>;
}

/** Filters and tests whose input may be undefined. */
const READY_FILTERS = new Set(['default', 'd', 'mandatory', 'type_debug']);
const READY_TESTS = new Set(['defined', 'undefined']);

function and(bound: Bound, guarded: Iterable<string>): Bound {
  return { ...bound, guarded: new Set([...bound.guarded, ...guarded]) };
}

function withNames(bound: Bound, names: Iterable<string>): Bound {
  return { ...bound, names: new Set([...bound.names, ...names]) };
}

/** The names that a condition shows to be defined where it is true (`x is defined and …`), or where it is false. */
function shownDefined(node: Expr, when: boolean): string[] {
  switch (node.kind) {
    case 'test': {
      const asks = (node.name === 'defined' && when) || (node.name === 'undefined' && !when);
      const name = asks ? baseName(node.input) : undefined;
      return name === undefined ? [] : [name];
    }
    case 'not':
      return shownDefined(node.operand, !when);
    case 'and':
      return when ? [...shownDefined(node.left, true), ...shownDefined(node.right, true)] : [];
    case 'or':
      return when ? [] : [...shownDefined(node.left, false), ...shownDefined(node.right, false)];
    default:
      return [];
  }
}

/** The variable that `a.b[0].c` starts from. */
function baseName(node: Expr): string | undefined {
  if (node.kind === 'name') return node.name;
  return node.kind === 'attribute' || node.kind === 'item' ? baseName(node.object) : undefined;
}

function namesOf(target: Target): string[] {
  switch (target.kind) {
    case 'name':
      return [target.name];
    case 'field':
      return [];
    case 'unpack':
      return target.targets.flatMap(namesOf);
    default:
      return unreachable(target);
  }
}

class ReferenceFinder {
  readonly found: Reference[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /** `ready` where what is around is ready for an undefined value. */
  expression(node: Expr, bound: Bound, ready = false): void {
    switch (node.kind) {
      case 'name':
        this.#name(node, bound, ready);
        break;
      case 'attribute':
        this.expression(node.object, bound, ready);
        break;
      case 'item':
        this.expression(node.object, bound, ready);
        this.expression(node.key, bound);
        break;
      case 'filter':
      case 'test':
        this.expression(
          node.input,
          bound,
          (node.kind === 'filter' ? READY_FILTERS : READY_TESTS).has(node.name),
        );
        this.#arguments(node.args, bound);
        break;
      case 'and':
      case 'or':
        this.expression(node.left, bound);
        this.expression(node.right, and(bound, shownDefined(node.left, node.kind === 'and')), ready);
        break;
      case 'condition':
        this.expression(node.whenTrue, and(bound, shownDefined(node.test, true)), ready);
        this.expression(node.test, bound);
        if (node.otherwise)
          this.expression(node.otherwise, and(bound, shownDefined(node.test, false)), ready);
        break;
      default:
        for (const child of childrenOf(node)) this.expression(child, bound);
    }
  }

  #name(node: Extract<Expr, { kind: 'name' }>, bound: Bound, ready: boolean): void {
    if (bound.names.has(node.name)) return;
    this.found.push({
      name: node.name,
      span: this.#places.spanOf(node),
      guarded: ready || bound.guarded.has(node.name),
    });
  }

  #arguments(args: ArgumentList, bound: Bound): void {
    for (const node of args.positional) this.expression(node, bound);
    for (const { value } of args.named) this.expression(value, bound);
    if (args.rest) this.expression(args.rest, bound);
    if (args.more) this.expression(args.more, bound);
  }

  /** Names set in a body hold from there on to its end. */
  body(statements: readonly Statement[], bound: Bound): Bound {
    return statements.reduce((now, statement) => this.statement(statement, now), bound);
  }

  /** Gives what is bound behind the statement. */
  statement(node: Statement, bound: Bound): Bound {
    switch (node.kind) {
      case 'text':
      case 'break':
      case 'continue':
        return bound;
      case 'output':
      case 'do':
        this.expression(node.value, bound);
        return bound;
      case 'extends':
      case 'include':
        this.expression(node.template, bound);
        return bound;
      case 'if':
        return this.#if(node, bound);
      case 'for':
        return this.#for(node, bound);
      case 'set':
        this.expression(node.value, bound);
        return withNames(bound, namesOf(node.target));
      case 'capture':
        this.expression(node.filters, bound);
        this.body(node.body, bound);
        return withNames(bound, namesOf(node.target));
      case 'with':
        for (const { value } of node.assignments) this.expression(value, bound);
        this.body(
          node.body,
          withNames(
            bound,
            node.assignments.flatMap(({ target }) => namesOf(target)),
          ),
        );
        return bound;
      case 'macro':
      case 'caller':
        return this.#macro(node, bound);
      case 'filter-block':
        this.expression(node.filters, bound);
        this.body(node.body, bound);
        return bound;
      case 'scope':
        this.body(node.body, bound);
        return bound;
      case 'block':
        this.body(node.body, withNames(bound, ['super', 'self']));
        return bound;
      case 'import':
        this.expression(node.template, bound);
        return withNames(bound, [node.name]);
      case 'from':
        this.expression(node.template, bound);
        return withNames(
          bound,
          node.names.map(({ as }) => as),
        );
      default:
        return unreachable(node);
    }
  }

  #if(node: Extract<Statement, { kind: 'if' }>, bound: Bound): Bound {
    let otherwise = bound;
    const names: string[] = [];
    for (const { test, body } of node.branches) {
      this.expression(test, otherwise);
      names.push(...this.body(body, and(otherwise, shownDefined(test, true))).names);
      otherwise = and(otherwise, shownDefined(test, false));
    }
    names.push(...this.body(node.otherwise, otherwise).names);
    return withNames(bound, names);
  }

  #for(node: Extract<Statement, { kind: 'for' }>, bound: Bound): Bound {
    this.expression(node.iterable, bound);
    const inside = withNames(bound, [...namesOf(node.target), 'loop']);
    if (node.test) this.expression(node.test, inside);
    this.body(node.body, node.test ? and(inside, shownDefined(node.test, true)) : inside);
    this.body(node.otherwise, bound);
    return bound;
  }

  #macro(node: Extract<Statement, { kind: 'macro' | 'caller' }>, bound: Bound): Bound {
    if (node.kind === 'caller') this.expression(node.call, bound);
    for (const { preset } of node.parameters)
      if (preset)
        this.expression(
          preset,
          withNames(
            bound,
            node.parameters.map(({ name }) => name),
          ),
        );
    const behind = node.kind === 'macro' ? withNames(bound, [node.name]) : bound;
    this.body(
      node.body,
      withNames(behind, [...node.parameters.map(({ name }) => name), 'caller', 'varargs', 'kwargs']),
    );
    return behind;
  }
}
