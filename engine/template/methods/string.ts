import { open } from '../carry.ts';
import { characters, dict, integer, iterate, string, textLength, truth } from '../coerce.ts';
import { Dict } from '../dict.ts';
import { valueError } from '../error.ts';
import { bracesFormat } from '../format-braces.ts';
import { noArguments, Tuple, type Value } from '../value.ts';
import { methods } from './method.ts';
import { center, isTitle, lines, partition, splitText, strip, swapCase, titleCase } from './text.ts';

const text = (value: Value | undefined, what = 'the argument'): string => string(value ?? null, what);
const optionalText = (value: Value | undefined): string | undefined =>
  value === undefined || open(value) === null ? undefined : text(value);
const number = (value: Value | undefined, otherwise: number): number =>
  value === undefined || open(value) === null ? otherwise : integer(value, 'the argument');

/** Python's methods of str. */
export const stringMethods = methods<string>({
  upper: [self => self.toUpperCase()],
  lower: [self => self.toLowerCase()],
  casefold: [self => self.toLowerCase().replaceAll('ß', 'ss')],
  title: [self => titleCase(self)],
  capitalize: [self => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase()],
  swapcase: [self => swapCase(self)],
  strip: ['chars?', (self, [chars]) => strip(self, optionalText(chars), 'both')],
  lstrip: ['chars?', (self, [chars]) => strip(self, optionalText(chars), 'left')],
  rstrip: ['chars?', (self, [chars]) => strip(self, optionalText(chars), 'right')],
  removeprefix: [
    'prefix',
    (self, [prefix]) => (self.startsWith(text(prefix)) ? self.slice(text(prefix).length) : self),
  ],
  removesuffix: [
    'suffix',
    (self, [suffix]) =>
      text(suffix) !== '' && self.endsWith(text(suffix)) ? self.slice(0, -text(suffix).length) : self,
  ],
  split: [
    'sep?',
    'maxsplit?',
    (self, [sep, most]) => splitText(self, optionalText(sep), number(most, -1), false),
  ],
  rsplit: [
    'sep?',
    'maxsplit?',
    (self, [sep, most]) => splitText(self, optionalText(sep), number(most, -1), true),
  ],
  splitlines: ['keepends?', (self, [keep = false]) => lines(self, truth(keep))],
  partition: ['sep', (self, [sep]) => partition(self, text(sep), false)],
  rpartition: ['sep', (self, [sep]) => partition(self, text(sep), true)],
  join: [
    'items',
    (self, [items = null]) =>
      Array.from(iterate(items), item => string(item, 'an item of “join”')).join(self),
  ],
  replace: [
    'old',
    'new',
    'count?',
    (self, [old, by, most]) => replace(self, text(old), text(by), number(most, -1)),
  ],
  startswith: [
    'prefix',
    'start?',
    'end?',
    (self, [prefix = null, start, end]) =>
      options(prefix).some(one => within(self, start, end).startsWith(one)),
  ],
  endswith: [
    'suffix',
    'start?',
    'end?',
    (self, [suffix = null, start, end]) =>
      options(suffix).some(one => within(self, start, end).endsWith(one)),
  ],
  find: ['sub', 'start?', 'end?', (self, [sub, start, end]) => find(self, text(sub), start, end, false)],
  rfind: ['sub', 'start?', 'end?', (self, [sub, start, end]) => find(self, text(sub), start, end, true)],
  index: [
    'sub',
    'start?',
    'end?',
    (self, [sub, start, end]) => found(find(self, text(sub), start, end, false)),
  ],
  rindex: [
    'sub',
    'start?',
    'end?',
    (self, [sub, start, end]) => found(find(self, text(sub), start, end, true)),
  ],
  count: ['sub', 'start?', 'end?', (self, [sub, start, end]) => count(within(self, start, end), text(sub))],
  center: ['width', 'fill?', (self, [width, fill = ' ']) => center(self, number(width, 0), text(fill))],
  ljust: ['width', 'fill?', (self, [width, fill = ' ']) => self + padding(self, width, text(fill))],
  rjust: ['width', 'fill?', (self, [width, fill = ' ']) => padding(self, width, text(fill)) + self],
  zfill: ['width', (self, [width]) => self.replace(/^[-+]?/, sign => sign + padding(self, width, '0'))],
  expandtabs: ['tabsize?', (self, [size]) => expandTabs(self, number(size, 8))],
  format: [
    '*values',
    '**named',
    (self, _args, { rest, named }) => bracesFormat(self, { positional: rest, named }),
  ],
  format_map: [
    'mapping',
    (self, [mapping = null]) => bracesFormat(self, { ...noArguments, named: namedOf(mapping) }),
  ],
  isdigit: [self => /^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u.test(self)],
  isdecimal: [self => /^\p{Nd}+$/u.test(self)],
  isnumeric: [self => /^\p{N}+$/u.test(self)],
  isalpha: [self => /^\p{L}+$/u.test(self)],
  isalnum: [self => /^[\p{L}\p{N}]+$/u.test(self)],
  isspace: [self => /^[\s\x1c-\x1f\x85]+$/.test(self)],
  isascii: [self => /^[\x00-\x7f]*$/.test(self)],
  isprintable: [self => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(self)],
  isidentifier: [self => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(self)],
  islower: [self => self === self.toLowerCase() && self !== self.toUpperCase()],
  isupper: [self => self === self.toUpperCase() && self !== self.toLowerCase()],
  istitle: [self => isTitle(self)],
  maketrans: [
    'from',
    'to?',
    'drop?',
    (_self, [from = null, to, drop]) => makeTable(from, optionalText(to), optionalText(drop)),
  ],
  translate: ['table', (self, [table = null]) => translate(self, dict(table, 'the table of “translate”'))],
});

