export type { Outcome, RunProgram } from './executable.ts';
export type { FileVariables, Group, Host, Inventory, Variable, Variables } from './inventory.ts';
export { type LoadedInventory, loadInventory } from './load.ts';
export type { LoadOptions } from './load-options.ts';
export { type MatchOptions, matchHosts } from './match.ts';
export { type PatternText, patternsOf } from './pattern-parts.ts';
export { findHost, type HostVariable, hostVariables, type PrecedenceLevel } from './variables.ts';
export type { Decrypt } from './vault-file.ts';
