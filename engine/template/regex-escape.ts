/** What Python's `\w` stands for, as the inside of a class. */
const WORD = '\\p{L}\\p{N}_';

/** Escapes that stand for the same in and outside of a class. */
const CHARACTERS: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
};

const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  s: '[\\s\\x1c-\\x1f\\x85]',
  S: '[^\\s\\x1c-\\x1f\\x85]',
};

const ANCHORS: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  Z: '(?![\\s\\S])',
  b: `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  B: `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
};

/** Text that matches itself, as a pattern with the flag `v`. */
export function literal(text: string): string {
  return Array.from(text, character =>
    /^[A-Za-z0-9_]$/.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  ).join('');
}

function codePoint(escape_: string): string | undefined {
  if (/^[xuU][\da-fA-F]+$/.test(escape_)) return `\\u{${escape_.slice(1).replace(/^0+(?=.)/, '')}}`;
  return /^0[0-7]*$|^[0-7]{3}$/.test(escape_)
    ? `\\u{${Number.parseInt(escape_, 8).toString(16)}}`
    : undefined;
}

/** What stands behind a backslash, outside of a class, as JavaScript writes it. */
export function escapeOf(escape_: string): string {
  const found = codePoint(escape_) ?? CHARACTERS[escape_] ?? CLASSES[escape_] ?? ANCHORS[escape_];
  if (found !== undefined) return found;
  return /^[1-9]/.test(escape_) ? `(?:\\${escape_})` : literal(escape_);
}

const CLASS_PART = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|[\s\S])|([\s\S])/gu;

/** The inside of a class as JavaScript writes it; a minus between two characters makes a range. */
export function classOf(source: string): string {
  const parts = Array.from(source.matchAll(CLASS_PART), ([, escape_, plain = '']) =>
    escape_ === undefined ? { text: literal(plain), minus: plain === '-', set: false } : classEscape(escape_),
  );
  return parts
    .map((part, index) => {
      const [before, after] = [parts[index - 1], parts[index + 1]];
      const isRange = part.minus && before !== undefined && after !== undefined && !before.set && !after.set;
      return isRange ? '-' : part.text;
    })
    .join('');
}

function classEscape(escape_: string): {
  readonly text: string;
  readonly minus: boolean;
  readonly set: boolean;
} {
  const set = CLASSES[escape_];
  if (set !== undefined) return { text: set, minus: false, set: true };
  const octal = /^[0-7]{1,3}$/.test(escape_) ? `\\u{${Number.parseInt(escape_, 8).toString(16)}}` : undefined;
  return {
    text:
      octal ??
      codePoint(escape_) ??
      (escape_ === 'b' ? '\\x08' : undefined) ??
      CHARACTERS[escape_] ??
      literal(escape_),
    minus: false,
    set: false,
  };
}
