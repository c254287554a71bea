import type { Output } from '../kit/command.ts';
import type { Diagnostic } from '../source/diagnostic.ts';

/** A step's command failed on the host. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly command: string;
  readonly output: Output | undefined;
  readonly hint: string | undefined;
  constructor(message: string, command: string, output?: Output, hint?: string) {
    super(message);
    this.command = command;
    this.output = output;
    this.hint = hint;
  }
}

/** After its steps, a task's state is not what they promised. */
export class NotConverged extends Error {
  override readonly name = 'NotConverged';
  readonly hint =
    'something on the host undid or ignored the change: look at what else manages it, and run with -vv to see what ran';
}

/** Something that the task needs is not on the host, and no earlier task brings it. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Mistakes of the playbook that only the run could show, e.g. an argument whose template gives the wrong type. */
export class PlaybookMistake extends Error {
  override readonly name = 'PlaybookMistake';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(diagnostic => diagnostic.message).join('; '));
    this.diagnostics = diagnostics;
  }
}

/** A task that the author lets fail (`fail`, `assert`, `failed_when`). */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
}

/** A task took longer than its `timeout`. */
export class TaskTimedOut extends Error {
  override readonly name = 'TaskTimedOut';
}

/** Facts of the host are needed to go on; thrown through an evaluation, which is done again once they are there. */
export class FactsNeeded extends Error {
  override readonly name = 'FactsNeeded';
}

/** Whoever ran `play` interrupted it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
