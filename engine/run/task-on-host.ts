import { redact } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import type { Task } from '../playbook/playbook.ts';
import type { Node } from '../source/node.ts';
import { Dict, hasTemplate, type Value } from '../template/index.ts';
import type { EngineAction } from './actions/action.ts';
import { conclude, resultScope } from './conclude.ts';
import type { Doing, HostResult } from './doing.ts';
import { Interrupted, TaskTimedOut } from './errors.ts';
import { evaluateConditions } from './evaluate.ts';
import type { Failure } from './events.ts';
import { failureOf, isUnreachable } from './failures.ts';
import { keywordNumber } from './keywords.ts';
import { failed, OK, type Outcome, registered, skipped, unknownOutcome } from './outcome.ts';
import { pause } from './pause.ts';
import { perform } from './perform.ts';
import type { Item, Prepared } from './prepare.ts';
import { report } from './report-result.ts';
import type { VariableScope } from './scope.ts';

/** Does a prepared task on its host, all items of its loop in order, and reports each. Rejects only with what is no failure of a host: Interrupted, or a defect. */
export async function doTask(doing: Doing, prepared: Prepared): Promise<HostResult> {
  const started = performance.now();
  const outcomes: Outcome[] = [];
  for (const item of prepared.items) {
    const outcome = await settle(doing, prepared, item);
    outcomes.push(outcome);
    if (prepared.looped) report(doing, prepared, outcome, started, item.label);
    if (outcome.unreachable === true) break;
    if (item.loop !== undefined && item.loop.pauseSeconds > 0 && item !== prepared.items.at(-1))
      await pause(item.loop.pauseSeconds, doing.run.context.signal);
  }
  const whole = prepared.looped ? combined(outcomes) : (outcomes[0] ?? OK);
  const ignored = report(doing, prepared, whole, started, undefined);
  return {
    host: prepared.manner.host,
    outcome: whole,
    ignored,
    value: registeredValue(prepared, outcomes, whole),
  };
}

/** One item, tried until `until` holds. */
async function settle(doing: Doing, prepared: Prepared, item: Item): Promise<Outcome> {
  const { task } = prepared;
  const until = task.keywords.get('until');
  if (until === undefined || prepared.manner.check) return once(doing, prepared, item);
  const retries = keywordNumber(task, 'retries', item.scope) ?? 3;
  const delay = keywordNumber(task, 'delay', item.scope) ?? 5;
  for (let attempt = 0; ; attempt++) {
    const outcome = await once(doing, prepared, item);
    if (outcome.status === 'skipped' || outcome.unreachable === true) return outcome;
    const done = holds(until.node, resultScope(task, outcome, item.scope, prepared.manner.name));
    if (typeof done === 'object') return failed(done);
    if (done) return outcome;
    if (attempt >= retries)
      return outcome.status === 'failed'
        ? outcome
        : {
            ...outcome,
            status: 'failed',
            failure: { kind: 'TaskFailed', message: `\`until\` did not hold in ${attempt + 1} tries` },
          };
    await pause(delay, doing.run.context.signal);
  }
}

/** Whether `until` holds, or why that cannot be told. */
function holds(until: Node, scope: VariableScope): boolean | Failure {
  try {
    return evaluateConditions(until, scope) === true;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return failure;
  }
}

/** One try of one item. */
async function once(doing: Doing, prepared: Prepared, item: Item): Promise<Outcome> {
  const { task, manner } = prepared;
  const signals = [
    doing.run.context.signal,
    ...(manner.timeoutSeconds === undefined ? [] : [AbortSignal.timeout(manner.timeoutSeconds * 1000)]),
  ];
  const signal = AbortSignal.any(signals);
  try {
    return conclude(task, await work(doing, prepared, item, signal), item.scope, manner.name);
  } catch (error) {
    if (doing.run.context.signal.aborted) throw new Interrupted('interrupted');
    const cause = signal.aborted
      ? new TaskTimedOut(`took longer than its timeout of ${manner.timeoutSeconds} s`)
      : error;
    const failure = failureOf(cause);
    if (failure === undefined) throw error;
    const outcome = failed(failure, isUnreachable(cause));
    return outcome.unreachable === true ? outcome : conclude(task, outcome, item.scope, manner.name);
  }
}

