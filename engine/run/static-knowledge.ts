import { findHost, hostVariables } from '../inventory/index.ts';
import type { Knowledge } from '../playbook/knowledge.ts';
import { CONNECTION_NAMES, isFactName, MAGIC_NAMES } from './magic-names.ts';
import { hostsOfPlay, type PlayHosts } from './play-hosts.ts';

/** What the static checks may know of the inventory, the command line, and the variables that the engine gives. */
export function tasksKnowledge(of: PlayHosts): Knowledge {
  const { inventory, extra } = of;
  return {
    hostsOf: (play, diagnostics) => hostsOfPlay(play, of, diagnostics),
    isHost: name => findHost(inventory, name) !== undefined,
    hostNames: [...inventory.hosts.keys(), 'localhost'],
    variable: (host, name) => {
      const definition = extra.get(name);
      if (definition !== undefined) return 'node' in definition ? definition.node : 'open';
      return hostVariables(inventory, host).get(name)?.node;
    },
    variableNames: host => [...extra.keys(), ...hostVariables(inventory, host).keys()],
    isGiven: name => MAGIC_NAMES.includes(name) || isFactName(name) || CONNECTION_NAMES.test(name),
    givenNames: MAGIC_NAMES,
  };
}
