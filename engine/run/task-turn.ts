import { type Task, writtenName } from '../playbook/playbook.ts';
import { placeOf } from '../source/span.ts';
import { Dict, type Value } from '../template/index.ts';
import type { Question } from './answers.ts';
import type { PlayRun } from './context.ts';
import type { Doing, HostResult } from './doing.ts';
import type { Failure, TaskRef } from './events.ts';
import { rememberFacts, withFacts } from './facts.ts';
import { failureOf } from './failures.ts';
import { Gate } from './gate.ts';
import { keywordFlag, keywordNumber } from './keywords.ts';
import type { Notifications } from './notifications.ts';
import { failed } from './outcome.ts';
import { doubted, type Manner, type Prepared, prepare, questions } from './prepare.ts';
import type { Recap } from './recap.ts';
import { report } from './report-result.ts';
import { survey } from './survey.ts';
import { doTask } from './task-on-host.ts';
import { taskScope } from './task-scope.ts';

/** How a host leaves a task's turn; `released` by `meta: end_host`. */
export type End = 'done' | 'failed' | 'unreachable' | 'released';

/** A host's part in a turn: what it has to do, or that it failed before it could. */
type Part = { readonly prepared: Prepared } | { readonly failure: Failure; readonly host: string };

/** Takes the turns of tasks: each on several hosts at once. */
export class TaskTurns {
  readonly #run: PlayRun;
  readonly #recap: Recap;
  readonly #notifications: Notifications;
  /** Whether anything on a host has been changed. */
  changedSomething = false;

  constructor(run: PlayRun, recap: Recap, notifications: Notifications) {
    this.#run = run;
    this.#recap = recap;
    this.#notifications = notifications;
  }

