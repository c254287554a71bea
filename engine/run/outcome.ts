import { Unknown } from '../kit/unknown.ts';
import { Dict, fromPlain, type Value } from '../template/index.ts';
import type { Change, Doubted, Failure, Shown, Status } from './events.ts';
import { shown } from './shown.ts';

/** What came of a piece of work on a host. */
export interface Outcome {
  readonly status: Status;
  readonly changes: readonly Change[];
  readonly doubts: readonly Doubted[];
  readonly failure?: Failure;
  readonly message?: string;
  /** What `register` gets beside `changed`, `failed` and their like; values may be Unknown or Secret. */
  readonly returned: ReadonlyMap<string, Value>;
  readonly unreachable?: boolean;
}

/** The outcome of work that had nothing to do. */
export const OK: Outcome = { status: 'ok', changes: [], doubts: [], returned: new Map() };

export function skipped(reason: string): Outcome {
  return { ...OK, status: 'skipped', message: reason };
}

/** Work of which a check cannot know whether or how it would be done. */
export function unknownOutcome(until: string, what: string): Outcome {
  return { ...OK, status: 'unknown', doubts: [{ what, until }] };
}

export function failed(failure: Failure, unreachable = false): Outcome {
  return { ...OK, status: unreachable ? 'unreachable' : 'failed', failure, unreachable };
}

/** The value that `register` stores. In a check, what only the change itself would bring is unknown until the task. */
export function registered(outcome: Outcome, task: string): Dict {
  const unknown = new Unknown(task);
  const changed: Value =
    outcome.changes.length > 0 ? true : outcome.status === 'unknown' ? unknown : outcome.status === 'changed';
  const entries = new Map<string, Value>([
    ['changed', changed],
    ['failed', outcome.status === 'failed' || outcome.status === 'unreachable'],
  ]);
  if (outcome.status === 'skipped') entries.set('skipped', true);
  if (outcome.status === 'skipped' && outcome.message !== undefined)
    entries.set('skip_reason', outcome.message);
  if (outcome.status === 'unreachable') entries.set('unreachable', true);
  if (outcome.failure !== undefined) {
    entries.set('msg', outcome.failure.message);
    if (outcome.failure.exitCode !== undefined) entries.set('rc', outcome.failure.exitCode);
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = outcome.failure[stream];
      if (text === undefined) continue;
      entries.set(stream, text.trimEnd());
      entries.set(`${stream}_lines`, text.trimEnd() === '' ? [] : text.trimEnd().split('\n'));
    }
  } else if (outcome.message !== undefined) entries.set('msg', outcome.message);
  for (const [name, value] of outcome.returned) entries.set(name, value);
  return new Dict(entries);
}

/** A module's returned record as template values. */
export function returnedValues(record: Readonly<Record<string, unknown>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(record).map(([name, value]) => [name, fromPlain(value)]));
}

/** The returned values as they may be shown. */
export function shownReturned(
  returned: ReadonlyMap<string, Value>,
  toPlain: (value: Value) => unknown,
): { readonly [key: string]: Shown } {
  return Object.fromEntries(Array.from(returned, ([name, value]) => [name, shown(toPlain(value))]));
}
