import { isDeepStrictEqual } from 'node:util';
import type { Output } from '../kit/command.ts';
import type { Module } from '../kit/module.ts';
import { redact } from '../kit/secret.ts';
import type { Probe } from '../kit/source.ts';
import type { Planned, Step } from '../kit/step.ts';
import { Unknown } from '../kit/unknown.ts';
import type { Job } from '../transport/index.ts';
import { type Question, questionsOf } from './answers.ts';
import type { RunContext } from './context.ts';
import { NotConverged, NotThere } from './errors.ts';
import type { Change, Doubted, TaskRef } from './events.ts';
import { runStep, shownAction } from './execute.ts';
import type { Outcome } from './outcome.ts';
import { OK, returnedValues } from './outcome.ts';
import type { Place } from './place.ts';
import type { Manner } from './prepare.ts';
import { CENSORED, driftOf, shown } from './shown.ts';
import { survey } from './survey.ts';

type State = Readonly<Record<string, unknown>>;

/** A module's work on a host, ready to be planned. */
export interface ModuleWork {
  readonly context: RunContext;
  readonly task: TaskRef;
  readonly item: string | undefined;
  readonly module: Module;
  readonly args: object;
  readonly probe: Probe<object>;
  readonly manner: Manner;
  readonly place: Place;
  /** What the host will be asked by later tasks: asked along whenever it must be asked anyway. */
  lookAhead(): readonly Question[];
  /** Jobs that write down which handlers a change owes; they run before it. */
  owe(): Promise<readonly Job[]>;
}

/** Plans a module's work and, unless it is only to be checked, does it and proves it. Throws what `failureOf` knows. */
export async function perform(work: ModuleWork): Promise<Outcome> {
  const state = await stateOf(work, 'look-ahead');
  const plan = work.module.plan(work.args, state);
  if (work.manner.check) return announce(work, state, plan);
  if (plan.length === 0)
    return { ...OK, returned: returnedValues(work.module.returns(work.args, state, [])) };
  const key = work.module.exclusive(work.args);
  if (key === undefined) return change(work);
  // Every run of play must choose the same host for the lock, whichever host its task is on.
  const lockHost =
    [work.manner.target, ...work.probe.asks.flatMap(ask => ask.host ?? [])].sort()[0] ?? work.manner.target;
  return work.context.exclusion.run(
    key,
    work.context.host(lockHost),
    work.manner.become,
    work.place.signal,
    () => change(work),
  );
}

/** The task's state: from what the host has said already, or asked now. */
async function stateOf(work: ModuleWork, purpose: 'look-ahead' | 'before-step' | 'verify'): Promise<State> {
  const { answers } = work.context;
  const own = questionsOf(work.probe, work.manner.target, work.manner.become);
  // Nothing is changed on old news; what other tasks know stays until something has changed.
  if (purpose === 'before-step') answers.drop(own);
  // Another task may make answers stale while these are awaited, so it is asked until all are there at once.
  for (
    let missing = own.filter(question => !answers.has(question));
    missing.length > 0;
    missing = own.filter(question => !answers.has(question))
  ) {
    const ahead =
      purpose === 'before-step' ? [] : work.lookAhead().filter(question => !answers.has(question));
    await survey(work.context, [...missing, ...ahead], purpose, 1);
    work.place.signal.throwIfAborted();
  }
  // A module's state is an object by its contract.
  return answers.read(work.probe, work.manner.target, work.manner.become) as State;
}

function hostsOf(work: ModuleWork): ReadonlySet<string> {
  return new Set([work.manner.target, ...work.probe.asks.flatMap(ask => ask.host ?? [])]);
}

const isStep = (planned: Planned<Record<string, unknown>>): planned is Step<Record<string, unknown>> =>
  'title' in planned;

/** A step as the change that it makes of a state. */
function changeOf(step: Step<Record<string, unknown>>, state: State): Change {
  return { step: step.title, drift: driftOf(state, step.becomes), ...(step.notes && { notes: step.notes }) };
}

