import type { Diagnostics } from '../source/diagnostic.ts';
import { entryOf, type MappingEntry, type MappingNode, type Node } from '../source/node.ts';
import { didYouMeanHint } from '../source/suggest.ts';
import type { InventoryBuilder } from './build.ts';
import { addHosts } from './host-name.ts';

const sections: readonly string[] = ['hosts', 'children', 'vars'];

/** Reads an inventory in Ansible's YAML format (its inventory/yaml.py): groups with `hosts`, `children` and `vars`. */
export function readYamlInventory(root: Node, builder: InventoryBuilder, diagnostics: Diagnostics): void {
  if (root.kind !== 'mapping') {
    diagnostics.error('bad-inventory', 'an inventory must be a mapping of groups', root.span, {
      hint: 'write “all:”, below it “hosts:”, and below that each host as a key: “web1:”',
    });
    return;
  }
  const plugin = entryOf(root, 'plugin');
  if (plugin !== undefined) {
    // The `constructed` plugin (groups and variables computed from variables) would be built here, once templates can be evaluated.
    diagnostics.error(
      'inventory-plugin',
      'this configures an inventory plugin; such plugins are not there',
      plugin.keySpan,
      {
        hint: 'write its result into a file: ansible-inventory -i FILE --list --yaml --output hosts.yml',
      },
    );
    return;
  }
  for (const entry of root.entries) {
    const name = nameOf(entry, 'group', diagnostics);
    if (name === undefined) continue;
    if (sections.includes(name)) {
      diagnostics.error('bad-inventory', `“${name}” stands where groups stand`, entry.keySpan, {
        hint: 'put it under “all:”',
      });
      continue;
    }
    readGroup(name, entry, builder, diagnostics);
  }
}

function readGroup(
  name: string,
  entry: MappingEntry,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): void {
  builder.addGroup(name, entry.keySpan);
  const group = mappingOf(entry.value, `the group “${name}”`, diagnostics);
  for (const part of group?.entries ?? []) {
    switch (part.key) {
      case 'hosts':
        readHosts(name, part.value, builder, diagnostics);
        break;
      case 'children':
        readChildren(name, part.value, builder, diagnostics);
        break;
      case 'vars':
        for (const one of mappingOf(part.value, `“vars” of “${name}”`, diagnostics)?.entries ?? [])
          builder.setGroupVariable(name, String(one.key), { node: one.value, keySpan: one.keySpan });
        break;
      default:
        diagnostics.error('unknown-inventory-key', `a group has no “${part.key}”`, part.keySpan, {
          hint: didYouMeanHint(String(part.key), sections) ?? 'it has “hosts”, “children” and “vars”',
        });
    }
  }
}

function readHosts(group: string, node: Node, builder: InventoryBuilder, diagnostics: Diagnostics): void {
  // As Ansible, which takes `hosts: web1` for one host without variables.
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    addHosts(
      { source: node.span.source, text: node.value, start: node.span.start },
      group,
      builder,
      diagnostics,
    );
    return;
  }
  for (const entry of mappingOf(node, `“hosts” of “${group}”`, diagnostics)?.entries ?? []) {
    const name = nameOf(entry, 'host', diagnostics);
    if (name === undefined) continue;
    const { source, start } = entry.keySpan;
    const quote = /^["']/.test(source.text.slice(start, start + 1)) ? 1 : 0;
    const hosts = addHosts({ source, text: name, start: start + quote }, group, builder, diagnostics);
    const variables = mappingOf(entry.value, `the host “${name}”`, diagnostics);
    for (const host of hosts)
      for (const one of variables?.entries ?? [])
        builder.setHostVariable(host, String(one.key), { node: one.value, keySpan: one.keySpan });
  }
}

function readChildren(group: string, node: Node, builder: InventoryBuilder, diagnostics: Diagnostics): void {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    builder.addGroup(node.value, node.span);
    builder.addChild(group, node.value, node.span);
    return;
  }
  for (const entry of mappingOf(node, `“children” of “${group}”`, diagnostics)?.entries ?? []) {
    const name = nameOf(entry, 'group', diagnostics);
    if (name === undefined) continue;
    readGroup(name, entry, builder, diagnostics);
    builder.addChild(group, name, entry.keySpan);
  }
}

/** The name that a key is; `yes` or `8` as a name must be quoted. */
function nameOf(entry: MappingEntry, what: 'group' | 'host', diagnostics: Diagnostics): string | undefined {
  if (typeof entry.key === 'string') return entry.key;
  const { source, start, end } = entry.keySpan;
  const written = source.text.slice(start, end);
  diagnostics.error(
    `bad-${what}-name`,
    `the name of a ${what} must be a text; YAML reads “${written}” as something else`,
    entry.keySpan,
    {
      hint: `quote it: "${written}"`,
    },
  );
  return undefined;
}

function mappingOf(node: Node, what: string, diagnostics: Diagnostics): MappingNode | undefined {
  if (node.kind === 'mapping') return node;
  if (node.kind === 'scalar' && node.value === null) return undefined;
  const found = node.kind === 'sequence' ? 'a list' : 'a text';
  diagnostics.error(
    'bad-inventory',
    `${what} must be a mapping, not ${found}`,
    node.span,
    hintFor(node, what),
  );
  return undefined;
}

function hintFor(node: Node, what: string): { readonly hint?: string } {
  if (node.kind === 'sequence')
    return { hint: 'write each as a key, with a colon behind it and no dash before it' };
  if (node.kind === 'scalar' && what.startsWith('the host'))
    return { hint: `if it is the host’s address, write {ansible_host: ${node.value}}` };
  return {};
}
