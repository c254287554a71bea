import type { Command, Output } from '../kit/command.ts';
import type { Action, Step, Until } from '../kit/step.ts';
import { unreachable } from '../source/unreachable.ts';
import type { Job, JobResult } from '../transport/index.ts';
import { questionsOf } from './answers.ts';
import { StepFailed } from './errors.ts';
import { DEFAULT_TIMEOUT_SECONDS, jobOf } from './jobs.ts';
import { pause } from './pause.ts';
import type { Place } from './place.ts';
import { shownCommand, survey } from './survey.ts';
import { uploadFile } from './upload.ts';

/** Runs a step's actions in order; the outputs of its commands. Throws StepFailed; then `onFailure` has run. */
export async function runStep(
  place: Place,
  step: Step<Record<string, unknown>>,
  before: readonly Job[],
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  // A note that is not there when the change is made would lose the handler.
  if (before.length > 0)
    assertDone(
      before,
      await place.context.host(place.host).run(place.become, before, { signal: place.signal }),
    );
  try {
    for (const action of step.run) {
      const output = await runAction(place, action);
      if (output !== undefined) outputs.push(output);
    }
  } catch (error) {
    if (error instanceof StepFailed)
      for (const action of step.onFailure ?? []) await runAction(place, action).catch(() => undefined);
    throw error;
  }
  return outputs;
}

/** What an action does, as people would write it. */
export function shownAction(action: Action): string {
  switch (action.kind) {
    case 'command':
      return shownCommand(action);
    case 'upload':
      return `write ${action.path}`;
    case 'until':
      return `wait until ${action.what}`;
    default:
      return unreachable(action);
  }
}

async function runAction(place: Place, action: Action): Promise<Output | undefined> {
  switch (action.kind) {
    case 'command':
      return runCommand(place, action);
    case 'upload':
      await uploadFile(place, action);
      return undefined;
    case 'until':
      await waitUntil(place, action);
      return undefined;
    default:
      return unreachable(action);
  }
}

async function runCommand(place: Place, command: Command): Promise<Output> {
  const whole = { ...command, environment: { ...place.environment, ...command.environment } };
  const results = await place.context.host(place.host).run(place.become, [jobOf(whole)], {
    signal: place.signal,
    onOutput: (_job, stream, chunk) => place.onOutput(stream, chunk.toString()),
  });
  const result = results.at(-1);
  if (result === undefined) throw new StepFailed('the host gave no result', shownCommand(command));
  const output: Output = { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
  if (result.timedOut) {
    throw new StepFailed(
      `took longer than ${command.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS} s and was stopped`,
      shownCommand(command),
      output,
      'give it more time, or find out what it waits for',
    );
  }
  const expected = command.exitCodes ?? [0];
  if (expected !== 'any' && !expected.includes(result.exitCode ?? -1)) {
    throw new StepFailed(
      result.exitCode === null
        ? `was killed by ${result.signal ?? 'a signal'}`
        : `exit code ${result.exitCode}`,
      shownCommand(command),
      output,
    );
  }
  return output;
}

/** The jobs of the engine itself, such as writing down an owed handler, must have worked before anything is changed. */
function assertDone(jobs: readonly Job[], results: readonly JobResult[]): void {
  jobs.forEach((job, index) => {
    const result = results[index];
    if (result !== undefined && result.exitCode !== 0) {
      throw new StepFailed(
        'cannot write down which handlers are owed',
        job.script,
        { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode },
        'the disk may be full or read-only',
      );
    }
  });
}

/** Asks anew every second until the probe finds what is wanted. */
async function waitUntil(place: Place, wait: Until): Promise<void> {
  const { context } = place;
  const deadline = performance.now() + wait.timeoutSeconds * 1000;
  const questions = questionsOf(wait.probe, place.host, place.become);
  for (;;) {
    context.answers.drop(questions);
    await survey(context, questions, 'wait', 1);
    place.signal.throwIfAborted();
    const missing = wait.missing(context.answers.read(wait.probe, place.host, place.become));
    if (missing === undefined) return;
    place.onOutput('stdout', `waiting until ${wait.what}: ${missing}\n`);
    if (performance.now() > deadline)
      throw new StepFailed(
        `waited ${wait.timeoutSeconds} s until ${wait.what}, in vain: ${missing}`,
        `wait until ${wait.what}`,
      );
    await pause(1, place.signal);
  }
}
