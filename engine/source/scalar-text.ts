/** A scalar's value with the offset in the text of each of its UTF-16 units, and of its end behind them. */
export interface Decoded {
  readonly value: string;
  readonly offsets: readonly number[];
}

class Decoding {
  readonly #units: string[] = [];
  readonly #offsets: number[] = [];

  /** Adds what stands at an offset; all units of one escape stand at its backslash. */
  add(text: string, offset: number): void {
    for (let index = 0; index < text.length; index++) {
      this.#units.push(text[index] ?? '');
      this.#offsets.push(offset);
    }
  }

  /** Adds a stretch of the text that stands for itself. */
  copy(text: string, from: number, to: number): void {
    for (let offset = from; offset < to; offset++) {
      this.#units.push(text[offset] ?? '');
      this.#offsets.push(offset);
    }
  }

  end(offset: number): Decoded {
    return { value: this.#units.join(''), offsets: [...this.#offsets, offset] };
  }
}

/** An unquoted scalar: line breaks are folded. */
export function decodePlain(text: string, start: number, end: number): Decoded {
  return decodeFlow(text, start, end, () => undefined);
}

/** What stands between single quotes: `''` is one quote. */
export function decodeSingle(text: string, start: number, end: number): Decoded {
  return decodeFlow(text, start, end, at =>
    text.startsWith("''", at) ? { text: "'", length: 2 } : undefined,
  );
}

/** What stands between double quotes, with its escapes. */
export function decodeDouble(text: string, start: number, end: number): Decoded {
  return decodeFlow(text, start, end, at => (text[at] === '\\' ? readEscape(text, at) : undefined));
}

interface Escape {
  readonly text: string;
  /** How much of the source it takes. */
  readonly length: number;
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

function readEscape(text: string, at: number): Escape | undefined {
  const lineBreak = /^\\\r?\n[ \t]*/.exec(text.slice(at, at + 200));
  if (lineBreak !== null) return { text: '', length: lineBreak[0].length };
  const code = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(text.slice(at, at + 10));
  if (code !== null) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    return point <= 0x10ffff ? { text: String.fromCodePoint(point), length: code[0].length } : undefined;
  }
  const plain = escapes[text[at + 1] ?? ''];
  return plain === undefined ? undefined : { text: plain, length: 2 };
}

/** A scalar whose line breaks are folded: one becomes a space, and of several all but the first are kept. */
function decodeFlow(
  text: string,
  start: number,
  end: number,
  escapeAt: (at: number) => Escape | undefined,
): Decoded {
  const decoding = new Decoding();
  const breaks = /[ \t]*\r?\n[ \t\r\n]*/y;
  for (let at = start; at < end; ) {
    const escaped = escapeAt(at);
    if (escaped !== undefined) {
      decoding.add(escaped.text, at);
      at += escaped.length;
      continue;
    }
    breaks.lastIndex = at;
    const fold = breaks.exec(text);
    if (fold === null) {
      decoding.copy(text, at, at + 1);
      at++;
      continue;
    }
    const lines = fold[0].split('\n').length - 1;
    decoding.add(lines === 1 ? ' ' : '\n'.repeat(lines - 1), at);
    at = Math.min(end, at + fold[0].length);
  }
  return decoding.end(end);
}

interface BlockLine {
  readonly start: number;
  readonly end: number;
}

/**
 * A block scalar, `start` being its `|` or `>`. The indentation is that of the first line with text, or, where the header gives it as a
 * digit, whatever makes the text into the value: it is counted from the parent, which is not known here.
 */
export function decodeBlock(
  text: string,
  start: number,
  end: number,
  style: 'literal' | 'folded',
  value: string,
): Decoded | undefined {
  const headerEnd = text.indexOf('\n', start);
  if (headerEnd < 0 || headerEnd >= end) return undefined;
  const lines = linesOf(text, headerEnd + 1, end);
  const first = lines.find(line => line.end > line.start && /[^ ]/.test(text.slice(line.start, line.end)));
  if (first === undefined) return undefined;
  const widest = /^ */.exec(text.slice(first.start, first.end))?.[0].length ?? 0;
  for (let indent = widest; indent >= 0; indent--) {
    const decoded = decodeLines(text, lines, indent, style);
    const whole = decoded.value;
    if (whole.startsWith(value) || value.startsWith(whole)) return trimTo(decoded, value);
  }
  return undefined;
}

/** Chomping only takes line breaks away from the end, or leaves those that stand there. */
function trimTo(decoded: Decoded, value: string): Decoded | undefined {
  if (!/^\n*$/.test(decoded.value.slice(value.length))) return undefined;
  return { value: decoded.value.slice(0, value.length), offsets: decoded.offsets.slice(0, value.length + 1) };
}

function linesOf(text: string, start: number, end: number): readonly BlockLine[] {
  const lines: BlockLine[] = [];
  for (let at = start; at < end; ) {
    const found = text.indexOf('\n', at);
    const next = found < 0 || found >= end ? end : found;
    lines.push({ start: at, end: text[next - 1] === '\r' ? Math.max(at, next - 1) : next });
    at = next + 1;
  }
  return lines;
}

function decodeLines(
  text: string,
  lines: readonly BlockLine[],
  indent: number,
  style: 'literal' | 'folded',
): Decoded {
  const decoding = new Decoding();
  const contents = lines.map(line => ({ from: Math.min(line.start + indent, line.end), to: line.end }));
  const isEmpty = (index: number): boolean => (contents[index]?.from ?? 0) >= (contents[index]?.to ?? 0);
  const isIndented = (index: number): boolean =>
    /^[ \t]$/.test(text[contents[index]?.from ?? 0] ?? '') && !isEmpty(index);
  for (const [index, { from, to }] of contents.entries()) {
    decoding.copy(text, from, to);
    let next = index + 1;
    while (next < contents.length && isEmpty(next)) next++;
    const folds =
      style === 'folded' &&
      !isEmpty(index) &&
      next < contents.length &&
      !isIndented(index) &&
      !isIndented(next);
    if (!folds) decoding.add('\n', to);
    else if (next === index + 1) decoding.add(' ', to);
  }
  return decoding.end(contents.at(-1)?.to ?? 0);
}
