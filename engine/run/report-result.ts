import { redact } from '../kit/secret.ts';
import { toPlain } from '../template/index.ts';
import type { Doing } from './doing.ts';
import type { Failure } from './events.ts';
import { type Outcome, shownReturned } from './outcome.ts';
import type { Prepared } from './prepare.ts';
import { CENSORED } from './shown.ts';

/** Emits a result; whether it failed and is ignored. */
export function report(
  doing: Pick<Doing, 'run' | 'ref'>,
  prepared: Prepared,
  outcome: Outcome,
  started: number,
  item: string | undefined,
): boolean {
  const { manner } = prepared;
  const ignored =
    (outcome.status === 'failed' && manner.ignoreErrors) ||
    (outcome.status === 'unreachable' && manner.ignoreUnreachable);
  const { failure } = outcome;
  const visible = manner.noLog
    ? {
        changes: outcome.changes.map(() => ({ step: CENSORED, drift: [] })),
        doubts: outcome.doubts.map(doubt => ({ ...doubt, what: CENSORED })),
        ...(failure && { failure: censored(failure) }),
      }
    : {
        changes: outcome.changes.map(change => ({
          ...change,
          step: redact(change.step),
          ...(change.notes && { notes: change.notes.map(redact) }),
        })),
        doubts: outcome.doubts.map(doubt => ({ ...doubt, what: redact(doubt.what) })),
        ...(failure && { failure }),
        ...(outcome.message !== undefined && { message: redact(outcome.message) }),
        ...(outcome.returned.size > 0 && { returned: shownReturned(outcome.returned, toPlain) }),
      };
  doing.run.context.emit({
    type: 'result',
    host: manner.host,
    task: doing.ref,
    ...(item !== undefined && { item: manner.noLog ? CENSORED : redact(item) }),
    status: outcome.status,
    ...(manner.check !== doing.run.context.settings.check && { check: manner.check }),
    ...visible,
    ignored,
    ...(manner.delegated && { delegatedTo: manner.target }),
    seconds: (performance.now() - started) / 1000,
  });
  return ignored;
}

/** A failure under `no_log`: its kind and way out, nothing of what ran. */
function censored(failure: Failure): Failure {
  return {
    kind: failure.kind,
    message: CENSORED,
    ...(failure.hint !== undefined && { hint: failure.hint }),
    ...(failure.exitCode !== undefined && { exitCode: failure.exitCode }),
  };
}
