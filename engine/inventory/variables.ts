import { localNames } from './finish.ts';
import type { Group, Host, Inventory, Variable, Variables } from './inventory.ts';

/** Where a variable of the inventory came from, from the weakest to the strongest (Ansible's precedence, 3 to 10 in its documentation). */
type PrecedenceLevel =
  | 'all in inventory'
  | 'group in inventory'
  | 'group_vars/all beside inventory'
  | 'group_vars/all beside playbook'
  | 'group_vars beside inventory'
  | 'group_vars beside playbook'
  | 'host in inventory'
  | 'host_vars beside inventory'
  | 'host_vars beside playbook';

/** A variable of a host, with what it came by. */
export interface HostVariable extends Variable {
  readonly level: PrecedenceLevel;
  /** The group or host that it was set for. */
  readonly owner: string;
}

const memory = new WeakMap<Inventory, Map<string, ReadonlyMap<string, HostVariable>>>();

/**
 * The variables that the inventory gives a host: of each name the strongest, whole (a mapping replaces a mapping). Those of the implicit
 * localhost for `localhost`, `127.0.0.1` and `::1`, if they are not in the inventory; none for an unknown host.
 */
export function hostVariables(inventory: Inventory, name: string): ReadonlyMap<string, HostVariable> {
  let hosts = memory.get(inventory);
  if (hosts === undefined) {
    hosts = new Map();
    memory.set(inventory, hosts);
  }
  let variables = hosts.get(name);
  if (variables === undefined) {
    const host = findHost(inventory, name);
    variables = host === undefined ? new Map() : merge(inventory, host);
    hosts.set(name, variables);
  }
  return variables;
}

/** A host by its name; for `localhost`, `127.0.0.1` and `::1` the one that stands for this machine. */
export function findHost(inventory: Inventory, name: string): Host | undefined {
  return inventory.hosts.get(name) ?? (localNames.includes(name) ? inventory.localhost : undefined);
}

function merge(inventory: Inventory, host: Host): ReadonlyMap<string, HostVariable> {
  const all = inventory.groups.get('all');
  const groups = host.groups.filter(name => name !== 'all').flatMap(name => inventory.groups.get(name) ?? []);
  const merged = new Map<string, HostVariable>();
  const add = (level: PrecedenceLevel, owner: string, variables: Variables | undefined): void => {
    for (const [name, variable] of variables ?? []) merged.set(name, { ...variable, level, owner });
  };
  const addGroups = (level: PrecedenceLevel, variablesOf: (group: Group) => Variables): void => {
    for (const group of groups) add(level, group.name, variablesOf(group));
  };
  add('all in inventory', 'all', all?.variables);
  addGroups('group in inventory', group => group.variables);
  add('group_vars/all beside inventory', 'all', all?.files.inventory);
  add('group_vars/all beside playbook', 'all', all?.files.playbook);
  addGroups('group_vars beside inventory', group => group.files.inventory);
  addGroups('group_vars beside playbook', group => group.files.playbook);
  add('host in inventory', host.name, host.variables);
  add('host_vars beside inventory', host.name, host.files.inventory);
  add('host_vars beside playbook', host.name, host.files.playbook);
  return merged;
}