  /** One turn; how each host leaves it. `doubts`: the hosts of which a check cannot know whether the task comes to them, and until when. */
  async take(
    task: Task,
    hosts: readonly string[],
    doubts: ReadonlyMap<string, string> = new Map(),
  ): Promise<ReadonlyMap<string, End>> {
    const [first] = hosts;
    if (first === undefined) return new Map();
    const scope = taskScope(this.#run, task, first);
    const once = keywordFlag(task, 'run_once', scope) === true;
    const chosen = once ? [first] : hosts;
    const parts = await this.#prepareAll(task, chosen, doubts);
    const named = parts.find(part => 'prepared' in part);
    const ref = { ...refOf(task), ...(named && { name: named.prepared.manner.name }) };
    const { context, play } = this.#run;
    context.emit({ type: 'task-start', play: play.name, task: ref, hosts: chosen });
    await this.#askFirst(parts);
    const throttle = keywordNumber(task, 'throttle', scope);
    const gate = new Gate(throttle !== undefined && throttle > 0 ? throttle : Number.POSITIVE_INFINITY);
    const doing: Doing = { run: this.#run, ref, owe: prepared => this.#notifications.writeDown(prepared) };
    const results = await Promise.all(
      parts.map(async part =>
        'prepared' in part
          ? gate.run(() => doTask(doing, part.prepared))
          : this.#failBefore(task, part.host, part.failure),
      ),
    );
    for (const result of results) await this.#conclude(task, result, once ? hosts : [result.host]);
    return this.#ends(task, results, once ? hosts : undefined);
  }

  /** A turn that came to nothing, for the same reason on all hosts. */
  async fail(task: Task, hosts: readonly string[], failure: Failure): Promise<ReadonlyMap<string, End>> {
    const results = hosts.map(host => this.#failBefore(task, host, failure));
    for (const result of results) await this.#conclude(task, result, [result.host]);
    return this.#ends(task, results, undefined);
  }

  /** Prepares the task for each host; a host for which it cannot be evaluated fails then and there. */
  async #prepareAll(
    task: Task,
    hosts: readonly string[],
    doubts: ReadonlyMap<string, string>,
  ): Promise<readonly Part[]> {
    return withFacts(this.#run, hosts, host => {
      try {
        const prepared = prepare(this.#run, task, host);
        const until = doubts.get(host);
        return { prepared: until === undefined ? prepared : doubted(prepared, until) };
      } catch (error) {
        const failure = failureOf(error);
        if (failure === undefined) throw error;
        return { host, failure };
      }
    });
  }

  /** A task that could not even be evaluated fails on its host, as if it had run. */
  #failBefore(task: Task, host: string, failure: Failure): HostResult {
    const flag = (keyword: 'ignore_errors' | 'no_log'): boolean => {
      try {
        return keywordFlag(task, keyword, taskScope(this.#run, task, host)) ?? false;
      } catch {
        return false;
      }
    };
    const ref = refOf(task);
    const manner: Manner = {
      name: ref.name,
      host,
      target: host,
      delegated: false,
      become: undefined,
      check: this.#run.context.settings.check,
      diff: false,
      noLog: flag('no_log'),
      ignoreErrors: flag('ignore_errors'),
      ignoreUnreachable: false,
      environment: {},
      timeoutSeconds: undefined,
    };
    const outcome = failed(failure);
    const prepared: Prepared = { task, manner, looped: false, items: [] };
    const ignored = report({ run: this.#run, ref }, prepared, outcome, performance.now(), undefined);
    const value = new Dict([
      ['failed', true],
      ['changed', false],
      ['msg', failure.message],
    ]);
    return { host, outcome, ignored, value };
  }

  /** Asks what this task needs and, along with it, what the later ones will: all hosts at once. */
  async #askFirst(parts: readonly Part[]): Promise<void> {
    const { context } = this.#run;
    const missing = (all: readonly Question[]): readonly Question[] =>
      all.filter(question => !context.answers.has(question));
    const now = missing(parts.flatMap(part => ('prepared' in part ? questions(part.prepared) : [])));
    if (now.length === 0) return;
    const ahead = this.#run.active().map(host => this.#run.lookAhead(host));
    await survey(context, [...now, ...missing(ahead.flat())], 'look-ahead', this.#run.tasksAhead);
    context.signal.throwIfAborted();
  }

  async #conclude(task: Task, result: HostResult, sharedBy: readonly string[]): Promise<void> {
    const { outcome, host, value } = result;
    const { context } = this.#run;
    this.#recap.add(result);
    if (task.register !== undefined)
      for (const name of sharedBy) context.memory(name).values.set(task.register, value);
    const facts: Value | undefined = outcome.returned.get('ansible_facts');
    if (facts !== undefined && task.callee.kind === 'module')
      for (const name of sharedBy) rememberFacts(context.memory(name), facts);
    const changed = outcome.changes.length > 0 && outcome.status === 'changed';
    if (changed) this.changedSomething ||= !context.settings.check;
    const [doubt] = outcome.doubts;
    if (changed) this.#notify(task, host);
    else if (doubt !== undefined) this.#notifications.doubt(task, host, doubt.until ?? writtenName(task));
    else if (outcome.status === 'ok' && !context.settings.check) await this.#forgive(task, host);
  }

  #notify(task: Task, host: string): void {
    for (const handler of this.#notifications.notify(task, host)) {
      const event = { host, handler: writtenName(handler), by: refOf(task), owed: false };
      this.#run.context.emit({ type: 'notified', ...event });
    }
  }

  /** The author says that what ran was no change (`changed_when`): what was written down before it is struck out again. */
  async #forgive(task: Task, host: string): Promise<void> {
    if (task.keywords.has('changed_when')) await this.#notifications.forgive(task, host);
  }

  #ends(
    task: Task,
    results: readonly HostResult[],
    sharedBy: readonly string[] | undefined,
  ): ReadonlyMap<string, End> {
    const ends = new Map<string, End>();
    const broken = results.filter(
      ({ outcome, ignored }) => !ignored && (outcome.status === 'failed' || outcome.status === 'unreachable'),
    );
    for (const { host, outcome } of broken) {
      if (this.#isFatal(task, host)) for (const name of this.#run.active()) ends.set(name, 'failed');
      else if (outcome.status === 'failed') for (const name of sharedBy ?? [host]) ends.set(name, 'failed');
    }
    for (const { host, outcome } of broken)
      if (outcome.status === 'unreachable') ends.set(host, 'unreachable');
    return ends;
  }

  /** Whether a host's failure counts for all of them. */
  #isFatal(task: Task, host: string): boolean {
    try {
      return keywordFlag(task, 'any_errors_fatal', taskScope(this.#run, task, host)) === true;
    } catch {
      return false; // the task has failed for that already, if it could not be evaluated
    }
  }
}

/** A task as events name it. */
export function refOf(task: Task): TaskRef {
  return {
    id: task.id,
    name: writtenName(task),
    module: task.callee.definition.name,
    place: placeOf(task.span),
    handler: task.handler,
  };
}
