import type { Command, Upload } from './command.ts';
import type { Probe } from './source.ts';

/** Waits until a probe finds what is wanted, asking anew every second; fails behind the limit. */
export interface Until<T = unknown> {
  readonly kind: 'until';
  /** What is waited for, e.g. `all three nodes are running`. */
  readonly what: string;
  readonly probe: Probe<T>;
  /** Undefined when it is so; otherwise what is still missing, for messages. */
  missing(found: T): string | undefined;
  readonly timeoutSeconds: number;
}

/** An Until with its types tied together. */
export function until<T>(wait: Omit<Until<T>, 'kind'>): Until {
  // The pair (probe, missing) is consistent by construction; outside it the found type does not matter.
  return { kind: 'until', ...wait } as unknown as Until;
}

/** One thing that a step does. */
export type Action = Command | Upload | Until;

/**
 * The name of something on a host that other tasks' state rests on: `package:rabbitmq-server`, `unit:rabbitmq-server`,
 * `file:/etc/hosts`. Used in check mode, to say what waits for what.
 */
export type Resource =
  | `package:${string}`
  | `unit:${string}`
  | `file:${string}`
  | `broker:${string}`
  | `account:${string}`;

/** Something that is not there yet, which an earlier task of the same playbook may bring. */
export interface Missing {
  /** In words: `the unit rabbitmq-server.service`. */
  readonly what: string;
  /** What would bring it, if that is known, e.g. `package:rabbitmq-server`. */
  readonly broughtBy: readonly Resource[];
}

/** A titled, ordered piece of change: what it runs, and the state that it promises. */
export interface Step<S> {
  readonly title: string;
  readonly run: readonly Action[];
  /** The fields of the state as they will be. Verified afterwards, shown as drift. */
  readonly becomes: Partial<S>;
  /** Run when an action failed, before the failure is reported. */
  readonly onFailure?: readonly Action[];
  /** An action rather than a state (a restart, a command): planned anew each time, so not part of the proof that nothing is left to do. */
  readonly repeats?: boolean;
  /** Nobody can know before whether it changes anything (a command without a guard): `unknown` in a check. */
  readonly opaque?: boolean;
  /** What else changes on the host, beyond the task's own state; later tasks' checks mind it. */
  readonly settles?: readonly Resource[];
  /** Can only run once this is there: certain in a check where an earlier task brings it, an error where none does. */
  readonly awaits?: Missing;
  /** What else is known of it, for people to read: no promise, never compared, e.g. what a package brings along. */
  readonly notes?: readonly string[];
  /** Planned only because of the present state of these: where an earlier task changes one of them, a check calls the step unknown. */
  readonly hinges?: readonly Resource[];
}

/** What cannot be planned before something is there; unlike a step that `awaits`, not even what it would do is certain. */
export interface Doubt {
  readonly doubt: string;
  readonly awaits: Missing;
}

/** One entry of a plan. An empty plan means converged. */
export type Planned<S> = Step<S> | Doubt;
