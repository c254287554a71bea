import { open } from '../carry.ts';
import { compare } from '../compare.ts';
import { Dict } from '../dict.ts';
import { repr } from '../print.ts';
import { Tuple, type Value } from '../value.ts';

const WIDTH = 80;

/** Python's `pprint.pformat`: on one line where it fits in 80 columns, else an item a line; keys sorted. */
export function prettyPrinted(value: Value): string {
  return layOut(value, 0, 0);
}

function layOut(value: Value, indent: number, allowance: number): string {
  const flat = oneLine(value);
  if (flat.length <= WIDTH - indent - allowance) return flat;
  const opened = open(value);
  if (opened instanceof Dict && opened.size > 0) return layOutDict(opened, indent, allowance);
  const items = Array.isArray(opened) ? opened : opened instanceof Tuple ? opened.items : [];
  if (items.length === 0) return flat;
  const [start, end] = Array.isArray(opened) ? ['[', ']'] : ['(', items.length === 1 ? ',)' : ')'];
  const lines = items.map((item, index) =>
    layOut(item, indent + 1, index === items.length - 1 ? allowance + end.length : 1),
  );
  return start + lines.join(`,\n${' '.repeat(indent + 1)}`) + end;
}

function layOutDict(dict: Dict, indent: number, allowance: number): string {
  const entries = sortedEntries(dict);
  const lines = entries.map(([key, item], index) => {
    const name = `${oneLine(key)}: `;
    return name + layOut(item, indent + 1 + name.length, index === entries.length - 1 ? allowance + 1 : 1);
  });
  return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}

function sortedEntries(dict: Dict): (readonly [Value, Value])[] {
  const entries = [...dict.entries()];
  try {
    return entries.sort(([a], [b]) => compare(a, b));
  } catch {
    return [...dict.entries()];
  }
}

function oneLine(value: Value): string {
  const opened = open(value);
  if (opened instanceof Dict)
    return `{${sortedEntries(opened)
      .map(([key, item]) => `${oneLine(key)}: ${oneLine(item)}`)
      .join(', ')}}`;
  if (Array.isArray(opened)) return `[${opened.map(oneLine).join(', ')}]`;
  if (opened instanceof Tuple)
    return `(${opened.items.map(oneLine).join(', ')}${opened.items.length === 1 ? ',' : ''})`;
  return repr(opened);
}
