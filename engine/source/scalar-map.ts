import type { ScalarNode } from './node.ts';
import { type Decoded, decodeBlock, decodeDouble, decodePlain, decodeSingle } from './scalar-text.ts';
import type { Span } from './span.ts';
import { unreachable } from './unreachable.ts';

const decodedScalars = new WeakMap<ScalarNode, Decoded | null>();

/**
 * Where the character at an index of a scalar's string value stands in its source text: behind escapes, indentation and folds. The index may
 * be the value's length. Falls back to the scalar's start where it cannot be known.
 */
export function offsetIn(scalar: ScalarNode, index: number): number {
  const decoded = decodedOf(scalar);
  if (decoded === undefined) return scalar.span.start;
  return decoded.offsets[Math.max(0, Math.min(index, decoded.offsets.length - 1))] ?? scalar.span.start;
}

/** The place of a stretch of a scalar's string value; the whole scalar where it cannot be known. */
export function spanIn(scalar: ScalarNode, start: number, end: number): Span {
  if (decodedOf(scalar) === undefined) return scalar.span;
  const from = offsetIn(scalar, start);
  // Behind the last character, not before the next one, where a line break lies between them.
  const to = end > start ? Math.max(from + 1, offsetIn(scalar, end - 1) + 1) : from;
  const next = offsetIn(scalar, end);
  const sameLine = next > to && !scalar.span.source.text.slice(to, next).includes('\n');
  return { source: scalar.span.source, start: from, end: sameLine ? next : to };
}

function decodedOf(scalar: ScalarNode): Decoded | undefined {
  const known = decodedScalars.get(scalar);
  if (known !== undefined) return known ?? undefined;
  const decoded = decode(scalar);
  // The map is only trusted if it gives the very value that the parser read.
  const right = decoded !== undefined && decoded.value === scalar.value ? decoded : null;
  decodedScalars.set(scalar, right);
  return right ?? undefined;
}

function decode(scalar: ScalarNode): Decoded | undefined {
  if (typeof scalar.value !== 'string') return undefined;
  const { source, start, end } = scalar.span;
  switch (scalar.style) {
    case 'plain':
      return decodePlain(source.text, start, end);
    case 'single':
      return decodeSingle(source.text, start + 1, end - 1);
    case 'double':
      return decodeDouble(source.text, start + 1, end - 1);
    case 'literal':
    case 'folded':
      return decodeBlock(source.text, start, end, scalar.style, scalar.value);
    default:
      return unreachable(scalar.style);
  }
}
