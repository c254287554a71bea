import type { Diagnostics } from '../source/diagnostic.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import type { Span } from '../source/span.ts';
import type { FileVariables, Group, Host, Inventory, Variable } from './inventory.ts';

interface GroupDraft {
  readonly name: string;
  readonly children: Map<string, Span | undefined>;
  readonly parents: Set<string>;
  readonly hosts: Set<string>;
  readonly variables: Map<string, Variable>;
  priority: number;
  readonly span: Span | undefined;
}

interface HostDraft {
  readonly name: string;
  readonly variables: Map<string, Variable>;
  readonly source: string | undefined;
  readonly span: Span | undefined;
}

/** Names of this machine; the first of them that the inventory has stands for all. */
export const localNames: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Where the variables of a group or host in `group_vars` and `host_vars` come from; asked once for each. */
export type FindFileVariables = (kind: 'group' | 'host', name: string) => FileVariables;

/** An inventory while its sources are being read, one after the other into the same. */
export class InventoryBuilder {
  readonly #diagnostics: Diagnostics;
  readonly #groups = new Map<string, GroupDraft>();
  readonly #hosts = new Map<string, HostDraft>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
    this.addGroup('all');
    this.addGroup('ungrouped');
    this.addChild('all', 'ungrouped');
  }

  get groupNames(): Iterable<string> {
    return this.#groups.keys();
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  addGroup(name: string, span?: Span): void {
    if (this.#groups.has(name)) return;
    this.#groups.set(name, {
      name,
      children: new Map(),
      parents: new Set(),
      hosts: new Set(),
      variables: new Map(),
      priority: 1,
      span,
    });
  }

  /** Adds a host to a group. A port counts where the host is named first, as in Ansible. */
  addHost(
    name: string,
    group: string,
    place: { readonly span?: Span; readonly source?: string; readonly port?: ScalarNode },
  ): void {
    const { span, source, port } = place;
    if (!this.#hosts.has(name)) {
      const variables = new Map<string, Variable>();
      if (port) variables.set('ansible_port', { node: port, keySpan: port.span });
      this.#hosts.set(name, { name, variables, source, span });
    }
    this.#groups.get(group)?.hosts.add(name);
  }

  /** Puts a group under another one; refused with an error where it would be under itself. */
  addChild(parent: string, child: string, span?: Span): void {
    const [above, below] = [this.#groups.get(parent), this.#groups.get(child)];
    if (above === undefined || below === undefined || above.children.has(child)) return;
    const way = this.#wayDown(child, parent);
    if (way !== undefined) {
      this.#reportCycle([parent, ...way], span);
      return;
    }
    above.children.set(child, span);
    below.parents.add(parent);
  }

  setHostVariable(host: string, name: string, variable: Variable): void {
    this.#hosts.get(host)?.variables.set(name, variable);
  }

  setGroupVariable(group: string, name: string, variable: Variable): void {
    const draft = this.#groups.get(group);
    if (draft === undefined) return;
    if (name === 'ansible_group_priority') this.#setPriority(draft, variable.node);
    else draft.variables.set(name, variable);
  }

  /** The inventory, once all its sources were read. */
  finish(sources: readonly string[], fileVariables: FindFileVariables): Inventory {
    for (const group of this.#groups.values())
      if (group.name !== 'all' && group.parents.size === 0) this.addChild('all', group.name);
    this.#settleUngrouped();
    this.#reportSameNames();
    const depths = this.#depths();
    const groups = new Map(
      [...this.#groups.values()].map(draft => [draft.name, finished(draft, depths, fileVariables)]),
    );
    const ownGroups = new Map<string, Group[]>();
    for (const group of groups.values())
      for (const host of group.hosts) ownGroups.set(host, [...(ownGroups.get(host) ?? []), group]);
    const hosts = new Map(
      [...this.#hosts.values()].map(draft => {
        const all = withAncestors(ownGroups.get(draft.name) ?? [], groups);
        return [draft.name, finishedHost(draft, all, fileVariables)];
      }),
    );
    const members = new Map([...groups.keys()].map(name => [name, membersOf(name, groups)]));
    return {
      sources,
      hosts,
      groups,
      localhost:
        [...hosts.values()].find(host => localNames.includes(host.name)) ?? implicitLocalhost(fileVariables),
      hostsOf: group => members.get(group) ?? [],
    };
  }

  /** A host is `ungrouped` if it is in no other group, whatever the sources said. */
  #settleUngrouped(): void {
    const ungrouped = this.#groups.get('ungrouped');
    if (ungrouped === undefined) return;
    const others = [...this.#groups.values()].filter(
      group => group.name !== 'all' && group.name !== 'ungrouped',
    );
    const grouped = new Set([
      ...others.flatMap(group => [...group.hosts]),
      ...hostsUnder(ungrouped.children.keys(), this.#groups),
    ]);
    for (const host of this.#hosts.keys()) {
      if (grouped.has(host)) ungrouped.hosts.delete(host);
      else ungrouped.hosts.add(host);
    }
  }

  #setPriority(draft: GroupDraft, node: Node): void {
    const value = node.kind === 'scalar' ? Number(node.value) : Number.NaN;
    if (Number.isInteger(value)) draft.priority = value;
    else
      this.#diagnostics.error(
        'bad-group-priority',
        '“ansible_group_priority” must be a whole number',
        node.span,
      );
  }

  /** The way from a group down to another, both included, if there is one. */
  #wayDown(from: string, to: string): readonly string[] | undefined {
    if (from === to) return [from];
    for (const child of this.#groups.get(from)?.children.keys() ?? []) {
      const way = this.#wayDown(child, to);
      if (way !== undefined) return [from, ...way];
    }
    return undefined;
  }

  #reportCycle(way: readonly string[], span: Span | undefined): void {
    const links = way.slice(1, -1).flatMap((name, index) => {
      const child = way[index + 2] ?? '';
      const at = this.#groups.get(name)?.children.get(child);
      return [{ message: `“${child}” was put under “${name}” here`, ...(at && { span: at }) }];
    });
    this.#diagnostics.error(
      'group-cycle',
      `this puts the group “${way[0]}” under itself: ${way.join(' → ')}`,
      span,
      {
        ...(links.length > 0 && { notes: links }),
        hint: 'remove one of these children',
      },
    );
  }

  #reportSameNames(): void {
    for (const [name, host] of this.#hosts) {
      const group = this.#groups.get(name);
      if (group === undefined) continue;
      this.#diagnostics.warning('host-named-as-group', `“${name}” names both a host and a group`, host.span, {
        ...(group.span && { notes: [{ message: 'the group', span: group.span }] }),
        hint: 'rename one of them: in a pattern the name stands for the host alone',
      });
    }
  }

  /** The length of the longest way down from `all` to each group; there are no cycles. */
  #depths(): ReadonlyMap<string, number> {
    const depths = new Map<string, number>();
    const depthOf = (name: string): number => {
      let depth = depths.get(name);
      if (depth === undefined) {
        depth = Math.max(-1, ...[...(this.#groups.get(name)?.parents ?? [])].map(depthOf)) + 1;
        depths.set(name, depth);
      }
      return depth;
    };
    for (const name of this.#groups.keys()) depthOf(name);
    return depths;
  }
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

function hostsUnder(names: Iterable<string>, groups: ReadonlyMap<string, GroupDraft>): readonly string[] {
  return [...names].flatMap(name => {
    const group = groups.get(name);
    return group === undefined ? [] : [...group.hosts, ...hostsUnder(group.children.keys(), groups)];
  });
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
