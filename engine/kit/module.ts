import { isOpen } from './coerce.ts';
import type { Output } from './command.ts';
import type { Infer, ObjectSchema, Schema } from './schema.ts';
import type { Probe } from './source.ts';
import type { Planned } from './step.ts';

/** For whom a probe is made. */
export interface Target {
  /** The host's name in the inventory. */
  readonly host: string;
  /** Whether the contents of files will be shown: only then are they worth asking for. */
  readonly diff: boolean;
}

/** An example on a module's page; it is checked by the tests. `yaml` is a list of tasks. */
export interface Example {
  readonly title: string;
  readonly yaml: string;
}

/** The schema of a module's arguments: every one described. */
export type ArgumentsSchema = ObjectSchema & {
  readonly properties: Readonly<Record<string, Schema & { readonly description: string }>>;
};

/** What a module is: data and pure functions. It runs nothing and prints nothing. */
export interface ModuleDefinition<A extends ArgumentsSchema, S extends object> {
  /** The key in a task, e.g. `file-content`. */
  readonly name: string;
  /** Names by which Ansible knows it, e.g. `ansible.builtin.apt`. */
  readonly aliases?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  /** What else its page must say: traps, what it refuses, what it never does. Markdown. */
  readonly notes?: string;
  readonly args: A;
  /** The argument that takes the text of a task written in free form (`command: uptime`). */
  readonly freeForm?: keyof A['properties'] & string;
  readonly examples: readonly Example[];
  /** A mistake in the arguments that the schema cannot say, found before anything connects; undefined if there is none. */
  mistake?(args: Infer<A>): string | undefined;
  /** Tasks with one key never run at once, on any host, by any run of `play`. */
  exclusive?(args: Infer<A>): string;
  /** What must be known to plan. Total: “not there” is a state. */
  probe(args: Infer<A>, target: Target): Probe<S>;
  /** The steps that are still needed; empty means converged. Pure; may throw Refusal. */
  plan(args: Infer<A>, state: S): readonly Planned<S>[];
  /** What `register` sees beside the usual fields. `outputs` are those of the commands that were run. */
  returns?(args: Infer<A>, state: S, outputs: readonly Output[]): Record<string, unknown>;
}

/** A module as the engine holds it: of any arguments and state. */
export interface Module {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly notes?: string;
  readonly args: ArgumentsSchema;
  readonly freeForm?: string;
  readonly examples: readonly Example[];
  mistake(args: object): string | undefined;
  exclusive(args: object): string | undefined;
  probe(args: object, target: Target): Probe<object>;
  plan(args: object, state: object): readonly Planned<Record<string, unknown>>[];
  returns(args: object, state: object, outputs: readonly Output[]): Record<string, unknown>;
}

/** Defines a module. Its arguments' types follow from the schema. */
export function defineModule<const A extends ArgumentsSchema, S extends object>(
  definition: ModuleDefinition<A, S>,
): Module & { readonly definition: ModuleDefinition<A, S> } {
  // The engine validates arguments against `args` and hands back the states that `probe` found, so the two casts hold by construction.
  const typed = (args: object): Infer<A> => args as Infer<A>;
  return {
    definition,
    name: definition.name,
    aliases: definition.aliases ?? [],
    summary: definition.summary,
    ...(definition.notes !== undefined && { notes: definition.notes }),
    args: definition.args,
    ...(definition.freeForm !== undefined && { freeForm: definition.freeForm }),
    examples: definition.examples,
    // Arguments are checked before the run, too, when a value within them may not be known yet.
    mistake: args => (isOpen(args) ? undefined : definition.mistake?.(typed(args))),
    exclusive: args => definition.exclusive?.(typed(args)),
    probe: (args, target) => definition.probe(typed(args), target),
    plan: (args, state) =>
      definition.plan(typed(args), state as S) as readonly Planned<Record<string, unknown>>[],
    returns: (args, state, outputs) => definition.returns?.(typed(args), state as S, outputs) ?? {},
  };
}
