import { Secret } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import { unreachable } from '../source/unreachable.ts';
import { spanIn } from '../source/yaml.ts';
import {
  Dict,
  type Expression,
  evaluate,
  Float,
  hasTemplate,
  type Origin,
  parseExpression,
  parseTemplate,
  render,
  type Scope,
  str,
  type Template,
  truthy,
  type Value,
  withLineEnds,
} from '../template/index.ts';

const templates = new WeakMap<ScalarNode, Template>();
const expressions = new WeakMap<ScalarNode, Expression>();

function originOf(node: ScalarNode): Origin {
  return { spanOf: (start, end) => spanIn(node, start, end) };
}

/** The template of a scalar's text, parsed once. Throws TemplateError. */
function templateOf(node: ScalarNode, text: string): Template {
  let template = templates.get(node);
  if (template === undefined) {
    template = parseTemplate(text, originOf(node));
    templates.set(node, template);
  }
  return template;
}

/** The expression that a scalar is (`when: x is defined`), parsed once. Throws TemplateError. */
function expressionOf(node: ScalarNode): Expression {
  let expression = expressions.get(node);
  if (expression === undefined) {
    const text = String(node.value);
    const braces = /^\s*\{\{(.*)\}\}\s*$/s.exec(text);
    expression = parseExpression(
      braces?.[1] ?? text,
      braces === null ? originOf(node) : { spanOf: () => node.span },
    );
    expressions.set(node, expression);
  }
  return expression;
}

/** The value of a YAML node, templates in it evaluated. Throws TemplateError with its place. */
export function evaluateNode(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'scalar': {
      if (typeof node.value === 'string') {
        if (node.tag === '!unsafe' || !hasTemplate(node.value)) return node.value;
        return evaluateText(node, node.value, scope);
      }
      return node.float && typeof node.value === 'number' ? new Float(node.value) : node.value;
    }
    case 'sequence':
      return node.items.map(item => evaluateNode(item, scope));
    case 'mapping':
      return new Dict(
        node.entries.map(
          entry => [evaluateKey(entry.key, entry.keySpan, scope), evaluateNode(entry.value, scope)] as const,
        ),
      );
    default:
      return unreachable(node);
  }
}

/** One expression alone gives its value; what has more to it, a line break at the end included, is text. */
function evaluateText(node: ScalarNode, text: string, scope: Scope): Value {
  const template = templateOf(node, text);
  if (!text.endsWith('\n')) return evaluate(template, scope);
  const value = render(template, scope);
  if (typeof value === 'string') return withLineEnds(text, value);
  return value instanceof Secret ? value.map(secret => withLineEnds(text, str(secret))) : value;
}

function evaluateKey(
  key: string | number | bigint | boolean | null,
  span: Node['span'],
  scope: Scope,
): Value {
  if (typeof key !== 'string' || !hasTemplate(key)) return key;
  return evaluate(parseTemplate(key, { spanOf: () => span }), scope);
}

/**
 * Whether all conditions hold. `false and unknown` is false: an unknown one counts only where none of the others is false.
 * Throws TemplateError with its place.
 */
export function evaluateConditions(node: Node, scope: Scope): boolean | Unknown {
  const items = node.kind === 'sequence' ? node.items : [node];
  let unknown: Unknown | undefined;
  for (const item of items) {
    const truth =
      item.kind === 'scalar' && typeof item.value === 'string'
        ? truthy(evaluate(expressionOf(item), scope))
        : truthy(evaluateNode(item, scope));
    if (truth === false) return false;
    if (truth instanceof Unknown) unknown ??= truth;
  }
  return unknown ?? true;
}