/** What a check says of a plan: changes that are certain, and what cannot be known yet. */
function announce(
  work: ModuleWork,
  state: State,
  plan: readonly Planned<Record<string, unknown>>[],
): Outcome {
  const { settled } = work.context;
  const host = work.manner.target;
  const changes: Change[] = [];
  const doubts: Doubted[] = [];
  let now = state;
  for (const planned of plan) {
    const awaited = planned.awaits;
    const bringer = awaited === undefined ? undefined : settled.bringerOf(host, awaited);
    if (awaited !== undefined && bringer === undefined) throw notThere(awaited.what);
    if (!isStep(planned)) {
      doubts.push({ what: planned.doubt, ...(bringer !== undefined && { until: bringer }) });
      continue;
    }
    const changer = planned.hinges === undefined ? undefined : settled.changerOf(host, planned.hinges);
    if (changer !== undefined || planned.opaque === true) {
      doubts.push({ what: planned.title, ...(changer !== undefined && { until: changer }) });
    } else {
      changes.push(changeOf(planned, now));
      now = { ...now, ...planned.becomes };
    }
    settled.add(host, planned.settles ?? [], work.manner.name);
  }
  const status = changes.length > 0 ? 'changed' : doubts.length > 0 ? 'unknown' : 'ok';
  return { status, changes, doubts, returned: predicted(work, state, status === 'ok') };
}

/** What `register` sees in a check: the values themselves where nothing would change, otherwise unknown until the task has run. */
function predicted(work: ModuleWork, state: State, converged: boolean): Outcome['returned'] {
  const record = work.module.returns(work.args, state, []);
  if (converged) return returnedValues(record);
  const unknown = new Unknown(work.manner.name);
  return new Map(Object.keys(record).map(name => [name, unknown]));
}

function notThere(what: string): NotThere {
  return new NotThere(
    `${what} is not there, and no earlier task brings it`,
    'see that its name is right, or add a task before this one that brings it, e.g. `apt:` with its package',
  );
}

/** Makes the change: on fresh answers, step by step, and proves it. */
async function change(work: ModuleWork): Promise<Outcome> {
  let state = await stateOf(work, 'before-step');
  const plan = work.module.plan(work.args, state);
  const unmet = plan.find(planned => planned.awaits !== undefined)?.awaits;
  if (unmet !== undefined) throw notThere(unmet.what);
  const steps = plan.filter(isStep);
  if (steps.length === 0)
    return { ...OK, returned: returnedValues(work.module.returns(work.args, state, [])) };
  const changes: Change[] = [];
  const outputs: Output[] = [];
  const promised: Record<string, unknown> = {};
  let owed = await work.owe();
  try {
    for (const step of steps) {
      outputs.push(...(await timed(work, step, owed)));
      owed = [];
      changes.push(changeOf(step, state));
      state = { ...state, ...step.becomes };
      if (step.repeats !== true) Object.assign(promised, step.becomes);
    }
  } finally {
    for (const host of hostsOf(work)) work.context.answers.stale(host);
  }
  const found = work.probe.asks.length === 0 ? state : await stateOf(work, 'verify');
  prove(work, promised, found);
  return {
    status: 'changed',
    changes,
    doubts: [],
    returned: returnedValues(work.module.returns(work.args, found, outputs)),
  };
}

async function timed(
  work: ModuleWork,
  step: Step<Record<string, unknown>>,
  owed: readonly Job[],
): Promise<readonly Output[]> {
  const { context, task, item, manner } = work;
  const title = manner.noLog ? CENSORED : redact(step.title);
  const event = { host: manner.host, task, step: title, ...(item !== undefined && { item: redact(item) }) };
  const commands = manner.noLog ? [CENSORED] : step.run.map(action => redact(shownAction(action)));
  context.emit({ type: 'step-start', ...event, commands });
  const started = performance.now();
  const outputs = await runStep(work.place, step, owed);
  context.emit({ type: 'step-end', ...event, seconds: (performance.now() - started) / 1000 });
  return outputs;
}

/** Throws NotConverged unless every promised field is so, and nothing is left to do. */
function prove(work: ModuleWork, promised: State, found: State): void {
  const broken = Object.entries(promised).find(([field, value]) => !isDeepStrictEqual(found[field], value));
  if (broken !== undefined) {
    const [field, value] = broken;
    if (!(field in found))
      throw new NotConverged(
        `“${field}” was promised by ${work.module.name}, but its probe finds no such field`,
      );
    throw new NotConverged(
      `“${field}” did not become ${JSON.stringify(shown(value))}: it is ${JSON.stringify(shown(found[field]))}`,
    );
  }
  const left = work.module
    .plan(work.args, found)
    .filter(planned => !(isStep(planned) && planned.repeats === true));
  if (left.length > 0)
    throw new NotConverged(
      `still to do after all steps: ${left.map(planned => (isStep(planned) ? planned.title : planned.doubt)).join('; ')}`,
    );
}
