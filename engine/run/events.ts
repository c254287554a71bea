/**
 * Everything that a run tells, as one closed union. Reporters listen; nothing else prints. Every value is plain JSON, and secrets
 * are masked before an event is made. This is also the schema of `--report json`: one event a line.
 */
export type RunEvent =
  | RunStart
  | PlayStart
  | TaskStart
  | Connected
  | Surveyed
  | StepStart
  | CommandOutput
  | StepEnd
  | Result
  | Notified
  | Warned
  | PlayEnd
  | RunEnd;

/** Raised when the meaning of an event changes; new fields and new events do not raise it. */
export const EVENTS_VERSION = 1;

export interface RunStart {
  readonly type: 'run-start';
  readonly version: typeof EVENTS_VERSION;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly playbooks: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly forks: number;
}

export interface PlayStart {
  readonly type: 'play-start';
  readonly play: string;
  /** FILE:LINE:COLUMN of the play. */
  readonly place: string;
  /** The hosts of the play, or of the present batch with `serial`. */
  readonly hosts: readonly string[];
  /** How many tasks each host has before it, handlers left out. */
  readonly tasks: number;
}

/** A task as events name it. */
export interface TaskRef {
  /** Unique within the run. */
  readonly id: number;
  readonly name: string;
  readonly module: string;
  /** FILE:LINE:COLUMN of the task. */
  readonly place: string;
  readonly handler: boolean;
}

export interface TaskStart {
  readonly type: 'task-start';
  readonly play: string;
  readonly task: TaskRef;
  readonly hosts: readonly string[];
}

/** A connection was opened; there is one a host. */
export interface Connected {
  readonly type: 'connected';
  readonly host: string;
  readonly transport: string;
  readonly address: string;
  readonly user: string;
  readonly seconds: number;
}

/** A host was asked, in one round trip. */
export interface Surveyed {
  readonly type: 'survey';
  readonly host: string;
  /** Why: the look-ahead, right before a step, or the proof behind one. */
  readonly purpose: 'look-ahead' | 'before-step' | 'verify' | 'wait';
  /** How many tasks it answers. */
  readonly tasks: number;
  /** How many questions, by source. */
  readonly asks: Readonly<Record<string, number>>;
  /** Round trips of this host's connection so far, connecting not counted. */
  readonly roundTrips: number;
  readonly seconds: number;
}

export interface StepStart {
  readonly type: 'step-start';
  readonly host: string;
  readonly task: TaskRef;
  readonly item?: string;
  readonly step: string;
  /** What it runs, as people would write it. */
  readonly commands?: readonly string[];
}

/** What a long command writes while it runs. */
export interface CommandOutput {
  readonly type: 'output';
  readonly host: string;
  readonly task: TaskRef;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface StepEnd {
  readonly type: 'step-end';
  readonly host: string;
  readonly task: TaskRef;
  readonly item?: string;
  readonly step: string;
  readonly seconds: number;
}

/** A value of a state as it may be shown: plain JSON, secrets masked. */
export type Shown = null | boolean | number | string | readonly Shown[] | { readonly [key: string]: Shown };

/** A field of the state: what it is and what it will be (or became). */
export interface FieldDrift {
  readonly field: string;
  readonly before: Shown;
  readonly after: Shown;
}

/** One step that was (or, in a check, would be) taken. */
export interface Change {
  readonly step: string;
  readonly drift: readonly FieldDrift[];
  /** What else is known of it, for people to read, e.g. what a package brings along. */
  readonly notes?: readonly string[];
}

/** Something that a check cannot know. */
export interface Doubted {
  readonly what: string;
  /** Name of the task behind which it will be known; none where only running it would tell (a command without a guard). */
  readonly until?: string;
}

export type Status = 'ok' | 'changed' | 'failed' | 'skipped' | 'unreachable' | 'unknown';

/** Why a task failed on a host. */
export interface Failure {
  /** The human cause, e.g. `StepFailed`, `NotConverged`, `Refusal`, `HostKeyChanged`. */
  readonly kind: string;
  readonly message: string;
  /** What ran, as people would write it. */
  readonly command?: string;
  readonly exitCode?: number | null;
  readonly stdout?: string;
  readonly stderr?: string;
  /** What to do. */
  readonly hint?: string;
  /** For a mistake in the playbook that only showed now: drawn with its line. */
  readonly drawn?: string;
}

/** What came of a task on a host, or of one item of its loop (then `item` is set, and the task's own result follows the last item's). */
export interface Result {
  readonly type: 'result';
  readonly host: string;
  readonly task: TaskRef;
  readonly item?: string;
  readonly status: Status;
  /** Whether it was only checked, where the task's `check_mode` makes that other than for the run. */
  readonly check?: boolean;
  readonly changes: readonly Change[];
  readonly doubts: readonly Doubted[];
  readonly failure?: Failure;
  /** Failed, but `ignore_errors` lets the host go on. */
  readonly ignored: boolean;
  /** Why it was skipped, or what a module has to say. */
  readonly message?: string;
  readonly delegatedTo?: string;
  /** What `register` gets; left out under `no_log`. */
  readonly returned?: { readonly [key: string]: Shown };
  readonly seconds: number;
}

export interface Notified {
  readonly type: 'notified';
  readonly host: string;
  readonly handler: string;
  readonly by: TaskRef;
  /** An earlier run died before it ran the handler. */
  readonly owed: boolean;
}

export interface Warned {
  readonly type: 'warning';
  readonly message: string;
  readonly host?: string;
  readonly hint?: string;
}

export interface PlayEnd {
  readonly type: 'play-end';
  readonly play: string;
}

/** What Ansible's recap counts for a host; `ok` includes `changed`; `unknown` counts tasks with something that a check cannot know. */
export interface Counts {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
  readonly unknown: number;
}

export interface RunEnd {
  readonly type: 'run-end';
  readonly time: string;
  readonly recap: Readonly<Record<string, Counts>>;
  readonly exitCode: number;
  readonly interrupted: boolean;
  readonly seconds: number;
  /** Tasks that were under way when it was interrupted, by host. */
  readonly stoodAt?: Readonly<Record<string, string>>;
}

/** A reporter, or a test: gets every event, in order. `done` resolves when all has been written. */
export interface Listener {
  on(event: RunEvent): void;
  done?(): Promise<void>;
}
