import { lineOf, positionOf, type Span } from './span.ts';

/** A line of a text as it is drawn, with the stretch to underline; `column` and `width` in terminal cells, `column` from 0. */
export interface DrawnLine {
  /** The line number, as text. */
  readonly number: string;
  readonly text: string;
  readonly column: number;
  readonly width: number;
}

const tabWidth = 4;
const mostCells = 100;
const cellsBefore = 40;

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly marked: boolean;
}

/** The first line of a span: tabs as spaces, control characters as a visible sign, a long line cut around the span. */
export function drawSpan(span: Span): DrawnLine {
  const { line, column } = positionOf(span.source, span.start);
  const text = lineOf(span.source, line);
  const start = column - 1;
  const end = Math.min(Math.max(span.end - span.start, 1) + start, Math.max(text.length, start + 1));
  const cells = cut(cellsOf(text, start, end));
  const before = cells.slice(
    0,
    Math.max(
      0,
      cells.findIndex(cell => cell.marked),
    ),
  );
  const marked = cells.filter(cell => cell.marked);
  const drawn = cells.map(cell => cell.text).join('');
  return {
    number: String(line),
    text: drawn.trimEnd(),
    column: marked.length === 0 ? widthOf(cells) : widthOf(before),
    width: Math.max(1, widthOf(marked)),
  };
}

function cellsOf(text: string, start: number, end: number): readonly Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  for (const character of text) {
    const marked = offset + character.length > start && offset < end;
    cells.push({ ...drawn(character), marked });
    offset += character.length;
  }
  return cells;
}

function drawn(character: string): { readonly text: string; readonly width: number } {
  if (character === '\t') return { text: ' '.repeat(tabWidth), width: tabWidth };
  if (/[\p{Cc}\p{Cs}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u.test(character))
    return { text: '·', width: 1 };
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return { text: character, width: 0 };
  return { text: character, width: isWide(character) ? 2 : 1 };
}

/** Characters that terminals draw two cells wide: emoji, and the wide and fullwidth ranges of Unicode's EastAsianWidth. */
function isWide(character: string): boolean {
  return /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(
    character,
  );
}

function cut(cells: readonly Cell[]): readonly Cell[] {
  if (widthOf(cells) <= mostCells) return cells;
  const mark = Math.max(
    0,
    cells.findIndex(cell => cell.marked),
  );
  const from = Math.max(0, Math.min(mark - cellsBefore, cells.length - mostCells));
  const to = Math.min(cells.length, from + mostCells);
  const ellipsis: Cell = { text: '…', width: 1, marked: false };
  return [
    ...(from > 0 ? [ellipsis] : []),
    ...cells.slice(from, to),
    ...(to < cells.length ? [ellipsis] : []),
  ];
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}
