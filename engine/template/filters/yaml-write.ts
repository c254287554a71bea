import { open } from '../carry.ts';
import { iterableOrNone } from '../coerce.ts';
import { compare } from '../compare.ts';
import { Dict } from '../dict.ts';
import { typeError, valueError } from '../error.ts';
import { floatText, kindOf } from '../print.ts';
import { Float, type Value } from '../value.ts';
import { yamlText } from './yaml-scalar.ts';

/** How PyYAML is to lay YAML out. */
export interface YamlLayout {
  readonly indent: number;
  /** Collections without collections inside on one line: `[1, 2]`. */
  readonly flowLeaves: boolean;
  readonly sortKeys: boolean;
  readonly width: number;
}

/** A value as PyYAML writes it. */
export function writeYaml(value: Value, layout: YamlLayout): string {
  const opened = open(value);
  return `${node(opened, { indent: 0, column: 0, depth: 0 }, layout).replace(/^\n/, '')}\n`;
}

function itemsOf(value: Value): readonly Value[] | undefined {
  const opened = open(value);
  if (typeof opened === 'string' || opened instanceof Dict) return undefined;
  const items = iterableOrNone(opened);
  return items && Array.from(items);
}

/** Where a value is written: how far its own lines are indented, and the column that its first one begins at. */
interface Spot {
  readonly indent: number;
  readonly column: number;
  readonly depth: number;
}

/** A value behind `- ` or `key:`; a collection in block style begins with a line break. */
function node(value: Value, spot: Spot, layout: YamlLayout): string {
  if (spot.depth > 500) throw valueError('this value is nested too deeply for YAML, or contains itself');
  const opened = open(value);
  const items = itemsOf(opened);
  if (opened instanceof Dict) {
    return opened.size === 0 || isFlow(opened.values(), layout)
      ? flow(opened, layout)
      : block(opened, spot, layout);
  }
  if (items === undefined)
    return scalar(opened, { ...spot, indent: Math.max(spot.indent, layout.indent) }, layout);
  if (items.length === 0 || isFlow(items, layout)) return flow(opened, layout);
  return items.map(item => `\n${' '.repeat(spot.indent)}-${behindDash(item, spot, layout)}`).join('');
}

function isFlow(children: readonly Value[], { flowLeaves }: YamlLayout): boolean {
  return (
    flowLeaves && children.every(child => !(open(child) instanceof Dict) && itemsOf(child) === undefined)
  );
}

function behindDash(item: Value, { indent, depth }: Spot, layout: YamlLayout): string {
  const inner = { indent: indent + layout.indent, column: indent + 2, depth: depth + 1 };
  const text = node(item, inner, layout);
  if (!text.startsWith('\n')) return ` ${text}`;
  return `${' '.repeat(layout.indent - 1)}${text.slice(1 + inner.indent)}`;
}

function entriesOf(dict: Dict, { sortKeys }: YamlLayout): (readonly [Value, Value])[] {
  const entries = [...dict.entries()];
  return sortKeys ? entries.sort(([a], [b]) => compare(a, b)) : entries;
}

function block(dict: Dict, { indent, depth }: Spot, layout: YamlLayout): string {
  return entriesOf(dict, layout)
    .map(([key, value]) => {
      const name = scalar(key, FLOW, layout);
      const deeper = itemsOf(value) === undefined ? layout.indent : 0;
      const text = node(
        value,
        { indent: indent + deeper, column: indent + name.length + 2, depth: depth + 1 },
        layout,
      );
      return `\n${' '.repeat(indent)}${name}:${text.startsWith('\n') ? text : ` ${text}`}`;
    })
    .join('');
}

/** Within `[…]` and `{…}`, and as a key, a text is not broken into lines. */
const FLOW = undefined;

function flow(value: Value, layout: YamlLayout): string {
  const opened = open(value);
  if (opened instanceof Dict)
    return `{${entriesOf(opened, layout)
      .map(([key, item]) => `${scalar(key, FLOW, layout)}: ${flow(item, layout)}`)
      .join(', ')}}`;
  const items = itemsOf(opened);
  return items === undefined
    ? scalar(opened, FLOW, layout)
    : `[${items.map(item => flow(item, layout)).join(', ')}]`;
}

function scalar(value: Value, spot: Spot | undefined, { width }: YamlLayout): string {
  const opened = open(value);
  if (opened === null) return 'null';
  if (typeof opened === 'boolean' || typeof opened === 'number' || typeof opened === 'bigint')
    return String(opened);
  if (opened instanceof Float) return yamlFloat(opened.value);
  if (typeof opened !== 'string') throw typeError(`${kindOf(opened)} cannot be written as YAML`);
  return yamlText(opened, spot && { indent: spot.indent, column: spot.column, width });
}

function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return !text.includes('.') && text.includes('e') ? text.replace('e', '.0e') : text;
}
