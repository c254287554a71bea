import type { MappingEntry, Node, ScalarNode } from '../source/node.ts';
import type { SourceText, Span } from '../source/span.ts';
import { type Literal, readPythonLiteral } from './python-literal.ts';
import type { Word } from './shell-words.ts';

/**
 * The value of `key=value`, with its places: a Python literal if it is one, else the text as it is. Ansible's documentation says that
 * values of [group:vars] stay strings; its code (inventory/ini.py, `_parse_value`) reads them like those of hosts, and so do we.
 */
export function valueNode(source: SourceText, word: Word): Node {
  const literal = readPythonLiteral(word.text);
  if (literal !== undefined) return nodeOf(source, word, literal);
  return text(word.text, spanOf(source, word, 0, word.text.length));
}

function nodeOf(source: SourceText, word: Word, literal: Literal): Node {
  const span = spanOf(source, word, literal.start, literal.end);
  switch (literal.kind) {
    case 'scalar':
      return { ...text('', span), value: literal.value, float: literal.float };
    case 'sequence':
      return { kind: 'sequence', span, items: literal.items.map(item => nodeOf(source, word, item)) };
    case 'mapping': {
      const entries: MappingEntry[] = literal.entries.map(({ key, value }) => ({
        key: key.value,
        keySpan: spanOf(source, word, key.start, key.end),
        value: nodeOf(source, word, value),
      }));
      return { kind: 'mapping', span, entries };
    }
  }
}

/** A plain scalar: its text stands in the file as it is, unless quotes or escapes of the line came between. */
function text(value: string, span: Span): ScalarNode {
  return { kind: 'scalar', span, value, float: false, style: 'plain' };
}

function spanOf(source: SourceText, word: Word, start: number, end: number): Span {
  const from = word.offsets[start] ?? word.offsets.at(-1) ?? 0;
  // Behind the last character, which an escape or a closing quote may follow.
  const to = end > start ? (word.offsets[end - 1] ?? from) + 1 : from;
  return { source, start: from, end: Math.max(from, to) };
}
