/** A text that places point into. `name` is how it is shown to people: a path as they wrote it, or a description such as `--extra-vars`. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** A stretch of a text: UTF-16 offsets, `start` inclusive, `end` exclusive. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** Line and column as editors count them, both from 1; the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets of the first character of each line. */
const lineStarts = new WeakMap<SourceText, readonly number[]>();

function startsOf(source: SourceText): readonly number[] {
  let starts = lineStarts.get(source);
  if (starts === undefined) {
    const found = [0];
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
      found.push(at + 1);
    starts = found;
    lineStarts.set(source, starts);
  }
  return starts;
}

/** The line and column of an offset. */
export function positionOf(source: SourceText, offset: number): Position {
  const starts = startsOf(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The text of a line (from 1), without its line break. */
export function lineOf(source: SourceText, line: number): string {
  const starts = startsOf(source);
  const start = starts[line - 1] ?? source.text.length;
  const end = starts[line] ?? source.text.length + 1;
  return source.text.slice(start, end - 1).replace(/\r$/, '');
}

/** `FILE:LINE:COLUMN`, as editors and terminals make links of. */
export function placeOf(span: Span): string {
  const { line, column } = positionOf(span.source, span.start);
  return `${span.source.name}:${line}:${column}`;
}

/** The offset of the first character of the line that an offset stands on. */
export function startOfLine(source: SourceText, offset: number): number {
  return offset === 0 ? 0 : source.text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset behind the last character of the line that an offset stands on, its line break not counted. */
export function endOfLine(source: SourceText, offset: number): number {
  const found = source.text.indexOf('\n', offset);
  const end = found < 0 ? source.text.length : found;
  return end > offset && source.text[end - 1] === '\r' ? end - 1 : end;
}
