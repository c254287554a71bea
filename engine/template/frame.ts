import type { Span } from '../source/span.ts';
import type { Expr } from './ast.ts';
import type { Context, Environment, Scope } from './environment.ts';
import type { Template } from './template.ts';
import type { Value } from './value.ts';

/** An expression, ready to be evaluated any number of times. */
export type Evaluate = (frame: Frame) => Value;

/** A statement, ready to be run; it appends its text to `out`. */
export type Execute = (frame: Frame, out: string[]) => Flow;

/** How a statement ended. */
export type Flow = 'next' | 'break' | 'continue';

/** One definition of a block; several with one name make the chain that `super()` climbs. */
export interface BlockBody {
  readonly template: Template;
  readonly body: Execute;
  readonly required: boolean;
  readonly span: Span | undefined;
}

/** What is common to all frames of one evaluation. */
export class Evaluation implements Context {
  readonly scope: Scope;
  readonly environment: Environment;
  /** The blocks of the template and those it extends, the most derived first. */
  readonly blocks = new Map<string, BlockBody[]>();
  /** The template to go on with, once one that extends it has run. */
  parent: Template | undefined;

  constructor(scope: Scope) {
    this.scope = scope;
    this.environment = scope.environment;
  }
}

/** Variables set in a template, inside of those around it. */
export class Frame {
  readonly evaluation: Evaluation;
  readonly outer: Frame | undefined;
  /** The frame of the template itself: what its blocks see. */
  readonly root: Frame;
  readonly #values = new Map<string, Value>();
  /** The text that a filter block or `set` block has made, input of its filters. */
  captured: Value = null;

  /** The frame of a template; `outer` where it sees the variables of another, as an included one does. */
  constructor(evaluation: Evaluation, outer?: Frame, root?: Frame) {
    this.evaluation = evaluation;
    this.outer = outer;
    this.root = root ?? this;
  }

  /** A frame within the same template. */
  inner(): Frame {
    return new Frame(this.evaluation, this, this.root);
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** A variable set here or around; not those of the scope. */
  get(name: string): Value | undefined {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.outer) {
      const value = frame.#values.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** The variables set in this very frame. */
  own(): ReadonlyMap<string, Value> {
    return this.#values;
  }

  /** The names of all variables set here and around. */
  *names(): Generator<string> {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.outer)
      yield* frame.#values.keys();
  }
}

/** How the compiler knows places: indexes of a text to spans of its file. */
export interface Places {
  spanOf(node: { readonly start: number; readonly end: number }): Span | undefined;
  /** The text of a node, for messages. */
  textOf(node: Expr): string;
}
