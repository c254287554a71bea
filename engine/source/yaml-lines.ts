import { endOfLine, lineOf, positionOf, type SourceText, type Span, startOfLine } from './span.ts';

const longestQuoted = 72;

/** The bracket that is still open at an offset, found backwards; quotes are not looked at, it is only a place to point at. */
export function openBracket(source: SourceText, at: number): number {
  let depth = 0;
  for (let index = Math.min(at, source.text.length) - 1; index >= 0; index--) {
    const character = source.text[index];
    if (character === ']' || character === '}') depth++;
    if (character === '[' || character === '{') {
      if (depth === 0) return index;
      depth--;
    }
  }
  return Math.max(0, at - 1);
}

/** The lines above that a line could belong to: each less indented than those between. */
export function enclosingIndents(
  source: SourceText,
  start: number,
): readonly { readonly start: number; readonly width: number }[] {
  const found: { start: number; width: number }[] = [];
  const isItem = source.text[start + indentOf(source, start)] === '-';
  let narrowest = Number.POSITIVE_INFINITY;
  for (let line = positionOf(source, start).line - 1; line >= 1 && narrowest > 0; line--) {
    const text = lineOf(source, line);
    if (/^\s*(?:#.*)?$/.test(text)) continue;
    // Behind “- ” a mapping may begin, whose keys are indented to there; a list item is not one of them.
    const widths = [...(/^(\s*)((?:-\s+)*)/.exec(text)?.slice(1) ?? [])];
    const width = widths[0]?.length ?? 0;
    const inner = width + (widths[1]?.length ?? 0);
    for (const candidate of inner > width && !isItem ? [inner, width] : [width]) {
      if (candidate >= narrowest) continue;
      narrowest = candidate;
      found.push({ start: lineStart(source, line), width: candidate });
    }
  }
  return found;
}

function lineStart(source: SourceText, line: number): number {
  let offset = 0;
  for (let count = 1; count < line; count++) offset = source.text.indexOf('\n', offset) + 1;
  return offset;
}

/** The number of spaces that a line begins with. */
export function indentOf(source: SourceText, start: number): number {
  return /^ */.exec(source.text.slice(start, endOfLine(source, start)))?.[0].length ?? 0;
}

/** The first character that is not white space on the lines below an offset. */
export function firstOfNextLine(source: SourceText, at: number): number {
  const next = /\n\s*/.exec(source.text.slice(at));
  return next === null ? at : at + next.index + next[0].length;
}

/** From an offset to the end of its line, without a comment, as a place. */
export function restSpan(source: SourceText, at: number): Span {
  return { source, start: at, end: at + restOfLine(source, at).length };
}

/** From an offset to the end of its line, without a comment. */
export function restOfLine(source: SourceText, at: number): string {
  return source.text
    .slice(at, endOfLine(source, at))
    .replace(/\s+#.*$/, '')
    .trimEnd();
}

/** The value that a line holds behind its first `key: ` or `- `. */
export function valueOfLine(source: SourceText, at: number): string {
  const line = restOfLine(source, startOfLine(source, at)).trimStart();
  return line.replace(/^(?:-\s+)*(?:[^\s"'[{][^:]*:\s+)?/, '');
}

/** A text in whichever YAML quotes need the fewest escapes; a long one is cut. */
export function quoted(whole: string): string {
  const text = whole.length > longestQuoted ? `${whole.slice(0, longestQuoted)}…` : whole;
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`;
  return text.includes("'") ? `"${text.replace(/["\\]/g, '\\$&')}"` : `'${text}'`;
}

/** `1 space`, `2 spaces`. */
export function spaces(count: number): string {
  return count === 1 ? '1 space' : `${count} spaces`;
}
