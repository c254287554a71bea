import { type Diagnostic, Diagnostics } from '../source/diagnostic.ts';
import { InventoryBuilder } from './build.ts';
import { reportConnectionTypos } from './connection-names.ts';
import type { Inventory } from './inventory.ts';
import type { LoadOptions } from './load-options.ts';
import { readSourceAt } from './sources.ts';
import { VariableFiles } from './variable-directories.ts';

export interface LoadedInventory {
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads inventory sources, in order, into one inventory: files in YAML (or JSON) and INI, executables, directories of such, and lists of
 * hosts (`a,b`). All mistakes are gathered; what is right is in the inventory even so.
 */
export function loadInventory(sources: readonly string[], options: LoadOptions = {}): LoadedInventory {
  const diagnostics = new Diagnostics();
  const builder = new InventoryBuilder(diagnostics);
  for (const source of sources) readSourceAt(source, { builder, diagnostics, options });
  const files = new VariableFiles(sources, options, diagnostics);
  const inventory = builder.finish(sources, (kind, name) => files.of(kind, name));
  files.reportMisnamed(inventory);
  reportConnectionTypos(inventory, diagnostics);
  return { inventory, diagnostics: diagnostics.all };
}
