import { join } from 'node:path';
import type { Diagnostics } from '../source/diagnostic.ts';
import type { FileVariables, Inventory, Variables } from './inventory.ts';
import type { LoadOptions } from './load-options.ts';
import { isHostList } from './sources.ts';
import {
  directoryOf,
  entriesOf,
  readVariables,
  reportMisnamed,
  type VariableDirectory,
} from './variable-files.ts';

/** The directories `group_vars` and `host_vars` of a run, each read once, whatever asks for it. */
export class VariableFiles {
  readonly #beside: Readonly<Record<'inventory' | 'playbook', readonly string[]>>;
  readonly #options: LoadOptions;
  readonly #diagnostics: Diagnostics;
  readonly #directories = new Map<string, VariableDirectory>();
  readonly #read = new Map<string, Variables>();

  constructor(sources: readonly string[], options: LoadOptions, diagnostics: Diagnostics) {
    const directories = sources.filter(source => !isHostList(source)).map(directoryOf);
    const { playbookDirectory } = options;
    this.#beside = {
      inventory: directories,
      playbook: playbookDirectory === undefined ? [] : [playbookDirectory],
    };
    this.#options = options;
    this.#diagnostics = diagnostics;
  }

  /** The variables of a group or host. */
  of(kind: 'group' | 'host', name: string): FileVariables {
    return { inventory: this.#in('inventory', kind, name), playbook: this.#in('playbook', kind, name) };
  }

  #in(what: 'inventory' | 'playbook', kind: 'group' | 'host', name: string): Variables {
    return new Map(
      this.#beside[what].flatMap(directory => [...this.#variablesIn(join(directory, `${kind}_vars`), name)]),
    );
  }

  /** Warns of files that no group or host of the inventory has, though nearly. */
  reportMisnamed(inventory: Inventory): void {
    for (const directory of new Set(Object.values(this.#beside).flat())) {
      reportMisnamed(this.#directory(join(directory, 'group_vars')), 'group', inventory.groups.keys());
      reportMisnamed(this.#directory(join(directory, 'host_vars')), 'host', inventory.hosts.keys());
    }
  }

  #variablesIn(path: string, name: string): Variables {
    const key = join(path, name);
    let variables = this.#read.get(key);
    if (variables === undefined) {
      variables = readVariables(this.#directory(path), name);
      this.#read.set(key, variables);
    }
    return variables;
  }

  #directory(path: string): VariableDirectory {
    let directory = this.#directories.get(path);
    if (directory === undefined) {
      directory = {
        path,
        entries: entriesOf(path),
        decrypt: this.#options.decrypt,
        diagnostics: this.#diagnostics,
      };
      this.#directories.set(path, directory);
    }
    return directory;
  }
}
