import type { ScalarNode } from '../source/node.ts';
import type { Span } from '../source/span.ts';
import type { FileVariables, Group, Host, Inventory, Variable } from './inventory.ts';

/** A group while sources are being read. */
export interface GroupDraft {
  readonly name: string;
  readonly children: Map<string, Span | undefined>;
  readonly parents: Set<string>;
  readonly hosts: Set<string>;
  readonly variables: Map<string, Variable>;
  priority: number;
  readonly span: Span | undefined;
}

/** A host while sources are being read. */
export interface HostDraft {
  readonly name: string;
  readonly variables: Map<string, Variable>;
  readonly source: string | undefined;
  readonly span: Span | undefined;
}

/** Names of this machine; the first of them that the inventory has stands for all. */
export const localNames: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Where the variables of a group or host in `group_vars` and `host_vars` come from; asked once for each. */
export type FindFileVariables = (kind: 'group' | 'host', name: string) => FileVariables;

/** The inventory that the drafts come to; each group is under `all`, and none under itself. */
export function finishInventory(
  groupDrafts: ReadonlyMap<string, GroupDraft>,
  hostDrafts: ReadonlyMap<string, HostDraft>,
  sources: readonly string[],
  fileVariables: FindFileVariables,
): Inventory {
  const depths = depthsOf(groupDrafts);
  const groups = new Map(
    [...groupDrafts].map(([name, draft]) => [name, finished(draft, depths, fileVariables)]),
  );
  const ownGroups = new Map<string, Group[]>();
  for (const group of groups.values())
    for (const host of group.hosts) ownGroups.set(host, [...(ownGroups.get(host) ?? []), group]);
  const hosts = new Map(
    [...hostDrafts].map(([name, draft]) => {
      const all = withAncestors(ownGroups.get(name) ?? [], groups);
      return [name, finishedHost(draft, all, fileVariables)];
    }),
  );
  const members = new Map([...groups.keys()].map(name => [name, membersOf(name, groups)]));
  const local = [...hosts.values()].find(host => localNames.includes(host.name));
  return {
    sources,
    hosts,
    groups,
    localhost: local ?? implicitLocalhost(fileVariables),
    hostsOf: group => members.get(group) ?? [],
  };
}

/** The length of the longest way down from `all` to each group; there are no cycles. */
function depthsOf(drafts: ReadonlyMap<string, GroupDraft>): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    let depth = depths.get(name);
    if (depth === undefined) {
      depth = Math.max(-1, ...[...(drafts.get(name)?.parents ?? [])].map(depthOf)) + 1;
      depths.set(name, depth);
    }
    return depth;
  };
  for (const name of drafts.keys()) depthOf(name);
  return depths;
}

function finished(
  draft: GroupDraft,
  depths: ReadonlyMap<string, number>,
  fileVariables: FindFileVariables,
): Group {
  return {
    name: draft.name,
    children: [...draft.children.keys()],
    parents: [...draft.parents],
    hosts: [...draft.hosts],
    depth: depths.get(draft.name) ?? 0,
    priority: draft.priority,
    variables: draft.variables,
    files: fileVariables('group', draft.name),
    ...(draft.span && { span: draft.span }),
  };
}

function finishedHost(draft: HostDraft, groups: readonly Group[], fileVariables: FindFileVariables): Host {
  return {
    name: draft.name,
    groups: sortByPrecedence(groups).map(group => group.name),
    variables: draft.variables,
    files: fileVariables('host', draft.name),
    ...(draft.source !== undefined && { source: draft.source }),
    ...(draft.span && { span: draft.span }),
    implicit: false,
  };
}

/** Breadth first: the group itself, its children, their children; each host once. */
function membersOf(name: string, groups: ReadonlyMap<string, Group>): readonly string[] {
  const hosts = new Set<string>();
  const queue = [name];
  const seen = new Set(queue);
  for (const next of queue) {
    const group = groups.get(next);
    for (const host of group?.hosts ?? []) hosts.add(host);
    for (const child of group?.children ?? []) {
      if (!seen.has(child)) queue.push(child);
      seen.add(child);
    }
  }
  return [...hosts];
}

function withAncestors(own: readonly Group[], groups: ReadonlyMap<string, Group>): readonly Group[] {
  const found = new Map<string, Group>();
  const add = (group: Group | undefined): void => {
    if (group === undefined || found.has(group.name)) return;
    found.set(group.name, group);
    for (const parent of group.parents) add(groups.get(parent));
  };
  for (const group of [...own, groups.get('all')]) add(group);
  return [...found.values()];
}

/** As Ansible sorts them (inventory/helpers.py): by depth, then priority, then name; the variables of the last win. */
function sortByPrecedence(groups: readonly Group[]): readonly Group[] {
  return groups.toSorted(
    (a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1),
  );
}

function implicitLocalhost(fileVariables: FindFileVariables): Host {
  const source = { name: 'the implicit localhost', text: 'ansible_connection: local' };
  const start = source.text.indexOf('local');
  const node: ScalarNode = {
    kind: 'scalar',
    span: { source, start, end: source.text.length },
    value: 'local',
    float: false,
    style: 'plain',
  };
  const keySpan = { source, start: 0, end: 'ansible_connection'.length };
  return {
    name: 'localhost',
    groups: ['all'],
    variables: new Map([['ansible_connection', { node, keySpan }]]),
    files: fileVariables('host', 'localhost'),
    implicit: true,
  };
}
