import type { Diagnostics } from '../source/diagnostic.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import { spanIn } from '../source/yaml.ts';
import {
  type Expression,
  hasTemplate,
  parseExpression,
  parseTemplate,
  type Template,
  TemplateError,
} from '../template/index.ts';

/** A template or expression that stands in a playbook. */
export type Code = Template | Expression;

/** The templates in a node, parsed; what cannot be parsed is reported. */
export function templatesIn(node: Node, diagnostics: Diagnostics): readonly Code[] {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && node.tag !== '!unsafe' && hasTemplate(node.value)
        ? parsed(node, node.value, 'template', diagnostics)
        : [];
    case 'sequence':
      return node.items.flatMap(item => templatesIn(item, diagnostics));
    case 'mapping':
      return node.entries.flatMap(entry => templatesIn(entry.value, diagnostics));
  }
}

/** The expressions of a keyword such as `when`: its text, or each of a list. */
export function expressionsIn(node: Node, diagnostics: Diagnostics): readonly Code[] {
  if (node.kind === 'sequence') return node.items.flatMap(item => expressionsIn(item, diagnostics));
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return [];
  return parsed(node, node.value, hasTemplate(node.value) ? 'template' : 'expression', diagnostics);
}

function parsed(
  node: ScalarNode,
  text: string,
  kind: 'template' | 'expression',
  diagnostics: Diagnostics,
): readonly Code[] {
  const origin = { spanOf: (start: number, end: number) => spanIn(node, start, end) };
  try {
    return [kind === 'template' ? parseTemplate(text, origin) : parseExpression(text, origin)];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    diagnostics.add(error.toDiagnostic());
    return [];
  }
}