function namedOf(value: Value): Map<string, Value> {
  return new Map(
    Array.from(dict(value, 'the mapping of “format_map”').entries(), ([key, item]) => [
      string(key, 'a key'),
      item,
    ]),
  );
}

function options(value: Value): string[] {
  const opened = open(value);
  return opened instanceof Tuple ? opened.items.map(item => text(item)) : [text(opened)];
}

function within(self: string, start: Value | undefined, end: Value | undefined): string {
  if (start === undefined && end === undefined) return self;
  return characters(self).slice(number(start, 0), number(end, Number.MAX_SAFE_INTEGER)).join('');
}

function find(
  self: string,
  sub: string,
  start: Value | undefined,
  end: Value | undefined,
  last: boolean,
): number {
  const from = start === undefined ? 0 : number(start, 0);
  const offset = from < 0 ? Math.max(0, from + textLength(self)) : from;
  const part = within(self, start, end);
  const index = last ? part.lastIndexOf(sub) : part.indexOf(sub);
  return index < 0 || offset > textLength(self) ? -1 : textLength(part.slice(0, index)) + offset;
}

function found(index: number): number {
  if (index < 0) throw valueError('the text that “index” looks for is not there');
  return index;
}

function count(self: string, sub: string): number {
  return sub === '' ? textLength(self) + 1 : self.split(sub).length - 1;
}

function replace(self: string, old: string, by: string, most: number): string {
  if (most < 0)
    return old === ''
      ? by + Array.from(self, character => character + by).join('')
      : self.replaceAll(old, () => by);
  let left = most;
  const pattern = old === '' ? /(?:)/gu : new RegExp(old.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g');
  return self.replace(pattern, match => (left-- > 0 ? by : match));
}

function padding(self: string, width: Value | undefined, fill: string): string {
  if (textLength(fill) !== 1) throw valueError('the filling must be one character');
  return fill.repeat(Math.max(0, Math.min(number(width, 0), 10_000_000) - textLength(self)));
}

function expandTabs(self: string, size: number): string {
  let column = 0;
  return self.replace(/[\s\S]/gu, character => {
    if (character === '\n' || character === '\r') column = 0;
    if (character !== '\t') {
      if (character !== '\n' && character !== '\r') column++;
      return character;
    }
    const width = size > 0 ? size - (column % size) : 0;
    column += width;
    return ' '.repeat(width);
  });
}

function makeTable(from: Value, to: string | undefined, drop: string | undefined): Dict {
  if (to === undefined)
    return new Dict(
      Array.from(dict(from, 'the table').entries(), ([key, value]) => [
        typeof key === 'string' ? (key.codePointAt(0) ?? 0) : key,
        value,
      ]),
    );
  const [sources, targets] = [Array.from(text(from)), Array.from(to)];
  if (sources.length !== targets.length) throw valueError('“maketrans” needs two texts of one length');
  const pairs = sources.map((character, index): [number, Value] => [
    character.codePointAt(0) ?? 0,
    targets[index]?.codePointAt(0) ?? null,
  ]);
  return new Dict([
    ...pairs,
    ...Array.from(drop ?? '', (character): [number, null] => [character.codePointAt(0) ?? 0, null]),
  ]);
}

function translate(self: string, table: Dict): string {
  return Array.from(self, character => {
    const by = table.get(character.codePointAt(0) ?? 0);
    const opened = by === undefined ? character : open(by);
    return opened === null ? '' : typeof opened === 'number' ? String.fromCodePoint(opened) : text(opened);
  }).join('');
}
