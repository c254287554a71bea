import { open } from '../carry.ts';
import { integer, iterableOrNone, truth } from '../coerce.ts';
import { compare } from '../compare.ts';
import { Dict } from '../dict.ts';
import { type Call, operations } from '../environment.ts';
import { typeError, valueError } from '../error.ts';
import { readJson } from '../json-read.ts';
import { floatText, kindOf, str } from '../print.ts';
import { Float, type Value } from '../value.ts';
import { escaped } from './escape.ts';
import { prettyPrinted } from './pretty.ts';

/** How JSON is to be laid out. */
interface JsonLayout {
  readonly indent: string | undefined;
  readonly sortKeys: boolean;
  readonly ensureAscii: boolean;
  readonly itemSeparator: string;
  readonly keySeparator: string;
}

/** Filters to and from JSON: Jinja2's `tojson` and Ansible's. */
export const jsonFilters = operations({
  tojson: [
    'indent?',
    (input, [indent = null]) => scriptSafe(toJson(input, { ...layoutOf(indent), sortKeys: true })),
  ],
  to_json: ['*args', '**named', (input, _args, call) => toJson(input, options(call, null, false))],
  to_nice_json: ['*args', '**named', (input, _args, call) => toJson(input, options(call, 4, true))],
  from_json: [input => readJson(str(input))],
  pprint: [input => prettyPrinted(input)],
});

function layoutOf(indent: Value): JsonLayout {
  const opened = open(indent);
  const text =
    opened === null
      ? undefined
      : typeof opened === 'string'
        ? opened
        : ' '.repeat(Math.max(0, integer(opened, 'the indent')));
  return {
    indent: text,
    sortKeys: false,
    ensureAscii: true,
    itemSeparator: text === undefined ? ', ' : ',',
    keySeparator: ': ',
  };
}

function options({ rest, named }: Call, indent: Value, sortKeys: boolean): JsonLayout {
  const layout = layoutOf(named.get('indent') ?? rest[0] ?? indent);
  const [item, key] = named.has('separators')
    ? Array.from(iterableOrNone(named.get('separators') ?? null) ?? [], str)
    : [];
  return {
    ...layout,
    sortKeys: truth(named.get('sort_keys') ?? rest[1] ?? sortKeys),
    ensureAscii: truth(named.get('ensure_ascii') ?? true),
    itemSeparator: item ?? layout.itemSeparator,
    keySeparator: key ?? layout.keySeparator,
  };
}

/** Jinja2 makes its JSON safe to stand in HTML. */
function scriptSafe(json: string): string {
  const codes: Readonly<Record<string, string>> = {
    '<': '\\u003c',
    '>': '\\u003e',
    '&': '\\u0026',
    "'": '\\u0027',
  };
  return json.replace(/[<>&']/g, character => codes[character] ?? escaped(character));
}

function toJson(value: Value, layout: JsonLayout): string {
  return written(value, layout, 0);
}

function written(value: Value, layout: JsonLayout, depth: number): string {
  const opened = open(value);
  if (opened === null) return 'null';
  if (typeof opened === 'string') return jsonText(opened, layout.ensureAscii);
  if (typeof opened === 'boolean' || typeof opened === 'number' || typeof opened === 'bigint')
    return String(opened);
  if (opened instanceof Float) return jsonFloat(opened.value);
  if (depth > 500) throw valueError('this value is nested too deeply for JSON, or contains itself');
  if (opened instanceof Dict) {
    const entries = entriesOf(opened, layout.sortKeys).map(
      ([key, item]) => `${jsonKey(key, layout)}${layout.keySeparator}${written(item, layout, depth + 1)}`,
    );
    return laidOut('{', entries, '}', layout, depth);
  }
  const items = iterableOrNone(opened);
  if (items === undefined) throw typeError(`${kindOf(opened)} cannot be written as JSON`);
  return laidOut(
    '[',
    Array.from(items, item => written(item, layout, depth + 1)),
    ']',
    layout,
    depth,
  );
}

function entriesOf(dict: Dict, sortKeys: boolean): (readonly [Value, Value])[] {
  const entries = [...dict.entries()];
  return sortKeys ? entries.sort(([a], [b]) => compare(a, b)) : entries;
}

function laidOut(
  opening: string,
  parts: readonly string[],
  closing: string,
  { indent, itemSeparator }: JsonLayout,
  depth: number,
): string {
  if (parts.length === 0) return opening + closing;
  if (indent === undefined) return opening + parts.join(itemSeparator) + closing;
  const inner = `\n${indent.repeat(depth + 1)}`;
  return `${opening}${inner}${parts.join(itemSeparator.trimEnd() + inner)}\n${indent.repeat(depth)}${closing}`;
}

function jsonKey(key: Value, layout: JsonLayout): string {
  const opened = open(key);
  if (typeof opened === 'string') return jsonText(opened, layout.ensureAscii);
  const isScalar =
    opened === null || ['boolean', 'number', 'bigint'].includes(typeof opened) || opened instanceof Float;
  if (!isScalar) throw typeError(`${kindOf(opened)} cannot be a key in JSON`);
  return `"${written(opened, layout, 0)}"`;
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function jsonText(text: string, ensureAscii: boolean): string {
  const json = JSON.stringify(text);
  const escapeUnits = (units: string): string =>
    units.replace(/[\s\S]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return ensureAscii
    ? json.replace(/[\x7f-\uffff]+/g, units => units.replace(/[^\x7f]/g, escapeUnits))
    : json;
}
