import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAddress } from '../../engine/inventory/address.ts';
import { hostVariables, loadInventory, matchHosts } from '../../engine/inventory/index.ts';
import { splitPattern } from '../../engine/inventory/pattern-parts.ts';
import { type Literal, readPythonLiteral } from '../../engine/inventory/python-literal.ts';
import { expandRanges } from '../../engine/inventory/ranges.ts';
import { splitWords } from '../../engine/inventory/shell-words.ts';
import type { Node } from '../../engine/source/node.ts';
import { run } from './run.ts';

/** A value as fixtures/ansible-2.14.py writes it down. */
type Shown =
  | string
  | boolean
  | null
  | { readonly int: string }
  | { readonly float: string }
  | { readonly list: readonly Shown[] }
  | { readonly map: readonly (readonly [Shown, Shown])[] };

interface InventoryCase {
  readonly name: string;
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly sources: readonly string[];
  readonly playbook?: string;
  readonly refused?: true;
  readonly hosts: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly variables: Readonly<Record<string, Readonly<Record<string, Shown>>>>;
  readonly groupNames: Readonly<Record<string, readonly string[]>>;
  readonly matches: Readonly<Record<string, readonly string[] | null>>;
}

interface Fixture {
  readonly literals: readonly { readonly text: string; readonly value: Shown; readonly raw?: true }[];
  readonly lines: readonly { readonly line: string; readonly words: readonly string[] | null }[];
  readonly ranges: readonly { readonly text: string; readonly names: readonly string[] | null }[];
  readonly addresses: readonly {
    readonly text: string;
    readonly address: readonly [string, number | null] | null;
  }[];
  readonly splits: readonly { readonly text: string; readonly parts: readonly string[] }[];
  readonly inventories: readonly InventoryCase[];
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL('fixtures/ansible-2.14.json', import.meta.url), 'utf8'),
);

test('the fixture is there', () => {
  expect(fixture.literals.length).toBeGreaterThan(150);
  expect(fixture.inventories.length).toBeGreaterThan(20);
});

describe('a value in INI is read as Python’s literal_eval reads it', () => {
  // What has no equal in YAML stays a text.
  const left = ['1j', '1+2j', '...', '{(1, 2): 3}'];
  for (const { text, value, raw } of fixture.literals) {
    if (left.includes(text)) continue;
    test(JSON.stringify(text), () => {
      const literal = readPythonLiteral(text);
      if (raw) expect(literal).toBeUndefined();
      else expect(literal && shownLiteral(literal)).toEqual(value);
    });
  }
});

describe('a line is split as Python’s shlex splits it', () => {
  for (const { line, words } of fixture.lines)
    test(JSON.stringify(line), () => {
      const split = splitWords(line, 0);
      if (words === null) expect(split.openAt).toBeDefined();
      else expect({ ...split, words: split.words.map(word => word.text) }).toMatchObject({ words });
      for (const word of split.words) expect(word.offsets.length).toBe(word.text.length + 1);
    });
});

describe('ranges are expanded as Ansible does', () => {
  // Ansible takes [3:1] and [c:a] apart: no hosts, or an error; and it lets a letter and a number pass that cannot go together.
  for (const { text, names } of fixture.ranges)
    test(text, () => {
      const expanded = expandRanges(text);
      if (names === null || names.length === 0) expect(expanded).toHaveProperty('message');
      else expect(expanded).toEqual(names);
    });
});

describe('addresses are taken apart as Ansible does', () => {
  for (const { text, address } of fixture.addresses)
    test(JSON.stringify(text), () => {
      const parsed = parseAddress(text);
      expect(parsed === undefined ? null : [parsed.host, parsed.port ?? null]).toEqual(address);
    });
});

describe('patterns are split as Ansible does', () => {
  for (const { text, parts } of fixture.splits)
    test(JSON.stringify(text), () =>
      expect(splitPattern({ text }).map(part => part.modifier + part.written)).toEqual(parts),
    );
});

describe('an inventory is read as Ansible reads it', () => {
  const root = mkdtempSync(join(tmpdir(), 'inventory-'));
  afterAll(() => rmSync(root, { recursive: true }));

  for (const [index, one] of fixture.inventories.entries())
    describe(one.name, () => {
      const directory = join(root, String(index));
      for (const [path, text] of one.files) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
        if (text.startsWith('#!')) chmodSync(join(directory, path), 0o755);
      }
      const sources = one.sources.map(source => (source.includes(',') ? source : join(directory, source)));
      const { inventory, diagnostics } = loadInventory(sources, {
        run,
        ...(one.playbook !== undefined && { playbookDirectory: join(directory, one.playbook) }),
      });
      const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error');

      // Ansible falls back to INI where YAML fails, and takes “h1:” for a group without hosts.
      if (one.refused) {
        test('is refused', () => expect(errors).not.toEqual([]));
        return;
      }
      test('no errors', () => expect(errors.map(error => error.message)).toEqual([]));
      test('hosts', () => expect([...inventory.hosts.keys()]).toEqual(one.hosts));
      test('groups', () => {
        const groups = Object.fromEntries(
          [...inventory.groups.keys()].map(name => [name, inventory.hostsOf(name)]),
        );
        expect(groups).toEqual(one.groups);
      });
      test('variables', () => {
        const variables = Object.keys(one.variables).map(host => [
          host,
          Object.fromEntries(
            [...hostVariables(inventory, host)].map(([name, { node }]) => [name, shownNode(node)]),
          ),
        ]);
        expect(Object.fromEntries(variables)).toEqual(one.variables);
      });
      test('groups of each host', () => {
        const names = [...inventory.hosts.values()].map(host => [
          host.name,
          host.groups.filter(name => name !== 'all').sort(),
        ]);
        expect(Object.fromEntries(names)).toEqual(one.groupNames);
      });
      for (const [pattern, hosts] of Object.entries(one.matches))
        test(`pattern ${pattern}`, () => expect(matchHosts(inventory, pattern)).toEqual(hosts ?? []));
    });
});

function shownLiteral(literal: Literal): Shown {
  switch (literal.kind) {
    case 'scalar':
      return shownScalar(literal.value, literal.float);
    case 'sequence':
      return { list: literal.items.map(shownLiteral) };
    case 'mapping':
      return { map: literal.entries.map(entry => [shownLiteral(entry.key), shownLiteral(entry.value)]) };
  }
}

function shownNode(node: Node): Shown {
  switch (node.kind) {
    case 'scalar':
      return shownScalar(node.value, node.float);
    case 'sequence':
      return { list: node.items.map(shownNode) };
    case 'mapping':
      return { map: node.entries.map(entry => [shownScalar(entry.key, false), shownNode(entry.value)]) };
  }
}

function shownScalar(value: string | number | bigint | boolean | null, float: boolean): Shown {
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value !== 'number') return value;
  if (!float) return { int: String(value) };
  if (!Number.isFinite(value)) return { float: value > 0 ? 'inf' : '-inf' };
  if (Object.is(value, -0)) return { float: '-0.0' };
  return { float: Number.isInteger(value) ? `${value}.0` : String(value) };
}
