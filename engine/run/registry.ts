import type { Module } from '../kit/module.ts';
import type { Callee, Registry } from '../playbook/playbook.ts';
import { actions } from './actions/index.ts';

/** The registry of the engine's own actions and the given modules, by name and alias. A later module of the same name counts. */
export function createRegistry(modules: readonly Module[]): Registry {
  const byName = new Map<string, Callee>();
  const add = (callee: Callee): void => {
    for (const name of [callee.definition.name, ...callee.definition.aliases]) byName.set(name, callee);
  };
  for (const definition of actions) add({ kind: 'action', definition });
  for (const definition of modules) add({ kind: 'module', definition });
  return { find: name => byName.get(name), names: [...byName.keys()] };
}
