import { open } from './carry.ts';
import { Dict } from './dict.ts';
import { valueError } from './error.ts';
import { DictView, Float, type Opened, type PyObject, Range, Tuple, type Value } from './value.ts';

/** Containers nested deeper than this are held to contain themselves. */
const DEEPEST = 500;

/** The text of a value as Python's `str()` gives it: what a template prints. */
export function str(value: Value): string {
  const opened = open(value);
  return typeof opened === 'string' ? opened : printed(opened, 0);
}

/** The value as Python's `repr()` writes it: as `str`, but with quotes around strings. */
export function repr(value: Value): string {
  return represented(value, 0);
}

function represented(value: Value, depth: number): string {
  const opened = open(value);
  return typeof opened === 'string' ? quoted(opened) : printed(opened, depth);
}

function printed(value: Exclude<Opened, string>, depth: number): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Float) return floatText(value.value);
  if (depth > DEEPEST) throw valueError('this value is nested too deeply to be printed, or contains itself');
  if (Array.isArray(value)) return `[${listed(value, depth)}]`;
  if (value instanceof Tuple)
    return value.items.length === 1 ? `(${listed(value.items, depth)},)` : `(${listed(value.items, depth)})`;
  if (value instanceof Dict) {
    const entries = Array.from(
      value.entries(),
      ([key, item]) => `${represented(key, depth + 1)}: ${represented(item, depth + 1)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  if (value instanceof Range)
    return value.step === 1
      ? `range(${value.start}, ${value.stop})`
      : `range(${value.start}, ${value.stop}, ${value.step})`;
  if (value instanceof DictView) return `${value.typeName}([${listed(value.items, depth)}])`;
  return (value satisfies PyObject).text();
}

function listed(items: readonly Value[], depth: number): string {
  return items.map(item => represented(item, depth + 1)).join(', ');
}

/** A float as Python prints it: the shortest digits that read back as the same number, an exponent from 1e16 up and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '0', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const size = Math.abs(exponent);
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
  }
  const text = exponent >= 0 ? fixedText(value) : decimalText(mantissa, exponent);
  return text.includes('.') ? text : `${text}.0`;
}

function fixedText(value: number): string {
  return String(value);
}

function decimalText(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  return `${sign}0.${'0'.repeat(-exponent - 1)}${mantissa.replace('-', '').replace('.', '')}`;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
};

/** Characters that Python does not hold printable: control, format, unassigned, surrogate and private ones, and separators but the space. */
const UNPRINTABLE = /[\p{C}\p{Z}\\]/gu;

/** A string in quotes as `repr()` writes it: single ones, unless only it holds a single quote. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/.test(text)
    ? text
    : text.replace(UNPRINTABLE, escapedCharacter);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function escapedCharacter(character: string): string {
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  if (character === ' ') return character;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** The name of a value's Python type, e.g. `str`, `int`, `list`. */
export function typeName(value: Value): string {
  const opened = open(value);
  if (opened === null) return 'NoneType';
  if (typeof opened === 'boolean') return 'bool';
  if (typeof opened === 'number' || typeof opened === 'bigint') return 'int';
  if (typeof opened === 'string') return 'str';
  if (opened instanceof Float) return 'float';
  if (Array.isArray(opened)) return 'list';
  if (opened instanceof Tuple) return 'tuple';
  if (opened instanceof Dict) return 'dict';
  if (opened instanceof Range) return 'range';
  return opened.typeName;
}

/** A value's kind in plain words for messages, e.g. `a string`. */
export function kindOf(value: Value): string {
  const name = typeName(value);
  const words: Readonly<Record<string, string>> = {
    NoneType: 'None',
    bool: 'a boolean',
    int: 'an integer',
    float: 'a float',
    str: 'a string',
    list: 'a list',
    tuple: 'a tuple',
    dict: 'a dictionary',
    range: 'a range',
    function: 'a function',
  };
  return words[name] ?? `a ${name}`;
}
