import type { Stretch } from './ast.ts';
import { SyntaxMistake, syntaxError, type Token } from './token.ts';

/** Expressions and blocks nested deeper than this are refused, before they exhaust the stack. */
const DEEPEST = 150;

/** The tokens of a template, walked once from left to right. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #inLoop = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#token(this.#at);
  }

  get following(): Token {
    return this.#token(this.#at + 1);
  }

  /** Where the last token taken ended. */
  get lastEnd(): number {
    return this.#at === 0 ? 0 : this.#token(this.#at - 1).end;
  }

  #token(index: number): Token {
    const token = this.#tokens[index] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error('a token stream without an end');
    return token;
  }

  take(): Token {
    const token = this.current;
    this.#at++;
    return token;
  }

  isOperator(text: string): boolean {
    return this.current.type === 'operator' && this.current.text === text;
  }

  isName(...texts: readonly string[]): boolean {
    return this.current.type === 'name' && texts.includes(this.current.text);
  }

  skipOperator(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.#at++;
    return true;
  }

  skipName(text: string): boolean {
    if (!this.isName(text)) return false;
    this.#at++;
    return true;
  }

  expectOperator(text: string, where: string): Token {
    if (!this.isOperator(text)) throw this.unexpected(`“${text}” ${where}`);
    return this.take();
  }

  expectName(what: string): Token {
    if (this.current.type !== 'name') throw this.unexpected(what);
    return this.take();
  }

  expectKeyword(keyword: string, where: string): Token {
    if (!this.isName(keyword)) throw this.unexpected(`“${keyword}” ${where}`);
    return this.take();
  }

  /** The mistake that something else stands here than is needed. */
  unexpected(needed: string): SyntaxMistake {
    return syntaxError(`${needed} is needed here, not ${describe(this.current)}`, this.current);
  }

  /** Parses something that can nest, with a bound on how deep. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > DEEPEST)
      throw new SyntaxMistake('this is nested too deeply', this.current, undefined, 'template-too-deep');
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /** Whether what is parsed now stands in the body of a loop. */
  get isInLoop(): boolean {
    return this.#inLoop;
  }

  /** Parses a body that is, or is not, that of a loop. */
  inLoop<T>(inLoop: boolean, parse: () => T): T {
    const outer = this.#inLoop;
    this.#inLoop = inLoop;
    try {
      return parse();
    } finally {
      this.#inLoop = outer;
    }
  }

  /** From where a node began up to the last token taken. */
  since(start: number): Stretch {
    return { start, end: this.lastEnd };
  }
}

/** A token as a message names it. */
function describe(token: Token): string {
  switch (token.type) {
    case 'end':
      return 'the end of the text';
    case 'data':
      return 'text';
    case 'variable-end':
    case 'block-end':
      return token.text === '\n' ? 'the end of the line' : `“${token.text}”`;
    case 'string':
      return 'a string';
    default:
      return `“${token.text}”`;
  }
}
