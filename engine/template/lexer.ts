import { scanExpression } from './lexer-expression.ts';
import { syntaxError, type Token } from './token.ts';

/** How a template's tags treat the white space around them; as in Jinja2. */
export interface TemplateOptions {
  /** Drop the line break right behind a block tag. */
  readonly trimBlocks?: boolean;
  /** Drop the blanks before a block tag that begins its line. */
  readonly lstripBlocks?: boolean;
  /** Keep the line break at the end of the template. */
  readonly keepTrailingNewline?: boolean;
  /** Lines that begin so are statements, e.g. `#`. */
  readonly lineStatementPrefix?: string;
  /** What follows this on a line is a comment, e.g. `##`. */
  readonly lineCommentPrefix?: string;
}

/** Where the next tag is: its kind and its sign (`-`, `+` or none). */
interface Opening {
  readonly kind: 'variable' | 'block' | 'comment' | 'raw' | 'line-statement' | 'line-comment';
  readonly at: number;
  readonly sign: string;
  readonly end: number;
}

const RAW_BEGIN = /\{%[-+]?\s*raw\s*(-%\}\s*|%\})/y;
const RAW_END = /\{%([-+]?)\s*endraw\s*(\+%\}|-%\}\s*|%\})/g;

/** Cuts a template into tokens. Throws TemplateError with indexes of `text` through `syntaxError`. */
export function tokenize(text: string, options: TemplateOptions = {}): Token[] {
  return new Lexer(text, options).run();
}

function escapedForRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

class Lexer {
  readonly #text: string;
  readonly #options: TemplateOptions;
  readonly #tokens: Token[] = [];
  readonly #openings: RegExp;
  readonly #end: number;
  #at = 0;
  /** Whether the last thing before the present data ended a line, so that `lstripBlocks` may look at its first line. */
  #lineStarting = true;

