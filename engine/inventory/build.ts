import type { Diagnostics } from '../source/diagnostic.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import type { Span } from '../source/span.ts';
import { type FindFileVariables, finishInventory, type GroupDraft, type HostDraft } from './finish.ts';
import type { Inventory, Variable } from './inventory.ts';

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
    return finishInventory(this.#groups, this.#hosts, sources, fileVariables);
  }

  /** A host is `ungrouped` if it is in no other group, whatever the sources said. */
  #settleUngrouped(): void {
    const ungrouped = this.#groups.get('ungrouped');
    const grouped = new Set<string>();
    for (const group of this.#groups.values())
      if (group.name !== 'all' && group.name !== 'ungrouped')
        for (const host of group.hosts) grouped.add(host);
    for (const host of this.#hosts.keys()) {
      if (grouped.has(host)) ungrouped?.hosts.delete(host);
      else ungrouped?.hosts.add(host);
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
  #wayDown(from: string, to: string, seen = new Set<string>()): readonly string[] | undefined {
    if (from === to) return [from];
    seen.add(from);
    for (const child of this.#groups.get(from)?.children.keys() ?? []) {
      const way = seen.has(child) ? undefined : this.#wayDown(child, to, seen);
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
}
