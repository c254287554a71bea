import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findHost, hostVariables, loadInventory } from '../../engine/inventory/index.ts';
import type { ScalarNode } from '../../engine/source/node.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';
import { placeOf } from '../../engine/source/span.ts';
import { spanIn } from '../../engine/source/yaml.ts';
import { Files } from './told.ts';

describe('each level of precedence wins over those below', () => {
  const levels = [
    ['all in inventory', 'hosts', '[all:vars]\nv=1\n'],
    ['group in inventory', 'hosts', '[web:vars]\nv=1\n'],
    ['group_vars/all beside inventory', 'group_vars/all.yml', 'v: 1\n'],
    ['group_vars/all beside playbook', 'play/group_vars/all.yml', 'v: 1\n'],
    ['group_vars beside inventory', 'group_vars/web.yml', 'v: 1\n'],
    ['group_vars beside playbook', 'play/group_vars/web.yml', 'v: 1\n'],
    ['host in inventory', 'hosts', '[web]\nh v=1\n'],
    ['host_vars beside inventory', 'host_vars/h.yml', 'v: 1\n'],
    ['host_vars beside playbook', 'play/host_vars/h.yml', 'v: 1\n'],
  ] as const;

  for (const [count, [level]] of levels.entries())
    test(level, () => {
      const files: Record<string, string> = { hosts: '[web]\nh\n' };
      for (const [, path, text] of levels.slice(0, count + 1)) files[path] = (files[path] ?? '') + text;
      using there = new Files(files);
      const { inventory, diagnostics } = there.load(['hosts'], { playbookDirectory: `${there.path}/play` });
      expect(diagnostics).toEqual([]);
      expect(hostVariables(inventory, 'h').get('v')?.level).toBe(level);
    });
});

test('a mapping replaces a mapping whole', () => {
  using files = new Files({
    hosts: '[web]\nh\n',
    'group_vars/all.yml': 'v: {a: 1, b: 2}\n',
    'group_vars/web.yml': 'v: {c: 3}\n',
  });
  const node = hostVariables(files.load(['hosts']).inventory, 'h').get('v')?.node;
  expect(node?.kind === 'mapping' && node.entries.map(entry => entry.key)).toEqual(['c']);
});

test('the implicit localhost has its connection and the variables of all', () => {
  using files = new Files({
    hosts: 'web\n',
    'group_vars/all.yml': 'v: 1\n',
    'host_vars/localhost.yml': 'w: 2\n',
  });
  const { inventory } = files.load(['hosts']);
  expect([...hostVariables(inventory, 'localhost').keys()]).toEqual(['v', 'ansible_connection', 'w']);
  expect(findHost(inventory, '::1')?.implicit).toBe(true);
  expect(findHost(inventory, 'nobody')).toBeUndefined();
  expect(hostVariables(inventory, 'nobody').size).toBe(0);
});

describe('places', () => {
  const ini = [
    'web1 a="{{ x }} y" b=\'["p", "{{ q }}"]\' c={{r}}',
    'mail:2525',
    '[g]',
    '[g:vars]',
    'd = text {{ s }}',
    'e={"k": "{{ t }}"}',
  ].join('\n');
  using files = new Files({ hosts: ini });
  const { inventory } = files.load(['hosts']);
  const web = hostVariables(inventory, 'web1');
  const group = inventory.groups.get('g')?.variables;

  /** Where `{{` stands, by the map from the value to the file. */
  function placeOfTemplate(node: { readonly kind: string } | undefined): string {
    if (node === undefined || !isScalar(node)) throw new Error('no scalar');
    const at = node.value.indexOf('{{');
    const span = spanIn(node, at, at + 2);
    expect(span.source.text.slice(span.start, span.end)).toBe('{{');
    return placeOf(span).replace(/^.*\/hosts/, 'hosts');
  }

  test('of a template in a quoted word', () => expect(placeOfTemplate(web.get('a')?.node)).toBe('hosts:1:9'));
  test('of a template in a word', () => expect(placeOfTemplate(web.get('c')?.node)).toBe('hosts:1:43'));
  test('of a template in a list', () => {
    const node = web.get('b')?.node;
    expect(placeOfTemplate(node?.kind === 'sequence' ? node.items[1] : undefined)).toBe('hosts:1:30');
  });
  test('of a template in a variable of a group', () =>
    expect(placeOfTemplate(group?.get('d')?.node)).toBe('hosts:5:10'));
  test('of a template in a dict', () => {
    const node = group?.get('e')?.node;
    expect(placeOfTemplate(node?.kind === 'mapping' ? node.entries[0]?.value : undefined)).toBe('hosts:6:10');
  });
  test('of a port', () => {
    const port = hostVariables(inventory, 'mail').get('ansible_port')?.node;
    expect(port && placeOf(port.span)).toMatch(/hosts:2:6$/);
  });
  test('of a name', () => {
    const name = web.get('b')?.keySpan;
    expect(name && placeOf(name)).toMatch(/hosts:1:20$/);
  });
});

