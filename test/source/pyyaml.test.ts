import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Diagnostics } from '../../engine/source/diagnostic.ts';
import type { Node } from '../../engine/source/node.ts';
import { parseYaml } from '../../engine/source/yaml.ts';

/** What PyYAML makes of a text, as fixtures/pyyaml-6.0.py writes it down. */
type Shown =
  | string
  | boolean
  | null
  | { readonly int: string }
  | { readonly float: string }
  | { readonly other: string }
  | { readonly list: readonly Shown[] }
  | { readonly map: readonly (readonly [Shown, Shown])[] };

interface Case {
  readonly text: string;
  readonly value?: Shown;
  readonly error?: string;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('fixtures/pyyaml-6.0.json', import.meta.url), 'utf8'),
);

/** Where we differ on purpose: dates stay strings, and what follows is taken although PyYAML is stricter about it. */
const lenient = [
  // libyaml, by which Ansible reads where it is built in, takes a tab between a colon and its value.
  'a:    1   \nb:\t2\n',
  // PyYAML gives “=” a type of its own, and then has nothing to make of it.
  'a: =\n',
  '- =\n',
  // An anchor may be set anew, says YAML 1.1 as well.
  'a: &x [1]\na2: &x [2]\nb: *x\n',
];

test('the fixture is there', () => expect(cases.length).toBeGreaterThan(300));

for (const { text, value, error } of cases) {
  test(`reads ${JSON.stringify(text)} as PyYAML does`, () => {
    const diagnostics = new Diagnostics();
    const node = parseYaml({ name: 'x.yml', text }, diagnostics);
    const errors = diagnostics.all.filter(one => one.severity === 'error').map(one => one.message);
    if (lenient.includes(text)) expect(errors).toEqual([]);
    else if (error !== undefined) expect(errors).not.toEqual([]);
    else {
      expect(errors).toEqual([]);
      expect(node === undefined ? null : withDates(shownOf(node), value)).toEqual(value);
    }
  });
}

function shownOf(node: Node): Shown {
  switch (node.kind) {
    case 'scalar':
      return scalarOf(node.value, node.float);
    case 'sequence':
      return { list: node.items.map(shownOf) };
    case 'mapping':
      return {
        map: node.entries.map(entry => [
          scalarOf(entry.key, !Number.isInteger(entry.key)),
          shownOf(entry.value),
        ]),
      };
  }
}

function scalarOf(value: string | number | bigint | boolean | null, float: boolean): Shown {
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number') return float ? { float: pythonFloat(value) } : { int: String(value) };
  return value;
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A date of PyYAML's stands for the string that we keep. */
function withDates(ours: Shown, theirs: Shown | undefined): Shown {
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null) {
    const date = typeof theirs === 'object' && theirs !== null && 'other' in theirs;
    return date && typeof ours === 'string' ? theirs : ours;
  }
  if ('list' in ours && 'list' in theirs)
    return { list: ours.list.map((item, at) => withDates(item, theirs.list[at])) };
  if ('map' in ours && 'map' in theirs)
    return { map: ours.map.map(([key, item], at) => [key, withDates(item, theirs.map[at]?.[1])]) };
  return ours;
}
