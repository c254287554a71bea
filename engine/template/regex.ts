import { valueError } from './error.ts';
import { classOf, escapeOf, literal } from './regex-escape.ts';

/** Python's `re.IGNORECASE`, `re.MULTILINE` and their like. */
export interface RegexFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
  readonly verbose?: boolean;
}

const compiled = new Map<string, RegExp>();

/** A regular expression of Python's `re` as JavaScript's, flags `g` and `v` set. Throws where it is none, or has what JavaScript lacks. */
export function compileRegex(pattern: string, flags: RegexFlags = {}): RegExp {
  const key = JSON.stringify([pattern, flags]);
  const known = compiled.get(key);
  if (known !== undefined) {
    known.lastIndex = 0;
    return known;
  }
  const inline = inlineFlags(pattern);
  const all = { ...flags, ...inline.flags };
  const regex = toRegExp(new Translator(inline.rest, all).run(), all.ignoreCase ? 'giv' : 'gv', pattern);
  compiled.set(key, regex);
  return regex;
}

function toRegExp(source: string, flags: string, pattern: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    throw valueError(`“${pattern}” is no regular expression`);
  }
}

/** `(?im)` at the start. */
function inlineFlags(pattern: string): { readonly flags: RegexFlags; readonly rest: string } {
  const match = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const letters = match?.[1] ?? '';
  return {
    rest: pattern.slice(match?.[0].length ?? 0),
    flags: {
      ...(letters.includes('i') && { ignoreCase: true }),
      ...(letters.includes('m') && { multiline: true }),
      ...(letters.includes('s') && { dotAll: true }),
      ...(letters.includes('x') && { verbose: true }),
    },
  };
}

class Translator {
  readonly #pattern: string;
  readonly #flags: RegexFlags;
  #at = 0;

  constructor(pattern: string, flags: RegexFlags) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  run(): string {
    let result = '';
    while (this.#at < this.#pattern.length) result += this.#next();
    return result;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#pattern);
    if (match !== null) this.#at += match[0].length;
    return match ?? undefined;
  }

  #next(): string {
    if (this.#flags.verbose && this.#take(/\s+|#.*/y)) return '';
    if (this.#take(/\(\?#[^)]*\)/y)) return '';
    const named = this.#take(/\(\?P<(\w+)>/y);
    if (named) return `(?<${named[1]}>`;
    const reference = this.#take(/\(\?P=(\w+)\)/y);
    if (reference) return `\\k<${reference[1]}>`;
    const group = this.#take(/\(\?(?:[:=!]|<[=!])|\(/y);
    if (group) return this.#group(group[0]);
    const quantifier = this.#take(/\{(\d*)(,?)(\d*)\}/y);
    if (quantifier) return this.#quantifier(quantifier);
    const escape_ = this.#take(
      /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|0[0-7]{0,2}|[0-7]{3}|[1-9]\d?|[\s\S])/uy,
    );
    if (escape_) return escapeOf(escape_[1] ?? '');
    if (this.#pattern[this.#at] === '[') return this.#class();
    return this.#plain(this.#take(/[\s\S]/uy)?.[0] ?? '');
  }

  #group(opening: string): string {
    if (opening === '(' && this.#pattern[this.#at] === '?')
      throw valueError(
        `“(${this.#pattern.slice(this.#at, this.#at + 2)}” in a regular expression is not supported`,
      );
    return opening;
  }

  #quantifier([whole, least = '', comma = '', most = '']: RegExpExecArray): string {
    if (least === '' && (comma === '' || most === '')) return comma === '' ? literal(whole) : '{0,}';
    return `{${least === '' ? '0' : least}${comma}${most}}`;
  }

  #plain(character: string): string {
    switch (character) {
      case '.':
        return this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]';
      case '^':
        return this.#flags.multiline ? '(?:(?<![\\s\\S])|(?<=\\n))' : '(?<![\\s\\S])';
      case '$':
        return this.#flags.multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
      case '*':
      case '+':
      case '?':
      case '|':
      case ')':
        return character;
      default:
        return literal(character);
    }
  }

  /** `[…]`: a `]` right behind its opening is one of its characters. */
  #class(): string {
    const match = this.#take(/\[(\^?)(\]?(?:\\[\s\S]|[^\]\\])*)\]/uy);
    if (match === undefined) throw valueError('a “[” in a regular expression is never closed');
    return `[${match[1]}${classOf(match[2] ?? '')}]`;
  }
}
