import type { Diagnostics } from '../source/diagnostic.ts';
import type { Node } from '../source/node.ts';
import { unreachable } from '../source/unreachable.ts';
import { KEYWORDS, type Keyword, type KeywordDefinition } from './keywords.ts';

/** Whether a node is text with a template in it, whose value only the run knows. */
export function isTemplated(node: Node): boolean {
  return (
    node.kind === 'scalar' &&
    typeof node.value === 'string' &&
    node.tag !== '!unsafe' &&
    /\{\{|\{%|\{#/.test(node.value)
  );
}

/** Reports a keyword's value that cannot be right, whatever the run brings. */
export function checkKeyword(keyword: Keyword, node: Node, diagnostics: Diagnostics): void {
  const definition: KeywordDefinition = KEYWORDS[keyword];
  const name = `\`${keyword}\``;
  if (definition.kind === 'expression') {
    checkExpression(name, node, diagnostics);
    return;
  }
  if (definition.kind !== 'static' && isTemplated(node)) return;
  const expected = mismatch(definition.type, node);
  if (expected !== undefined)
    diagnostics.error('wrong-type', `${name} must be ${expected}, not ${described(node)}`, node.span);
  else if (keyword === 'strategy' && node.kind === 'scalar' && node.value !== 'linear') {
    diagnostics.error('unknown-strategy', `unknown strategy “${String(node.value)}”`, node.span, {
      hint: 'there is `linear`',
    });
  }
}

function checkExpression(name: string, node: Node, diagnostics: Diagnostics): void {
  for (const item of node.kind === 'sequence' ? node.items : [node]) {
    if (item.kind !== 'scalar')
      diagnostics.error(
        'wrong-type',
        `${name} must be an expression or a list of them, not ${described(item)}`,
        item.span,
      );
    else if (typeof item.value === 'string' && /^\s*\{\{.*\}\}\s*$/s.test(item.value)) {
      diagnostics.warning(
        'braces-in-expression',
        `${name} is an expression already: braces are not needed`,
        item.span,
        { hint: 'write it without {{ }}' },
      );
    }
  }
}

/** What was expected, in words, where the node is not of the type. */
function mismatch(type: KeywordDefinition['type'], node: Node): string | undefined {
  switch (type) {
    case 'any':
      return undefined;
    case 'text':
      return node.kind === 'scalar' ? undefined : 'text';
    case 'boolean':
      return node.kind === 'scalar' &&
        (typeof node.value === 'boolean' || /^(true|false|yes|no|on|off|1|0)$/i.test(String(node.value)))
        ? undefined
        : '`true` or `false`';
    case 'integer':
      return node.kind === 'scalar' && /^\d+$/.test(String(node.value)) ? undefined : 'a whole number';
    case 'count':
      return node.kind === 'sequence'
        ? node.items.map(item => mismatch('count', item)).find(found => found !== undefined)
        : node.kind === 'scalar' && (isTemplated(node) || /^\d+(\.\d+)?%?$/.test(String(node.value)))
          ? undefined
          : 'a number, a percentage, or a list of them';
    case 'texts':
      return node.kind === 'scalar' ||
        (node.kind === 'sequence' && node.items.every(item => item.kind === 'scalar'))
        ? undefined
        : 'text or a list of texts';
    case 'mapping':
      return node.kind === 'mapping' || (node.kind === 'scalar' && node.value === null)
        ? undefined
        : 'a mapping';
    case 'list':
      return node.kind === 'sequence' || (node.kind === 'scalar' && node.value === null)
        ? undefined
        : 'a list';
    default:
      return unreachable(type);
  }
}

/** A node in words: `a list`, `the number 5`, `“text”`. */
function described(node: Node): string {
  switch (node.kind) {
    case 'sequence':
      return 'a list';
    case 'mapping':
      return 'a mapping';
    case 'scalar':
      if (node.value === null) return 'nothing';
      return typeof node.value === 'string'
        ? `“${node.value.length > 40 ? `${node.value.slice(0, 39)}…` : node.value}”`
        : `${typeof node.value === 'boolean' ? '' : 'the number '}${String(node.value)}`;
    default:
      return unreachable(node);
  }
}
