import { open } from '../carry.ts';
import { integer, iterate, list, string, textLength, truth } from '../coerce.ts';
import { Dict } from '../dict.ts';
import { operations } from '../environment.ts';
import { valueError } from '../error.ts';
import { percentFormat } from '../format-percent.ts';
import { center, lines, strip } from '../methods/text.ts';
import { str } from '../print.ts';
import { Tuple, type Value } from '../value.ts';
import { escaped, percentEncoded } from './escape.ts';
import { toFloat } from './number.ts';
import { wrapText } from './wrap.ts';

/** Jinja2's filters of text. */
export const textFilters = operations({
  string: [input => str(input)],
  upper: [input => str(input).toUpperCase()],
  lower: [input => str(input).toLowerCase()],
  capitalize: [input => capitalized(str(input))],
  title: [
    input =>
      str(input).replace(
        /([-\s({[<]*)([^-\s({[<]*)/g,
        (_, gap: string, word: string) => gap + capitalized(word),
      ),
  ],
  trim: [
    'chars?',
    (input, [chars = null]) =>
      strip(str(input), open(chars) === null ? undefined : string(chars, '“chars”'), 'both'),
  ],
  replace: [
    'old',
    'new',
    'count?',
    (input, [old = '', by = '', count = null]) => replaced(str(input), str(old), str(by), count),
  ],
  center: ['width?', (input, [width = 80]) => center(str(input), integer(width, 'the width'), ' ')],
  indent: [
    'width?',
    'first?',
    'blank?',
    (input, [width = 4, first = false, blank = false]) =>
      indented(str(input), indentOf(width), truth(first), truth(blank)),
  ],
  truncate: [
    'length?',
    'killwords?',
    'end?',
    'leeway?',
    (input, [length = 255, kill = false, end = '...', leeway = 5]) =>
      truncated(
        str(input),
        integer(length, 'the length'),
        truth(kill),
        str(end),
        open(leeway) === null ? 5 : integer(leeway, 'the leeway'),
      ),
  ],
  wordcount: [input => (str(input).match(/[\p{L}\p{N}_]+/gu) ?? []).length],
  wordwrap: [
    'width?',
    'break_long_words?',
    'wrapstring?',
    'break_on_hyphens?',
    (input, [width = 79, breakLong = true, between = null, hyphens = true]) =>
      wordWrapped(
        str(input),
        { width: integer(width, 'the width'), breakLong: truth(breakLong), hyphens: truth(hyphens) },
        open(between) === null ? '\n' : str(between),
      ),
  ],
  format: [
    '*values',
    '**named',
    (input, _args, { rest, named }) =>
      percentFormat(str(input), named.size > 0 ? new Dict(named) : new Tuple(rest)),
  ],
  escape: [input => escaped(str(input))],
  e: [input => escaped(str(input))],
  forceescape: [input => escaped(str(input))],
  safe: [input => str(input)],
  striptags: [
    input =>
      str(input)
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/<[^>]*>/g, '')
        .split(/\s+/)
        .filter(word => word !== '')
        .join(' '),
  ],
  urlencode: [input => urlEncoded(input)],
  xmlattr: ['autospace?', (input, [space = true]) => xmlAttributes(input, truth(space))],
  filesizeformat: [
    'binary?',
    (input, [binary = false]) => fileSize(toFloat(input)?.value ?? Number.NaN, truth(binary)),
  ],
});

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}

function replaced(text: string, old: string, by: string, count: Value): string {
  const most = open(count) === null ? Number.POSITIVE_INFINITY : integer(count, 'the count');
  if (most === Number.POSITIVE_INFINITY || most < 0)
    return old === ''
      ? by + Array.from(text, character => character + by).join('')
      : text.replaceAll(old, () => by);
  const parts = old === '' ? ['', ...Array.from(text), ''] : text.split(old);
  return parts.reduce((joined, part, index) => joined + (index <= most ? by : old) + part);
}

function indentOf(width: Value): string {
  const opened = open(width);
  return typeof opened === 'string' ? opened : ' '.repeat(Math.max(0, integer(opened, 'the width')));
}

function indented(text: string, indent: string, first: boolean, blank: boolean): string {
  const [head = '', ...rest] = blank ? text.split('\n') : lines(`${text}\n`, false);
  const body = rest.map(line => (blank || line !== '' ? indent + line : line));
  return (first ? indent : '') + [head, ...body].join('\n');
}

function truncated(text: string, length: number, kill: boolean, end: string, leeway: number): string {
  if (length < textLength(end))
    throw valueError(`the length must be at least that of the end, ${textLength(end)}`);
  if (leeway < 0) throw valueError('the leeway cannot be negative');
  const all = Array.from(text);
  if (all.length <= length + leeway) return text;
  const cut = all.slice(0, length - textLength(end)).join('');
  const space = cut.lastIndexOf(' ');
  return (kill || space < 0 ? cut : cut.slice(0, space)) + end;
}

function wordWrapped(
  text: string,
  options: { readonly width: number; readonly breakLong: boolean; readonly hyphens: boolean },
  between: string,
): string {
  return lines(text, false)
    .map(line => wrapText(line, options).join(between))
    .join(between);
}

function urlEncoded(input: Value): string {
  const opened = open(input);
  if (typeof opened === 'string') return percentEncoded(opened, '/');
  const pairs: Iterable<readonly Value[]> =
    opened instanceof Dict ? opened.entries() : Array.from(iterate(opened), pair => list(pair));
  return Array.from(
    pairs,
    ([key = null, value = null]) => `${formEncoded(str(key))}=${formEncoded(str(value))}`,
  ).join('&');
}

function formEncoded(text: string): string {
  return percentEncoded(text, '').replaceAll('%20', '+');
}

function xmlAttributes(input: Value, space: boolean): string {
  const opened = open(input);
  const entries = opened instanceof Dict ? Array.from(opened.entries()) : [];
  const texts = entries
    .filter(([, value]) => open(value) !== null)
    .map(([key, value]) => `${escaped(str(key))}="${escaped(str(value))}"`);
  return (space && texts.length > 0 ? ' ' : '') + texts.join(' ');
}

function fileSize(bytes: number, binary: boolean): string {
  if (Number.isNaN(bytes)) throw valueError('the size must be a number');
  const base = binary ? 1024 : 1000;
  const units = binary
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const power = units.findIndex((_, index) => bytes < base ** (index + 2));
  const index = power < 0 ? units.length - 1 : power;
  return `${((base * bytes) / base ** (index + 2)).toFixed(1)} ${units[index]}`;
}
