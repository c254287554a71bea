import type { Node } from '../source/node.ts';
import type { Span } from '../source/span.ts';
import { spanIn } from '../source/yaml.ts';
import { parseAddress } from './address.ts';

/** A host pattern with the way to its place, if it has one. */
export interface PatternText {
  readonly text: string;
  /** The place of a stretch of the text. */
  readonly spanOf?: (start: number, end: number) => Span;
}

/** One of the patterns that a pattern consists of. */
export interface PatternPart {
  /** `&` keeps only what matches, `!` takes it away, else it is added. */
  readonly modifier: '' | '&' | '!';
  /** A name, a glob, or `~` and a regular expression. */
  readonly expression: string;
  readonly subscript?: Subscript;
  /** As it is written, without its modifier. */
  readonly written: string;
  readonly span?: Span;
}

/** Positions among the hosts that match, from 0; both ends count, a negative one counts from the end. */
export type Subscript = { readonly index: number } | { readonly from: number; readonly to: number };

/** The patterns of a play's `hosts`: a text or a list of texts. */
export function patternsOf(node: Node): readonly PatternText[] {
  if (node.kind === 'sequence') return node.items.flatMap(patternsOf);
  if (node.kind !== 'scalar' || node.value === null) return [];
  return [{ text: String(node.value), spanOf: (start, end) => spanIn(node, start, end) }];
}

/** The parts of a pattern: separated by commas, or, where there is none, by colons that are not part of an address or a range. */
export function splitPattern({ text, spanOf }: PatternText): readonly PatternPart[] {
  const pieces =
    text.includes(',') || parseAddress(text) !== undefined ? /[^,]+/g : /(?:[^\s:[\]]|\[[^\]]*\])+/g;
  return [...text.matchAll(pieces)].flatMap(match => {
    const piece = match[0].trim();
    if (piece === '') return [];
    const start = match.index + match[0].indexOf(piece);
    return readPart(piece, spanOf && (from => spanOf(start + from, start + piece.length)));
  });
}

/** One part: a modifier, an expression, a subscript. `spanFrom` gives its place from an index on. */
export function readPart(piece: string, spanFrom: ((from: number) => Span) | undefined): PatternPart {
  const first = piece.charAt(0);
  const modifier = first === '&' || first === '!' ? first : '';
  const written = piece.slice(modifier.length);
  const span = spanFrom && { span: spanFrom(modifier.length) };
  const match = written.startsWith('~')
    ? null
    : /^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/.exec(written);
  const [, expression = written, index, from, to] = match ?? [];
  if (index !== undefined)
    return { modifier, expression, subscript: { index: Number(index) }, written, ...span };
  if (from === undefined) return { modifier, expression, written, ...span };
  const subscript = { from: Number(from), to: to === '' || to === undefined ? -1 : Number(to) };
  return { modifier, expression, subscript, written, ...span };
}
