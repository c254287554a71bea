import { open } from './carry.ts';
import { integer, numericOrNone } from './coerce.ts';
import { Dict } from './dict.ts';
import { typeError, valueError } from './error.ts';
import { boundedWidth, type FormatSpec, formatNumber } from './format-spec.ts';
import { kindOf, repr, str } from './print.ts';
import { Float, Tuple, type Value } from './value.ts';

const CONVERSION = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S])?/g;

/** Python's `text % values`. */
export function percentFormat(text: string, values: Value): string {
  const opened = open(values);
  const items = opened instanceof Tuple ? opened.items : [opened];
  let used = 0;
  const next = (): Value => {
    const item = items[used++];
    if (item === undefined) throw typeError('the text has more “%” than there are values behind it');
    return item;
  };
  let usesKeys = false;
  const result = text.replace(
    CONVERSION,
    (
      whole: string,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      type: string | undefined,
    ) => {
      if (type === undefined)
        throw valueError('a “%” stands at the end of the text', 'a plain percent sign is written “%%”');
      if (type === '%') return '%';
      const columns = width === '*' ? integer(next(), 'a width') : Number(width ?? 0);
      const places =
        precision === '*'
          ? integer(next(), 'a precision')
          : precision === undefined
            ? /\.[^*\d]/.test(whole)
              ? 0
              : undefined
            : Number(precision);
      if (key !== undefined) usesKeys = true;
      const value = key === undefined ? next() : keyed(opened, key);
      return converted(value, { flags, width: columns, precision: places, type });
    },
  );
  const isLeftOver =
    used < items.length && !usesKeys && !(opened instanceof Dict) && !(Array.isArray(opened) && used === 0);
  if (isLeftOver) throw typeError('there are more values behind “%” than the text has places for');
  return result;
}

function keyed(values: Value, key: string): Value {
  const opened = open(values);
  if (!(opened instanceof Dict)) throw typeError('“%(name)s” needs a dictionary behind “%”');
  const value = opened.get(key);
  if (value === undefined) throw valueError(`the dictionary behind “%” has no key “${key}”`);
  return value;
}

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

function converted(value: Value, { flags, width, precision, type }: Conversion): string {
  const left = flags.includes('-') || width < 0;
  const zero = flags.includes('0') && !left;
  const spec: FormatSpec = {
    fill: ' ',
    align: left ? '<' : '>',
    sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-',
    alternate: flags.includes('#'),
    width: boundedWidth(Math.abs(width)),
    grouping: '',
    precision: precision === undefined ? undefined : boundedWidth(precision),
    type: type === 'i' || type === 'u' ? 'd' : type,
  };
  if (type === 's' || type === 'r' || type === 'a')
    return pad(cut(type === 's' ? str(value) : repr(value), precision), spec);
  if (type === 'c') return pad(character(value), spec);
  if ('diouxX'.includes(type) && precision !== undefined)
    return pad(atLeast(formatNumber(numberFor(value, type), { ...spec, width: 0 }), precision), spec);
  return formatNumber(numberFor(value, type), zero ? { ...spec, fill: '0', align: '=' } : spec);
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

function pad(text: string, { width, align }: FormatSpec): string {
  const room = ' '.repeat(Math.max(0, width - Array.from(text).length));
  return align === '<' ? text + room : room + text;
}

function character(value: Value): string {
  const opened = open(value);
  if (typeof opened === 'string' && Array.from(opened).length === 1) return opened;
  return String.fromCodePoint(integer(opened, 'the value for “%c”'));
}

function numberFor(value: Value, type: string): number | bigint | Float {
  const number = numericOrNone(value);
  if (number === undefined) throw typeError(`“%${type}” needs a number, not ${kindOf(value)}`);
  if ('eEfFgG'.includes(type)) return number instanceof Float ? number : new Float(Number(number));
  if (!'diouxX'.includes(type)) throw valueError(`“%${type}” is no format that Python knows`);
  if (!(number instanceof Float)) return number;
  if ('oxX'.includes(type)) throw typeError(`“%${type}” needs an integer, not a float`);
  return BigInt(Math.trunc(number.value));
}

/** The digits of an integer, filled up with zeros to as many as the precision asks for. */
function atLeast(text: string, precision: number): string {
  return text.replace(/[0-9a-fA-F]+$/, digits => digits.padStart(precision, '0'));
}
