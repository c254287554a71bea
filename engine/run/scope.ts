import { Secret } from '../kit/secret.ts';
import type { Node } from '../source/node.ts';
import { type Environment, type Scope, TemplateError, type Value } from '../template/index.ts';
import { evaluateNode } from './evaluate.ts';

/** A variable as it is known before it is needed: a node with templates, or a value. */
export type Definition =
  | { readonly node: Node /** Whatever it evaluates to is secret. */; readonly secret?: true }
  | { readonly value: Value }
  | { compute(): Value };

/** Variables of one level of precedence. */
export interface Layer {
  has(name: string): boolean;
  get(name: string): Definition | undefined;
  keys(): Iterable<string>;
}

/** The layer of a YAML mapping of variables. */
export function layerOf(node: Node | undefined): Layer {
  if (node?.kind !== 'mapping') return new Map();
  return new Map(node.entries.map(entry => [String(entry.key), { node: entry.value }]));
}

/** The layer of values that are there already. */
export function valuesLayer(values: Iterable<readonly [string, Value]>): Layer {
  return new Map(Array.from(values, ([name, value]) => [name, { value }]));
}

/**
 * The variables of one task on one host: lazy, so only what is used is evaluated, and once. The last layer that has a name counts.
 * A variable that needs itself is an error that names the places on the way.
 */
export class VariableScope implements Scope {
  readonly environment: Environment;
  readonly #layers: readonly Layer[];
  readonly #known = new Map<string, Value>();
  readonly #underWay: string[] = [];

  constructor(layers: readonly Layer[], environment: Environment) {
    this.#layers = layers;
    this.environment = environment;
  }

  /** The same variables with more of them on top. */
  with(...layers: readonly Layer[]): VariableScope {
    return new VariableScope([...this.#layers, ...layers], this.environment);
  }

  *names(): Generator<string> {
    for (const layer of this.#layers) yield* layer.keys();
  }

  get(name: string): Value | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const definition = this.#layers.findLast(layer => layer.has(name))?.get(name);
    if (definition === undefined) return undefined;
    const value =
      'value' in definition
        ? definition.value
        : 'compute' in definition
          ? definition.compute()
          : this.#evaluate(name, definition.node, definition.secret);
    this.#known.set(name, value);
    return value;
  }

  #evaluate(name: string, node: Node, secret: boolean | undefined): Value {
    if (this.#underWay.includes(name)) {
      const circle = [...this.#underWay.slice(this.#underWay.indexOf(name)), name];
      throw new TemplateError(
        'template-value',
        `the variable “${name}” needs itself: ${circle.join(' → ')}`,
        { span: node.span },
      );
    }
    this.#underWay.push(name);
    try {
      const value = evaluateNode(node, this);
      return secret === true ? new Secret(value) : value;
    } finally {
      this.#underWay.pop();
    }
  }
}
