import type { Command, Output } from '../kit/command.ts';
import { ProbeError } from '../kit/errors.ts';
import type { Source } from '../kit/source.ts';
import { groupBy } from '../source/group-by.ts';
import { type JobResult, TransportError } from '../transport/index.ts';
import type { AnswerBook, Question } from './answers.ts';
import { becomeKey } from './become.ts';
import type { RunEvent, Surveyed } from './events.ts';
import type { RemoteHost } from './hosts.ts';
import { jobOf } from './jobs.ts';

/** The host that was asked is out of reach; for its own tasks that is worse than a failure. */
export class HostUnreachable extends ProbeError {
  override readonly name = 'HostUnreachable';
  readonly host: string;
  override readonly cause: TransportError;
  constructor(host: string, cause: TransportError) {
    super(cause.message, { ...(cause.hint !== undefined && { hint: cause.hint }) });
    this.host = host;
    this.cause = cause;
  }
}

/** The command of a source failed. */
export class ProbeFailed extends ProbeError {
  override readonly name = 'ProbeFailed';
  readonly command: string;
  readonly output: Output;
  constructor(message: string, command: string, output: Output) {
    super(message);
    this.command = command;
    this.output = output;
  }
}

/** What a survey needs of the run. */
export interface Surveyor {
  readonly answers: AnswerBook;
  readonly signal: AbortSignal;
  host(name: string): RemoteHost;
  emit(event: RunEvent): void;
}

/** One source's part in a survey of a host. */
interface Batch {
  readonly source: Source<unknown>;
  readonly keys: readonly string[];
  readonly questions: readonly Question[];
}

/** Asks all questions: every host at once, each in one round trip for each user that tasks act as, and stores the answers. Never throws for what a host says. */
export async function survey(
  surveyor: Surveyor,
  questions: readonly Question[],
  purpose: Surveyed['purpose'],
  tasks: number,
): Promise<void> {
  const groups = groupBy(questions, question => JSON.stringify([question.host, becomeKey(question.become)]));
  await Promise.all(Array.from(groups.values(), group => surveyHost(surveyor, group, purpose, tasks)));
}

async function surveyHost(
  surveyor: Surveyor,
  questions: readonly Question[],
  purpose: Surveyed['purpose'],
  tasks: number,
): Promise<void> {
  const [first] = questions;
  if (first === undefined) return;
  const host = surveyor.host(first.host);
  const batches = batchesOf(questions);
  const commands = batches.map(batch => batch.source.command(batch.keys));
  const started = performance.now();
  try {
    const results = await host.run(first.become, commands.map(jobOf), { signal: surveyor.signal });
    batches.forEach((batch, index) => {
      const result = results[index];
      const command = commands[index];
      if (result !== undefined && command !== undefined) store(surveyor.answers, batch, command, result);
    });
    const asks: Record<string, number> = {};
    for (const { source, keys } of batches) {
      // The text of a command may hold what must not be seen; nor would it tell much here.
      const name = source.isCommand === true ? 'commands' : source.name;
      asks[name] = (asks[name] ?? 0) + keys.length;
    }
    surveyor.emit({
      type: 'survey',
      host: host.name,
      purpose,
      tasks,
      asks,
      roundTrips: host.roundTrips,
      seconds: (performance.now() - started) / 1000,
    });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const unreachable = new HostUnreachable(host.name, error);
    for (const question of questions) surveyor.answers.put(question, { error: unreachable });
  }
}

function batchesOf(questions: readonly Question[]): readonly Batch[] {
  const bySource = groupBy(questions, question => question.ask.source);
  return Array.from(bySource, ([source, group]) => {
    const byKey = new Map(group.map(question => [question.ask.key, question]));
    return { source, keys: [...byKey.keys()], questions: [...byKey.values()] };
  });
}

function store(answers: AnswerBook, batch: Batch, command: Command, result: JobResult): void {
  const read = (): ReadonlyMap<string, unknown> => {
    const output: Output = { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
    const expected = command.exitCodes ?? [0];
    if (result.timedOut)
      throw new ProbeFailed(
        `asking for ${batch.source.name} took longer than ${command.timeoutSeconds ?? 300} s`,
        shownCommand(command),
        output,
      );
    if (expected !== 'any' && !expected.includes(result.exitCode ?? -1)) {
      throw new ProbeFailed(
        `asking for ${batch.source.name} failed with exit code ${result.exitCode ?? 'none'}`,
        shownCommand(command),
        output,
      );
    }
    return batch.source.parse(output, batch.keys);
  };
  try {
    const values = read();
    for (const question of batch.questions) {
      const value = values.get(question.ask.key);
      answers.put(
        question,
        values.has(question.ask.key)
          ? { value }
          : { error: new ProbeError(`“${batch.source.name}” did not answer for “${question.ask.key}”`) },
      );
    }
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    for (const question of batch.questions) answers.put(question, { error });
  }
}

/** A command as people would write it. */
export function shownCommand(command: Command): string {
  return command.shown ?? command.script.text.trim();
}
