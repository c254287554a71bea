import type { Inventory } from '../inventory/index.ts';
import type { Module } from '../kit/module.ts';
import type { Secret } from '../kit/secret.ts';
import type { Play, Registry } from '../playbook/playbook.ts';
import type { Environment, Value } from '../template/index.ts';
import type { AnswerBook, Question } from './answers.ts';
import type { RunEvent } from './events.ts';
import type { Exclusion } from './exclusion.ts';
import type { RemoteHost } from './hosts.ts';
import type { Layer } from './scope.ts';
import type { SettledResources } from './settled.ts';

/** What the command line chose for a run. */
export interface RunSettings {
  readonly check: boolean;
  readonly diff: boolean;
  readonly forks: number;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string | undefined;
  /** `-e`: above all other variables. */
  readonly extraVariables: Layer;
  readonly connection: ConnectionSettings;
  readonly forceHandlers: boolean;
}

/** How hosts are reached where neither inventory nor playbook says. */
export interface ConnectionSettings {
  readonly user?: string;
  readonly transport?: string;
  readonly privateKeyFile?: string;
  readonly connectTimeoutSeconds?: number;
  readonly become: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly password?: Secret;
  readonly becomePassword?: Secret;
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  readonly sshArguments?: readonly string[];
}

/** What a host has brought to light during the run. */
export interface HostMemory {
  /** `register` and `set_fact`. */
  readonly values: Map<string, Value>;
  /** `ansible_facts`, once they were asked for. */
  facts: ReadonlyMap<string, Value> | undefined;
}

/** All that lives as long as a run. */
export interface RunContext {
  readonly settings: RunSettings;
  readonly inventory: Inventory;
  readonly registry: Registry;
  readonly environment: Environment;
  /** The module that finds the facts, if there is one. */
  readonly factsModule: Module | undefined;
  readonly answers: AnswerBook;
  readonly exclusion: Exclusion;
  readonly settled: SettledResources;
  readonly signal: AbortSignal;
  memory(host: string): HostMemory;
  host(name: string): RemoteHost;
  emit(event: RunEvent): void;
}

/** A play as it runs: which hosts are in it now. */
export interface PlayRun {
  readonly context: RunContext;
  readonly play: Play;
  /** All hosts of the play, those left out by failures included. */
  readonly allHosts: readonly string[];
  /** The hosts of the present batch. */
  readonly batch: readonly string[];
  /** The hosts of the present batch that have not failed. */
  active(): readonly string[];
  /** How many tasks the play has for each host. */
  readonly tasksAhead: number;
  /** What a host will be asked by its later tasks, as far as that can be told now. */
  lookAhead(host: string): readonly Question[];
}
