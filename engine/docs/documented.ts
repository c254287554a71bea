import type { ArgumentsSchema, Example } from '../kit/module.ts';

/** What pages and schemas are made of: a module, or an action of the engine itself. */
export interface Documented {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly notes?: string;
  readonly args: ArgumentsSchema;
  readonly freeForm?: string;
  /** Takes arguments of any name (`set_fact`). */
  readonly anyArguments?: boolean;
  readonly examples?: readonly Example[];
}

/** Those given, by name. */
export function byName(documented: readonly Documented[]): readonly Documented[] {
  return [...documented].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
