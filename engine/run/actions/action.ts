import type { ActionDefinition } from '../../playbook/playbook.ts';
import type { PlayRun } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import type { Manner } from '../prepare.ts';
import type { VariableScope } from '../scope.ts';

/** What an engine action may use. */
export interface ActionCall {
  readonly run: PlayRun;
  readonly manner: Manner;
  readonly scope: VariableScope;
}

/** Something that the engine itself does: no host is asked. */
export interface EngineAction extends ActionDefinition {
  /** Does it for one host. Throws what `failureOf` knows. */
  perform(args: object, call: ActionCall): Outcome;
  /** What else follows where a check cannot know whether or how it is done; `names`: its arguments as written. */
  leaveOpen?(names: readonly string[], until: string, call: ActionCall): void;
}
