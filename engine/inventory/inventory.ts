import type { Node } from '../source/node.ts';
import type { Span } from '../source/span.ts';

/** What is known of the hosts that a playbook can be run on: read once, never changed. */
export interface Inventory {
  /** What was named by `-i`, in that order. */
  readonly sources: readonly string[];
  /** By name, in the order of first mention. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** By name, `all` and `ungrouped` first, the others in the order of first mention. */
  readonly groups: ReadonlyMap<string, Group>;
  /** The host that stands for `localhost`, `127.0.0.1` and `::1` where the inventory does not name them: this machine, without a connection. */
  readonly localhost: Host;
  /** Names of the hosts of a group and of the groups below it, in Ansible's order; empty for an unknown group. */
  hostsOf(group: string): readonly string[];
}

export interface Host {
  readonly name: string;
  /** Names of all groups that it belongs to, itself or by their children, in the order of growing precedence of their variables. */
  readonly groups: readonly string[];
  /** From inventory sources, without `host_vars`. */
  readonly variables: Variables;
  readonly files: FileVariables;
  /** The source file that it was first named in, as it is shown to people; none for a list of hosts (`-i a,b`) and the implicit localhost. */
  readonly source?: string;
  /** Where it was first named. */
  readonly span?: Span;
  /** Not named by any source: only `localhost`. */
  readonly implicit: boolean;
}

export interface Group {
  readonly name: string;
  /** Names of the groups directly below. */
  readonly children: readonly string[];
  /** Names of the groups directly above. */
  readonly parents: readonly string[];
  /** Names of its own hosts, without those of its children. */
  readonly hosts: readonly string[];
  /** The length of the longest way down from `all`: variables of a deeper group win. */
  readonly depth: number;
  /** `ansible_group_priority`, 1 if not given: of groups of one depth the higher one wins. */
  readonly priority: number;
  /** From inventory sources, without `group_vars`. */
  readonly variables: Variables;
  readonly files: FileVariables;
  readonly span?: Span;
}

/** Variables of `group_vars` or `host_vars`: beside the inventory, and beside the playbook. */
export interface FileVariables {
  readonly inventory: Variables;
  readonly playbook: Variables;
}

export type Variables = ReadonlyMap<string, Variable>;

/** A variable as it is written, not evaluated: it may hold templates. */
export interface Variable {
  readonly node: Node;
  /** Where its name is written. */
  readonly keySpan: Span;
  /** It came from a file that is encrypted as a whole: its value is secret, and its places show nothing of the text. */
  readonly secret?: true;
}