async function work(doing: Doing, prepared: Prepared, item: Item, signal: AbortSignal): Promise<Outcome> {
  const { task, manner } = prepared;
  const { context } = doing.run;
  switch (item.work.kind) {
    case 'skip':
      return skipped(item.work.reason);
    case 'unknown':
      if (task.callee.kind === 'action')
        actionOf(task).leaveOpen?.(argumentNamesOf(task), item.work.until, {
          run: doing.run,
          manner,
          scope: item.scope,
        });
      return unknownOutcome(item.work.until, 'whether or how it runs');
    case 'action':
      return actionOf(task).perform(item.work.args, { run: doing.run, manner, scope: item.scope });
    case 'module': {
      if (task.callee.kind !== 'module') throw new Error('a module’s work without a module');
      const onOutput = (stream: 'stdout' | 'stderr', text: string): void => {
        if (!manner.noLog)
          context.emit({ type: 'output', host: manner.host, task: doing.ref, stream, text: redact(text) });
      };
      return perform({
        context,
        task: doing.ref,
        item: manner.noLog ? undefined : item.label,
        module: task.callee.definition,
        args: item.work.args,
        probe: item.work.probe,
        manner,
        place: {
          context,
          host: manner.target,
          become: manner.become,
          environment: manner.environment,
          signal,
          onOutput,
        },
        lookAhead: () => doing.run.lookAhead(manner.host),
        owe: () => doing.owe(prepared),
      });
    }
  }
}

/** The arguments as written, those left out whose names are templates. */
function argumentNamesOf(task: Task): readonly string[] {
  const node = task.argumentsNode;
  return node?.kind === 'mapping'
    ? node.entries.map(entry => String(entry.key)).filter(name => !hasTemplate(name))
    : [];
}

function actionOf(task: Task): EngineAction {
  if (task.callee.kind !== 'action') throw new Error('an action’s work without an action');
  // Every action of the registry was made as an EngineAction; playbook knows only its arguments.
  return task.callee.definition as EngineAction;
}

/** What came of a whole loop. */
function combined(outcomes: readonly Outcome[]): Outcome {
  const failure = outcomes.find(outcome => outcome.failure !== undefined)?.failure;
  const has = (status: Outcome['status']): boolean => outcomes.some(outcome => outcome.status === status);
  const all = (status: Outcome['status']): boolean => outcomes.every(outcome => outcome.status === status);
  const status = has('unreachable')
    ? 'unreachable'
    : has('failed')
      ? 'failed'
      : has('changed')
        ? 'changed'
        : has('unknown')
          ? 'unknown'
          : all('skipped')
            ? 'skipped'
            : 'ok';
  return {
    status,
    changes: outcomes.flatMap(outcome => outcome.changes),
    doubts: outcomes.flatMap(outcome => outcome.doubts),
    returned: new Map(),
    ...(failure && { failure }),
    ...(status === 'unreachable' && { unreachable: true }),
    ...(status === 'skipped' && {
      message: outcomes.length === 0 ? 'no items in the loop' : 'all items were skipped',
    }),
  };
}

function registeredValue(prepared: Prepared, outcomes: readonly Outcome[], whole: Outcome): Value {
  const [first] = prepared.items;
  // Nothing is known of a result where it is not known whether there will be one.
  if (!prepared.looped && first?.work.kind === 'unknown') return new Unknown(first.work.until);
  const value = registered(whole, prepared.manner.name);
  if (!prepared.looped) return value;
  value.set(
    'results',
    prepared.items.slice(0, outcomes.length).map((item, index) => {
      if (item.work.kind === 'unknown') return new Unknown(item.work.until);
      const result = registered(outcomes[index] ?? OK, prepared.manner.name);
      if (item.loop !== undefined) {
        result.set(item.loop.loopVariable, item.loop.value);
        result.set('ansible_loop_var', item.loop.loopVariable);
      }
      return result;
    }),
  );
  return new Dict(value.entries());
}