test('what comes from an encrypted file is marked, and its places show nothing', () => {
  using files = new Files({ hosts: '[web]\nh\n', 'group_vars/web.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' });
  const { inventory, diagnostics } = files.load(['hosts'], {
    decrypt: () => 'password: hunter2\nmore: [hunter3]\n',
  });
  expect(diagnostics).toEqual([]);
  const variable = hostVariables(inventory, 'h').get('password');
  expect(variable?.node).toMatchObject({ kind: 'scalar', value: 'hunter2' });
  expect(variable?.secret).toBe(true);
  const spans = [...hostVariables(inventory, 'h').values()].flatMap(({ node, keySpan }) => [
    node.span,
    keySpan,
    ...(node.kind === 'sequence' ? node.items.map(item => item.span) : []),
  ]);
  const drawn = renderDiagnostics(
    spans.map(span => ({ code: 'x', severity: 'error', message: 'wrong', span })),
    { color: false },
  );
  expect(drawn).not.toMatch(/hunter|password|more/);
});

test('thousands of hosts in nested groups are read without delay', () => {
  const groups = Array.from(
    { length: 200 },
    (_, at) => `[g${at}]\nh[${at * 50}:${at * 50 + 99}]\n[p${at}:children]\ng${at}\n`,
  );
  using files = new Files({ hosts: groups.join(''), 'host_vars/h7.yml': 'v: 1\n' });
  const { inventory, diagnostics } = files.load(['hosts']);
  expect(diagnostics).toEqual([]);
  expect(inventory.hosts.size).toBe(10_050);
  expect(inventory.hostsOf('all')).toHaveLength(10_050);
  expect(hostVariables(inventory, 'h7').get('v')?.level).toBe('host_vars beside inventory');
});

const snippet = fc.constantFrom(
  ...[
    '[',
    ']',
    ':',
    'a',
    'web',
    '[web]\n',
    ':vars]',
    ':children]',
    '\n',
    ' ',
    '=',
    '"',
    "'",
    '#',
    ';',
    '\\',
    '[1:3]',
    '{{ x }}',
    '0',
    ',',
  ],
  ...['all:', '\n  hosts:', '\n    a:', '- ', '{', '}', '---\n', '\t', '\r\n', '1e3', '(', ')', 'é'],
);

test('no text is too odd for an inventory: it is read or refused', () => {
  fc.assert(
    fc.property(
      fc.array(snippet, { maxLength: 25 }),
      fc.constantFrom('hosts', 'hosts.ini', 'hosts.yml'),
      (parts, name) => {
        using one = new Files({ [name]: parts.join('').replace(/^#!/, '') });
        const { inventory, diagnostics } = loadInventory([`${one.path}/${name}`]);
        for (const host of inventory.hosts.keys()) hostVariables(inventory, host);
        expect(renderDiagnostics(diagnostics, { color: false })).not.toContain('undefined');
      },
    ),
    { numRuns: 500 },
  );
});

function isScalar(node: { readonly kind: string }): node is ScalarNode & { readonly value: string } {
  return node.kind === 'scalar';
}
