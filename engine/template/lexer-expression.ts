import { readString } from './string-literal.ts';
import { syntaxError, type Token } from './token.ts';

/** Where an expression ends: `}}`, `%}`, the end of the line, or the end of the text. */
interface Until {
  /** Where its tag was opened. */
  readonly open: number;
  readonly close: '}}' | '%}' | '\n' | '';
  readonly tokens: Token[];
}

const SPACE = /\s+/y;
const BLANKS = /[^\S\r\n]+/y;
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/y;

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Cuts the expression at `at` into tokens, up to what closes it; gives where that stands and its sign (`-`, `+` or none). */
export function scanExpression(
  text: string,
  at: number,
  until: Until,
): { readonly closeAt: number; readonly sign: string } {
  const brackets: Token[] = [];
  for (let index = at; ; ) {
    const ended = brackets.length === 0 ? closing(text, index, until) : undefined;
    if (ended !== undefined) return ended;
    const space = matchAt(until.close === '\n' && brackets.length === 0 ? BLANKS : SPACE, text, index);
    if (space !== undefined) {
      index += space.length;
      continue;
    }
    if (index >= text.length) throw unclosed(until, brackets);
    const token = tokenAt(text, index);
    balance(token, brackets);
    until.tokens.push(token);
    index = token.end;
  }
}

function closing(
  text: string,
  index: number,
  until: Until,
): { readonly closeAt: number; readonly sign: string } | undefined {
  if (until.close === '') return index >= text.length ? { closeAt: index, sign: '' } : undefined;
  if (until.close === '\n')
    return index >= text.length || /[\r\n]/.test(text[index] ?? '')
      ? { closeAt: index, sign: '' }
      : undefined;
  if (text.startsWith(until.close, index)) return { closeAt: index, sign: '' };
  const sign = text[index];
  const signed =
    (sign === '-' || (sign === '+' && until.close === '%}')) && text.startsWith(until.close, index + 1);
  return signed ? { closeAt: index, sign } : undefined;
}

function unclosed(until: Until, brackets: readonly Token[]): Error {
  const bracket = brackets.at(-1);
  if (bracket !== undefined)
    return syntaxError(
      `this “${bracket.text}” is never closed`,
      bracket,
      `close it with “${CLOSERS[bracket.text]}”`,
    );
  return syntaxError(
    'this tag is never closed',
    { start: until.open, end: until.open + 2 },
    `close it with “${until.close}”`,
  );
}

function balance(token: Token, brackets: Token[]): void {
  if (token.type !== 'operator') return;
  if (CLOSERS[token.text] !== undefined) brackets.push(token);
  else if (token.text === ')' || token.text === ']' || token.text === '}') {
    const open = brackets.pop();
    if (open === undefined) throw syntaxError(`“${token.text}” closes nothing`, token);
    const expected = CLOSERS[open.text];
    if (expected !== token.text)
      throw syntaxError(`“${token.text}” stands where “${expected}” is needed`, token);
  }
}

function tokenAt(text: string, start: number): Token {
  const token = (type: Token['type'], length: number, value: string): Token => ({
    type,
    text: value,
    start,
    end: start + length,
  });
  const float = text[start - 1] === '.' ? undefined : matchAt(FLOAT, text, start);
  if (float !== undefined) return token('float', float.length, float);
  const integer = matchAt(INTEGER, text, start);
  if (integer !== undefined) return token('integer', integer.length, integer);
  const name = matchAt(NAME, text, start);
  if (name !== undefined) return token('name', name.length, name);
  const string = matchAt(STRING, text, start);
  if (string !== undefined) return token('string', string.length, readString(string));
  const operator = matchAt(OPERATOR, text, start);
  if (operator !== undefined) return token('operator', operator.length, operator);
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  if (character === '"' || character === "'")
    throw syntaxError('this string is never closed', { start, end: start + 1 });
  throw syntaxError(`“${character}” has no meaning here`, { start, end: start + character.length });
}
