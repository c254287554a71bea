export type { RunProgram } from './executable.ts';
export type { Inventory } from './inventory.ts';
export { type LoadedInventory, loadInventory } from './load.ts';
export type { LoadOptions } from './load-options.ts';
export { matchHosts } from './match.ts';
export { findHost, hostVariables } from './variables.ts';
