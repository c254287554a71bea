import type { Diagnostics } from '../source/diagnostic.ts';
import type { Node } from '../source/node.ts';
import type { Play } from './playbook.ts';

/** What the static checks are told of the inventory and the command line. */
export interface Knowledge {
  /** The hosts of a play; what is wrong with its pattern is reported. */
  hostsOf(play: Play, diagnostics: Diagnostics): readonly string[];
  isHost(name: string): boolean;
  readonly hostNames: readonly string[];
  /** A variable that a host has from the inventory or the command line; `open` where it is there but its text is not known. */
  variable(host: string, name: string): Node | 'open' | undefined;
  variableNames(host: string): Iterable<string>;
  /** Variables that every task has by the engine, and facts. */
  isGiven(name: string): boolean;
  readonly givenNames: readonly string[];
}
