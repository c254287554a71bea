import { withEscapes } from './python-string.ts';

/** A value that is written as in Python; places are indexes into the text. */
export type Literal = LiteralScalar | LiteralSequence | LiteralMapping;

interface Placed {
  readonly start: number;
  readonly end: number;
}

interface LiteralScalar extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | bigint | boolean | null;
  readonly float: boolean;
}

interface LiteralSequence extends Placed {
  readonly kind: 'sequence';
  readonly items: readonly Literal[];
}

interface LiteralMapping extends Placed {
  readonly kind: 'mapping';
  readonly entries: readonly { readonly key: LiteralScalar; readonly value: Literal }[];
}

/** Deeper nesting is not read as a value; it stays a text. */
const deepest = 50;

/**
 * Reads a text as Python's `ast.literal_eval` does: numbers, strings, `True`, `None`, lists, tuples, sets, dicts; tuples and sets become
 * lists. None where it is no such value: Ansible then takes the text as it is. Complex numbers, and keys that are not scalars, are such too.
 */
export function readPythonLiteral(text: string): Literal | undefined {
  const reader = new Reader(text);
  try {
    return reader.readAll();
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

const numberPattern =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*)?\.?(?:[0-9](?:_?[0-9])*)?(?:[eE][-+]?[0-9](?:_?[0-9])*)?)/y;
const wholePattern = /^(?:0(?:_?0)*|[1-9](?:_?[0-9])*)$/;
const floatPattern =
  /^(?:[0-9](?:_?[0-9])*\.(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*(?=[eE]))(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/;
const stringPattern = /(?:[rRuUbB]|[bB][rR]|[rR][bB])?("""|'''|"|')/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): Literal {
    this.#skipBlanks();
    const first = this.#readValue(0);
    const items = [first];
    let isTuple = false;
    while (this.#take(',')) {
      isTuple = true;
      if (this.#atEnd()) break;
      items.push(this.#readValue(0));
    }
    if (!this.#atEnd()) throw new NoLiteral();
    return isTuple ? { kind: 'sequence', items, start: first.start, end: this.#at } : first;
  }

  #readValue(depth: number): Literal {
    if (depth > deepest) throw new NoLiteral();
    const start = this.#at;
    const character = this.#text[start] ?? '';
    if (character === '+' || character === '-') return this.#readSigned(depth);
    if (character === '(') return this.#readParentheses(depth);
    if (character === '[') return this.#sequence(start, this.#readItems('[', ']', depth));
    if (character === '{') return this.#readBraces(depth);
    if (/[0-9.]/.test(character)) return this.#readNumber();
    if (this.#matchAt(stringPattern) !== undefined) return this.#readStrings();
    return this.#readWord();
  }

  #readSigned(depth: number): Literal {
    const start = this.#at;
    const sign = this.#text[start];
    this.#at++;
    this.#skipBlanks();
    const operand = /[+-]/.test(this.#text[this.#at] ?? '') ? undefined : this.#readValue(depth + 1);
    if (operand?.kind !== 'scalar') throw new NoLiteral();
    const { value } = operand;
    if (typeof value !== 'number' && typeof value !== 'bigint') throw new NoLiteral();
    // An int has no negative zero; a float has.
    const negated = value === 0 && !operand.float ? 0 : -value;
    return { ...operand, start, value: sign === '-' ? negated : value };
  }

  #readParentheses(depth: number): Literal {
    const start = this.#at;
    const items = this.#readItems('(', ')', depth);
    const [only] = items;
    const isGroup = items.length === 1 && !/,\s*\)$/.test(this.#text.slice(start, this.#lastEnd));
    return isGroup && only !== undefined ? only : this.#sequence(start, items);
  }

  #lastEnd = 0;

  #sequence(start: number, items: readonly Literal[]): LiteralSequence {
    return { kind: 'sequence', items, start, end: this.#lastEnd };
  }

  #readItems(open: string, close: string, depth: number): readonly Literal[] {
    this.#expect(open);
    const items: Literal[] = [];
    while (this.#text[this.#at] !== close) {
      items.push(this.#readValue(depth + 1));
      if (!this.#take(',')) break;
    }
    this.#expectClose(close);
    return items;
  }

  #readBraces(depth: number): Literal {
    const start = this.#at;
    this.#expect('{');
    const items: Literal[] = [];
    const entries = new Map<LiteralScalar['value'], { key: LiteralScalar; value: Literal }>();
    let isSet = false;
    while (this.#text[this.#at] !== '}') {
      const item = this.#readValue(depth + 1);
      if (items.length === 0) isSet = this.#text[this.#at] !== ':';
      items.push(item);
      if (!isSet) {
        this.#expect(':');
        if (item.kind !== 'scalar') throw new NoLiteral();
        entries.set(item.value, { key: item, value: this.#readValue(depth + 1) });
      }
      if (!this.#take(',')) break;
    }
    this.#expectClose('}');
    if (isSet) return this.#sequence(start, items);
    return { kind: 'mapping', entries: [...entries.values()], start, end: this.#lastEnd };
  }

  #readNumber(): LiteralScalar {
    const start = this.#at;
    const written = this.#matchAt(numberPattern)?.[0] ?? '';
    const end = start + written.length;
    // What follows at once (`1a`, `1.2.3`, `1j`) makes it no number.
    if (written === '' || /[\p{L}\p{N}_.]/u.test(this.#text[end] ?? '')) throw new NoLiteral();
    this.#moveTo(end);
    const digits = written.replaceAll('_', '');
    if (floatPattern.test(written)) return { kind: 'scalar', value: Number(digits), float: true, start, end };
    if (!wholePattern.test(written) && !/^0[xXoObB]/.test(written)) throw new NoLiteral();
    const small = Number(digits);
    return {
      kind: 'scalar',
      value: Number.isSafeInteger(small) ? small : BigInt(digits),
      float: false,
      start,
      end,
    };
  }

  #readWord(): Literal {
    const start = this.#at;
    const word = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(this.#text.slice(start))?.[0] ?? '';
    const end = start + word.length;
    this.#moveTo(end);
    if (word === 'True' || word === 'False')
      return { kind: 'scalar', value: word === 'True', float: false, start, end };
    if (word === 'None') return { kind: 'scalar', value: null, float: false, start, end };
    if (word !== 'set') throw new NoLiteral();
    this.#expect('(');
    this.#expectClose(')');
    return this.#sequence(start, []);
  }

  /** One string, or several beside each other, which Python joins. The place of a single one is that of what stands in its quotes. */
  #readStrings(): LiteralScalar {
    const parts: LiteralScalar[] = [];
    const kinds = new Set<boolean>();
    for (
      let match = this.#matchAt(stringPattern);
      match !== undefined;
      match = this.#matchAt(stringPattern)
    ) {
      const prefix = match[0].slice(0, match[0].length - (match[1]?.length ?? 0));
      kinds.add(/b/i.test(prefix));
      parts.push(this.#readString(match[0].length, match[1] ?? '', prefix));
    }
    const [first] = parts;
    if (first === undefined || kinds.size > 1) throw new NoLiteral();
    if (parts.length === 1) return first;
    return {
      ...first,
      value: parts.map(part => String(part.value)).join(''),
      start: first.start - 1,
      end: this.#lastEnd,
    };
  }

  #readString(opening: number, quote: string, prefix: string): LiteralScalar {
    const start = this.#at + opening;
    let end = start;
    while (!this.#text.startsWith(quote, end)) {
      if (end >= this.#text.length) throw new NoLiteral();
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    const written = this.#text.slice(start, end);
    if (/b/i.test(prefix) && /[^\0-\x7f]/.test(written)) throw new NoLiteral();
    const value = /r/i.test(prefix) ? written : withEscapes(written, /b/i.test(prefix));
    if (value === undefined) throw new NoLiteral();
    this.#moveTo(end + quote.length);
    return { kind: 'scalar', value, float: false, start, end };
  }

  #matchAt(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text) ?? undefined;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#moveTo(this.#at + 1);
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new NoLiteral();
  }

  #expectClose(character: string): void {
    const at = this.#at;
    this.#expect(character);
    this.#lastEnd = at + 1;
  }

  #moveTo(end: number): void {
    this.#lastEnd = end;
    this.#at = end;
    this.#skipBlanks();
  }

  #skipBlanks(): void {
    while (/[ \t\f]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #atEnd(): boolean {
    return this.#at >= this.#text.length || this.#text[this.#at] === '#';
  }
}
