import type { Diagnostics } from './diagnostic.ts';
import type { Node, ScalarNode, SequenceNode } from './node.ts';
import type { Span } from './span.ts';
import { unreachable } from './unreachable.ts';

const wordBoolean = /^(?:yes|no|on|off)$/i;
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const losesDigits = /^[0-9]+\.[0-9]*0$/;

/** Keys under which a country or language stands, and `no` means Norway or Norwegian. */
const placeKey = /^(?:.*_)?(?:country|countries|country_code|lang|langs|language|languages|locale|tld)$/;
const versionKey = /^(?:.*[_-])?(?:versions?|releases?)$/;
/** Keys of Ansible's file modules under which permissions stand. */
const modeKey = /^(?:mode|directory_mode|dir_mode|file_mode)$/;

/** Warns of plain scalars that YAML 1.1 reads as something else than most people mean. `become: yes` and the like stay unmentioned. */
export function reportSurprises(root: Node, diagnostics: Diagnostics): void {
  walk(root, '', diagnostics);
}

function walk(node: Node, key: string, diagnostics: Diagnostics): void {
  // What an alias stands for has been looked at where it is written.
  if (node.aliasSpan !== undefined) return;
  switch (node.kind) {
    case 'scalar':
      lookAtValue(node, key, diagnostics);
      break;
    case 'sequence':
      lookAtList(node, key, diagnostics);
      for (const item of node.items) walk(item, key, diagnostics);
      break;
    case 'mapping':
      for (const entry of node.entries) {
        if (typeof entry.key !== 'string') lookAtKey(entry.key, entry.keySpan, diagnostics);
        walk(entry.value, typeof entry.key === 'string' ? entry.key.toLowerCase() : '', diagnostics);
      }
      break;
    default:
      unreachable(node);
  }
}

function lookAtKey(key: unknown, span: Span, diagnostics: Diagnostics): void {
  const text = textOf(span);
  if (typeof key === 'boolean' && wordBoolean.test(text))
    diagnostics.warning('yaml-boolean-key', `YAML reads the key “${text}” as ${key}`, span, quoteIt(text));
  if (typeof key === 'number' && sexagesimal.test(text)) warnSexagesimal(text, key, span, diagnostics);
}

function lookAtValue(node: ScalarNode, key: string, diagnostics: Diagnostics): void {
  if (node.style !== 'plain' || node.tag !== undefined) return;
  const text = textOf(node.span);
  if (typeof node.value === 'boolean' && wordBoolean.test(text) && placeKey.test(key))
    diagnostics.warning(
      'yaml-boolean-word',
      `YAML reads “${text}” as ${node.value}`,
      node.span,
      quoteIt(text),
    );
  if (typeof node.value !== 'number') return;
  if (sexagesimal.test(text)) warnSexagesimal(text, node.value, node.span, diagnostics);
  if (
    node.float &&
    versionKey.test(key) &&
    losesDigits.test(text) &&
    String(node.value) !== text &&
    !Number.isInteger(node.value)
  )
    diagnostics.warning(
      'yaml-version-number',
      `YAML reads “${text}” as the number ${node.value}`,
      node.span,
      quoteIt(text),
    );
  if (modeKey.test(key) && /^[1-7]?[0-7]{3}$/.test(text) && !text.startsWith('0'))
    diagnostics.warning(
      'yaml-decimal-mode',
      `the mode ${text} is a decimal number here, which is ${node.value.toString(8)} in octal`,
      node.span,
      {
        hint: `write "${text.padStart(4, '0')}"`,
      },
    );
}

/** A list in which some words became booleans and others did not, such as `[de, no, se]`. */
function lookAtList(list: SequenceNode, key: string, diagnostics: Diagnostics): void {
  const hasText = list.items.some(item => item.kind === 'scalar' && typeof item.value === 'string');
  if (!hasText || placeKey.test(key)) return;
  for (const item of list.items) {
    if (item.kind !== 'scalar' || item.style !== 'plain' || typeof item.value !== 'boolean' || item.aliasSpan)
      continue;
    const text = textOf(item.span);
    if (wordBoolean.test(text))
      diagnostics.warning(
        'yaml-boolean-word',
        `YAML reads “${text}” in this list of texts as ${item.value}`,
        item.span,
        quoteIt(text),
      );
  }
}

function warnSexagesimal(text: string, value: number, span: Span, diagnostics: Diagnostics): void {
  diagnostics.warning(
    'yaml-sexagesimal',
    `YAML reads “${text}” as a number to the base of 60: ${value}`,
    span,
    quoteIt(text),
  );
}

function quoteIt(text: string): { readonly hint: string } {
  return { hint: `if it is meant as text, quote it: "${text}"` };
}

function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}
