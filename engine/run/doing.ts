import type { Value } from '../template/index.ts';
import type { Job } from '../transport/index.ts';
import type { PlayRun } from './context.ts';
import type { TaskRef } from './events.ts';
import type { Outcome } from './outcome.ts';
import type { Prepared } from './prepare.ts';

/** A task while it is done. */
export interface Doing {
  readonly run: PlayRun;
  readonly ref: TaskRef;
  /** Writes down what a change will owe; gives jobs to run before it. */
  owe(prepared: Prepared): Promise<readonly Job[]>;
}

/** What the strategy must know of a task on a host. */
export interface HostResult {
  readonly host: string;
  readonly outcome: Outcome;
  /** Failed, but the author lets the host go on. */
  readonly ignored: boolean;
  /** What `register` stores. */
  readonly value: Value;
}
