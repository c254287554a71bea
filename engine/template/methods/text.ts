import { textLength } from '../coerce.ts';
import { valueError } from '../error.ts';
import { Tuple } from '../value.ts';

/** What Python holds to be white space, beyond JavaScript's. */
const SPACE = '[\\s\\x1c-\\x1f\\x85]';
const SPACES = new RegExp(`${SPACE}+`, 'g');
const FIRST_WORD = /^[^\s\x1c-\x1f\x85]+/;
const LAST_WORD = /[^\s\x1c-\x1f\x85]+$/;
const LEFT = new RegExp(`^${SPACE}+`);

/** Python's `strip`, `lstrip` and `rstrip`: of white space, or of any of the characters given. */
export function strip(text: string, chars: string | undefined, side: 'left' | 'right' | 'both'): string {
  const drop =
    chars === undefined
      ? (character: string) => LEFT.test(character)
      : (character: string) => chars.includes(character);
  const all = Array.from(text);
  let start = 0;
  let end = all.length;
  if (side !== 'right') while (start < end && drop(all[start] ?? '')) start++;
  if (side !== 'left') while (end > start && drop(all[end - 1] ?? '')) end--;
  return all.slice(start, end).join('');
}

/** Python's `split` and `rsplit`. */
export function splitText(
  text: string,
  separator: string | undefined,
  most: number,
  fromRight: boolean,
): string[] {
  if (separator === '') throw valueError('“split” needs a separator that is not empty');
  if (separator === undefined) return splitSpaces(text, most, fromRight);
  const parts = text.split(separator);
  if (most < 0 || parts.length <= most + 1) return parts;
  return fromRight
    ? [parts.slice(0, parts.length - most).join(separator), ...parts.slice(parts.length - most)]
    : [...parts.slice(0, most), parts.slice(most).join(separator)];
}

function splitSpaces(text: string, most: number, fromRight: boolean): string[] {
  if (most < 0) return text.split(SPACES).filter(word => word !== '');
  const side = fromRight ? 'right' : 'left';
  const words: string[] = [];
  let left = strip(text, undefined, side);
  while (left !== '' && words.length < most) {
    const word = (fromRight ? LAST_WORD : FIRST_WORD).exec(left)?.[0] ?? left;
    words.push(word);
    left = strip(
      fromRight ? left.slice(0, left.length - word.length) : left.slice(word.length),
      undefined,
      side,
    );
  }
  if (left !== '') words.push(left);
  return fromRight ? words.reverse() : words;
}

/** Python's `splitlines`. */
export function lines(text: string, keepEnds: boolean): string[] {
  const found =
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? [];
  return keepEnds
    ? [...found]
    : found.map(line => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''));
}

/** Python's `partition` and `rpartition`. */
export function partition(text: string, separator: string, fromRight: boolean): Tuple {
  if (separator === '') throw valueError('“partition” needs a separator that is not empty');
  const at = fromRight ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return new Tuple(fromRight ? ['', '', text] : [text, '', '']);
  return new Tuple([text.slice(0, at), separator, text.slice(at + separator.length)]);
}

/** Python's `title`: every letter behind a non-letter large, the others small. */
export function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, word => titled(word.slice(0, 1)) + word.slice(1).toLowerCase());
}

/** Python's `istitle`. */
export function isTitle(text: string): boolean {
  return /\p{L}/u.test(text) && text === titleCase(text);
}

/** Python's `swapcase`. */
export function swapCase(text: string): string {
  return Array.from(text, character =>
    character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase(),
  ).join('');
}

/** Python's `center`: an odd place more goes to the left where the width is odd. */
export function center(text: string, width: number, fill: string): string {
  const room = Math.min(width, 10_000_000) - textLength(text);
  if (room <= 0) return text;
  const left = (room >> 1) + (room & width & 1);
  return fill.repeat(left) + text + fill.repeat(room - left);
}

/** The letters whose title case is neither large nor small. */
const DIGRAPHS: Readonly<Record<string, string>> = {
  ǆ: 'ǅ',
  Ǆ: 'ǅ',
  ǉ: 'ǈ',
  Ǉ: 'ǈ',
  ǌ: 'ǋ',
  Ǌ: 'ǋ',
  ǳ: 'ǲ',
  Ǳ: 'ǲ',
  ß: 'Ss',
  ﬁ: 'Fi',
  ﬂ: 'Fl',
};

/** A letter as a word begins with it in a title. */
function titled(letter: string): string {
  return DIGRAPHS[letter] ?? letter.toUpperCase();
}
