import { normalised } from './arithmetic.ts';
import { Dict } from './dict.ts';
import { valueError } from './error.ts';
import { Float, type Value } from './value.ts';

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS: readonly (readonly [string, () => Value])[] = [
  ['true', () => true],
  ['false', () => false],
  ['null', () => null],
  ['NaN', () => new Float(Number.NaN)],
  ['Infinity', () => new Float(Number.POSITIVE_INFINITY)],
  ['-Infinity', () => new Float(Number.NEGATIVE_INFINITY)],
];

/** Reads JSON as Python does: integers of any size, `1.0` stays a float. Throws where the text is no JSON. */
export function readJson(text: string): Value {
  return new JsonReader(text).read();
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#mistake();
    return value;
  }

  #mistake(): Error {
    return valueError(`this is no JSON, from its character ${this.#at + 1} on`);
  }

  #space(): void {
    const space = /[ \t\r\n]*/y;
    space.lastIndex = this.#at;
    space.exec(this.#text);
    this.#at = space.lastIndex;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #value(depth: number): Value {
    if (depth > 500) throw valueError('this JSON is nested too deeply');
    this.#space();
    const character = this.#text[this.#at];
    if (character === '{') return this.#object(depth);
    if (character === '[') return this.#array(depth);
    if (character === '"') return this.#string();
    for (const [word, value] of WORDS)
      if (this.#text.startsWith(word, this.#at)) return this.#word(word, value());
    const number = this.#take(NUMBER);
    if (number === undefined) throw this.#mistake();
    const [digits, fraction, exponent] = number;
    return fraction === undefined && exponent === undefined
      ? normalised(BigInt(digits))
      : new Float(Number(digits));
  }

  #word(word: string, value: Value): Value {
    this.#at += word.length;
    return value;
  }

  #string(): string {
    const match = this.#take(STRING);
    if (match === undefined) throw this.#mistake();
    return String(JSON.parse(match[0]));
  }

  #array(depth: number): Value[] {
    const items: Value[] = [];
    this.#members(']', () => items.push(this.#value(depth + 1)));
    return items;
  }

  #object(depth: number): Dict {
    const dict = new Dict();
    this.#members('}', () => {
      if (this.#text[this.#at] !== '"') throw this.#mistake();
      const key = this.#string();
      this.#space();
      if (this.#text[this.#at++] !== ':') throw this.#mistake();
      dict.set(key, this.#value(depth + 1));
    });
    return dict;
  }

  /** What stands between brackets, from the opening one. */
  #members(closing: string, member: () => void): void {
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === closing) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#space();
      member();
      this.#space();
      const character = this.#text[this.#at++];
      if (character === closing) return;
      if (character !== ',') throw this.#mistake();
    }
  }
}