  constructor(text: string, options: TemplateOptions) {
    this.#text = text;
    this.#options = options;
    const { lineStatementPrefix: statement, lineCommentPrefix: comment } = options;
    const lineTags = [
      ...(comment
        ? [
            {
              length: comment.length,
              source: `(?<comment>(?:^|(?<=\\S))[^\\S\\r\\n]*${escapedForRegex(comment)}[-+]?)`,
            },
          ]
        : []),
      ...(statement
        ? [
            {
              length: statement.length,
              source: `(?<statement>^[ \\t\\v]*${escapedForRegex(statement)}[-+]?)`,
            },
          ]
        : []),
    ].sort((a, b) => b.length - a.length);
    this.#openings = new RegExp(
      [
        ...lineTags.filter(tag => tag.length > 2).map(tag => tag.source),
        '(?<tag>\\{[{%#])',
        ...lineTags.filter(tag => tag.length <= 2).map(tag => tag.source),
      ].join('|'),
      'gm',
    );
    this.#end = options.keepTrailingNewline
      ? text.length
      : text.length - (/\r\n$|[\r\n]$/.exec(text)?.[0].length ?? 0);
  }

  run(): Token[] {
    for (let opening = this.#next(); opening !== undefined; opening = this.#next()) this.#tag(opening);
    this.#data(this.#at, this.#end);
    this.#tokens.push({ type: 'end', text: '', start: this.#text.length, end: this.#text.length });
    return this.#tokens;
  }

  #next(): Opening | undefined {
    this.#openings.lastIndex = this.#at;
    const match = this.#openings.exec(this.#text);
    if (match === null || match.index >= this.#end) return undefined;
    const at = match.index;
    if (match.groups?.['statement'] !== undefined)
      return { kind: 'line-statement', at, sign: '', end: this.#openings.lastIndex };
    if (match.groups?.['comment'] !== undefined)
      return { kind: 'line-comment', at, sign: '', end: this.#openings.lastIndex };
    const signAt = this.#text[at + 2];
    const sign = signAt === '-' || signAt === '+' ? signAt : '';
    RAW_BEGIN.lastIndex = at;
    if (RAW_BEGIN.test(this.#text)) return { kind: 'raw', at, sign, end: RAW_BEGIN.lastIndex };
    const kind = match[0] === '{{' ? 'variable' : match[0] === '{%' ? 'block' : 'comment';
    return { kind, at, sign, end: at + 2 + sign.length };
  }

  #tag(opening: Opening): void {
    const { at, end, kind } = opening;
    this.#data(this.#at, this.#dataEnd(opening));
    if (kind === 'comment') this.#comment(at, end);
    else if (kind === 'line-comment') this.#goTo(this.#skip(/[^\r\n]*/y, end));
    else if (kind === 'raw') this.#raw(at, end);
    else if (kind === 'line-statement') this.#lineStatement(at, end);
    else this.#expression(at, end, kind);
  }

  /** Goes on behind a tag; only a tag that ate a line break leaves the next data at a line's start. */
  #goTo(at: number): void {
    this.#lineStarting = this.#text[at - 1] === '\n';
    this.#at = at;
  }

  /** Where the data before a tag ends, its white space control applied. */
  #dataEnd({ kind, at, sign }: Pick<Opening, 'kind' | 'at' | 'sign'>): number {
    if (sign === '-') return this.#at + this.#text.slice(this.#at, at).trimEnd().length;
    const strips =
      this.#options.lstripBlocks && sign === '' && kind !== 'variable' && !kind.startsWith('line');
    return strips ? this.#stripped(this.#at, at) : at;
  }

  /** The end of the data before a tag, without the blanks that begin the tag's line. */
  #stripped(start: number, end: number): number {
    const data = this.#text.slice(start, end);
    const line = data.lastIndexOf('\n') + 1;
    if (line === 0 && !this.#lineStarting) return end;
    return /^\s*$/.test(data.slice(line)) ? start + line : end;
  }

  #data(start: number, end: number): void {
    if (end <= start) return;
    const raw = this.#text.slice(start, end);
    this.#tokens.push({
      type: 'data',
      text: raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw,
      start,
      end,
    });
  }

  /** The index behind a tag's closing, its white space control applied. */
  #behind(at: number, sign: string): number {
    if (sign === '-') return this.#skip(/\s*/y, at);
    if (sign === '' && this.#options.trimBlocks) return this.#skip(/(?:\r\n|\r|\n)?/y, at);
    return at;
  }

  #skip(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    pattern.exec(this.#text);
    return pattern.lastIndex;
  }

  #comment(at: number, end: number): void {
    const close = this.#text.indexOf('#}', end);
    if (close < 0)
      throw syntaxError('this comment is never closed', { start: at, end: at + 2 }, 'close it with “#}”');
    const signAt = this.#text[close - 1];
    const sign = close - 1 >= end && (signAt === '-' || signAt === '+') ? signAt : '';
    this.#goTo(this.#behind(close + 2, sign));
  }

  #raw(at: number, end: number): void {
    RAW_END.lastIndex = end;
    const match = RAW_END.exec(this.#text);
    if (match === null)
      throw syntaxError(
        'this “raw” is never closed',
        { start: at, end: at + 2 },
        'close it with “{% endraw %}”',
      );
    this.#at = end;
    const [, sign = '', close = ''] = match;
    this.#lineStarting = false;
    this.#data(this.#at, this.#dataEnd({ kind: 'raw', at: match.index, sign }));
    const behind = match.index + match[0].length;
    this.#goTo(close === '%}' ? this.#behind(behind, '') : behind);
  }

  #expression(at: number, end: number, kind: 'variable' | 'block'): void {
    const close = kind === 'variable' ? '}}' : '%}';
    this.#tokens.push({ type: `${kind}-begin`, text: this.#text.slice(at, at + 2), start: at, end: at + 2 });
    const { closeAt, sign } = scanExpression(this.#text, end, { open: at, close, tokens: this.#tokens });
    const behind = closeAt + sign.length + 2;
    this.#tokens.push({ type: `${kind}-end`, text: close, start: closeAt, end: behind });
    this.#goTo(kind === 'variable' && sign !== '-' ? behind : this.#behind(behind, sign));
  }

  #lineStatement(at: number, end: number): void {
    this.#tokens.push({ type: 'block-begin', text: this.#text.slice(at, end), start: at, end });
    const { closeAt } = scanExpression(this.#text, end, { open: at, close: '\n', tokens: this.#tokens });
    this.#tokens.push({ type: 'block-end', text: '\n', start: closeAt, end: closeAt });
    this.#goTo(this.#skip(/\s*(?:\r\n|\r|\n|$)/y, closeAt));
  }
}
