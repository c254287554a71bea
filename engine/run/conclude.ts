import { redact } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import type { Keyword } from '../playbook/keywords.ts';
import type { Task } from '../playbook/playbook.ts';
import type { Value } from '../template/index.ts';
import { evaluateConditions } from './evaluate.ts';
import type { Failure } from './events.ts';
import { type Outcome, registered } from './outcome.ts';
import { type VariableScope, valuesLayer } from './scope.ts';

/** The author's own word on an outcome: `failed_when` and `changed_when`, which see the result under its `register` name. Throws TemplateError. */
export function conclude(task: Task, outcome: Outcome, scope: VariableScope, name: string): Outcome {
  if (outcome.status === 'skipped' || outcome.status === 'unreachable') return outcome;
  const condition = (keyword: Keyword, result: Outcome): boolean | Unknown | undefined => {
    const written = task.keywords.get(keyword);
    return written === undefined
      ? undefined
      : evaluateConditions(written.node, resultScope(task, result, scope, name));
  };
  const isFailed = condition('failed_when', outcome);
  let concluded = outcome;
  if (isFailed === true && outcome.status !== 'failed') {
    concluded = {
      ...outcome,
      status: 'failed',
      failure: { kind: 'TaskFailed', message: 'failed_when holds', ...outputOf(outcome) },
    };
  } else if (isFailed === false && outcome.status === 'failed') {
    const { failure, ...rest } = outcome;
    // What has run has run, whatever its exit code: it counts as a change, and notifies.
    const ran = failure?.kind === 'StepFailed';
    concluded = {
      ...rest,
      status: ran ? 'changed' : 'ok',
      changes: ran ? [{ step: failure.command ?? name, drift: [] }] : [],
      returned: new Map([...registeredValues(outcome, name), ...outcome.returned]),
    };
  } else if (isFailed instanceof Unknown) concluded = doubtful(concluded, isFailed, 'whether it fails');
  if (concluded.status === 'failed') return concluded;
  const isChanged = condition('changed_when', concluded);
  if (isChanged === undefined) return concluded;
  if (isChanged instanceof Unknown)
    return {
      ...doubtful({ ...concluded, changes: [] }, isChanged, 'whether it changes anything'),
      status: 'unknown',
    };
  if (isChanged)
    return {
      ...concluded,
      status: 'changed',
      doubts: [],
      changes: concluded.changes.length > 0 ? concluded.changes : [{ step: 'changed_when holds', drift: [] }],
    };
  return { ...concluded, status: 'ok', changes: [], doubts: [] };
}

function doubtful(outcome: Outcome, unknown: Unknown, what: string): Outcome {
  if (outcome.doubts.length > 0) return outcome;
  return {
    ...outcome,
    status: outcome.status === 'ok' ? 'unknown' : outcome.status,
    doubts: [{ what, until: unknown.until }],
  };
}

/** What a command gave, to be shown with the failure that its author made of it. */
function outputOf({ returned }: Outcome): Pick<Failure, 'exitCode' | 'stdout' | 'stderr'> {
  const code = returned.get('rc');
  const text = (name: 'stdout' | 'stderr'): { readonly [key: string]: string } => {
    const value = returned.get(name);
    return typeof value === 'string' ? { [name]: redact(value) } : {};
  };
  return { ...(typeof code === 'number' && { exitCode: code }), ...text('stdout'), ...text('stderr') };
}

/** What a failure showed (its code and output), kept for `register` where the author says that it is none. */
function registeredValues(outcome: Outcome, name: string): ReadonlyMap<string, Value> {
  const all = registered(outcome, name);
  return new Map(
    ['rc', 'stdout', 'stderr', 'stdout_lines', 'stderr_lines', 'msg'].flatMap(key => {
      const value = all.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** The scope in which a result can be seen under its name. */
export function resultScope(task: Task, outcome: Outcome, scope: VariableScope, name: string): VariableScope {
  if (task.register === undefined) return scope;
  return scope.with(valuesLayer([[task.register, registered(outcome, name)]]));
}
