import { open } from './carry.ts';
import { textLength } from './coerce.ts';
import { fixedDigits, scientificDigits } from './decimal.ts';
import { typeError, valueError } from './error.ts';
import { floatText, kindOf } from './print.ts';
import { Float, type Value } from './value.ts';

/** How one value is to be formatted: Python's format specification mini-language. */
export interface FormatSpec {
  readonly fill: string;
  readonly align: '<' | '>' | '^' | '=' | '';
  readonly sign: '+' | '-' | ' ';
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: ',' | '_' | '';
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

/** Reads a specification such as `>10.2f`. Throws where it is none. */
export function parseSpec(text: string): FormatSpec {
  const match = SPEC.exec(text);
  if (match === null) throw valueError(`“${text}” is no format that Python knows`);
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = match;
  return {
    fill: fill ?? (zero ? '0' : ' '),
    align: alignmentOf(align ?? (zero ? '=' : '')),
    sign: sign === '+' || sign === ' ' ? sign : '-',
    alternate: alternate !== undefined,
    width: boundedWidth(Number(width ?? 0)),
    grouping: grouping === ',' || grouping === '_' ? grouping : '',
    precision: precision === undefined ? undefined : boundedWidth(Number(precision)),
    type: type ?? '',
  };
}

function alignmentOf(text: string): FormatSpec['align'] {
  return text === '<' || text === '>' || text === '^' || text === '=' ? text : '';
}

/** Widths and precisions beyond this are refused. */
export function boundedWidth(width: number): number {
  if (width > 100_000) throw valueError('the width of a format is too large');
  return width;
}

/** Python's `format(value, spec)`. */
export function formatValue(value: Value, spec: FormatSpec): string {
  const opened = open(value);
  if (typeof opened === 'boolean') return formatNumber(opened ? 1 : 0, spec);
  if (typeof opened === 'number' || typeof opened === 'bigint' || opened instanceof Float)
    return formatNumber(opened, spec);
  if (typeof opened === 'string') return formatText(opened, spec);
  throw typeError(`${kindOf(opened)} cannot be formatted this way`);
}

function formatText(text: string, spec: FormatSpec): string {
  if (spec.type !== '' && spec.type !== 's')
    throw valueError(`the format “${spec.type}” is for numbers, not for a string`);
  const short = spec.precision === undefined ? text : Array.from(text).slice(0, spec.precision).join('');
  return padded('', short, { ...spec, align: spec.align === '=' ? '<' : spec.align }, '<');
}

/** A number by a specification. */
export function formatNumber(value: number | bigint | Float, spec: FormatSpec): string {
  const floatTypes = 'eEfFgG%';
  if (!(value instanceof Float) && !(spec.type !== '' && floatTypes.includes(spec.type)))
    return formatInteger(BigInt(value), spec);
  const number = value instanceof Float ? value.value : Number(value);
  if (spec.type !== '' && !(floatTypes + 'n').includes(spec.type))
    throw valueError(`the format “${spec.type}” is for integers, not for a float`);
  const negative = number < 0 || Object.is(number, -0);
  const body = grouped(floatBody(number, spec), spec.grouping, 3);
  return padded(signOf(negative, spec), body, spec, '>');
}

function signOf(negative: boolean, spec: FormatSpec): string {
  return negative ? '-' : spec.sign === '-' ? '' : spec.sign;
}

const BASES: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  b: [2, '0b'],
  o: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
};

function formatInteger(value: bigint, spec: FormatSpec): string {
  if (spec.type === 'c') return padded('', String.fromCodePoint(Number(value)), spec, '<');
  if (spec.type === 's') throw valueError('the format “s” is for strings, not for an integer');
  const [base, prefix] = BASES[spec.type] ?? [10, ''];
  const plain = (value < 0n ? -value : value).toString(base);
  const digits = grouped(spec.type === 'X' ? plain.toUpperCase() : plain, spec.grouping, base === 10 ? 3 : 4);
  return padded(signOf(value < 0n, spec) + (spec.alternate ? prefix : ''), digits, spec, '>');
}

function grouped(digits: string, separator: string, size: number): string {
  if (separator === '') return digits;
  const [whole = '', ...rest] = digits.split(/(?=[.e%])/);
  return whole.replace(new RegExp(`\\B(?=([0-9a-fA-F]{${size}})+$)`, 'g'), separator) + rest.join('');
}

function padded(
  sign: string,
  body: string,
  { fill, align, width }: FormatSpec,
  otherwise: '<' | '>',
): string {
  const room = width - textLength(sign + body);
  if (room <= 0) return sign + body;
  switch (align === '' ? otherwise : align) {
    case '<':
      return sign + body + fill.repeat(room);
    case '>':
      return fill.repeat(room) + sign + body;
    case '^':
      return fill.repeat(room >> 1) + sign + body + fill.repeat(room - (room >> 1));
    case '=':
      return sign + fill.repeat(room) + body;
  }
}

function exponentText(exponent: number): string {
  const size = Math.abs(exponent);
  return `e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
}

function floatBody(value: number, spec: FormatSpec): string {
  const upper = 'EFG'.includes(spec.type) && spec.type !== '';
  const text = Number.isFinite(value)
    ? finiteBody(Math.abs(value), spec)
    : (Number.isNaN(value) ? 'nan' : 'inf') + (spec.type === '%' ? '%' : '');
  return upper ? text.toUpperCase() : text;
}

function finiteBody(value: number, { type, precision, alternate }: FormatSpec): string {
  switch (type.toLowerCase()) {
    case 'f':
      return fixedDigits(value, precision ?? 6);
    case '%':
      return `${fixedDigits(value * 100, precision ?? 6)}%`;
    case 'e': {
      const { digits, exponent } = scientificDigits(value, precision ?? 6);
      return digits + exponentText(exponent);
    }
    case '':
      return precision === undefined ? floatText(value) : general(value, precision, alternate, true);
    default:
      return general(value, precision ?? 6, alternate, false);
  }
}

/** The format `g`: plain or with an exponent, whichever suits the size. */
function general(value: number, precision: number, alternate: boolean, keepsPoint: boolean): string {
  const places = Math.max(precision, 1);
  const { digits, exponent } = scientificDigits(value, places - 1);
  const limit = keepsPoint ? places - 1 : places;
  const isPlain = exponent >= -4 && exponent < Math.max(limit, keepsPoint ? 1 : 0);
  const text = isPlain ? fixedDigits(value, Math.max(0, places - 1 - exponent)) : digits;
  const short = !alternate && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  if (!isPlain) return short + exponentText(exponent);
  return keepsPoint && !short.includes('.') ? `${short}.0` : short;
}
