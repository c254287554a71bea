import { accumulated, type Play, type Task } from '../playbook/playbook.ts';
import { str } from '../template/index.ts';
import type { Job } from '../transport/index.ts';
import type { Question } from './answers.ts';
import { becomeKey } from './become.ts';
import type { PlayRun } from './context.ts';
import { StepFailed } from './errors.ts';
import { evaluateNode } from './evaluate.ts';
import { debtOf, forgiven, owe, owedHandlers, paid } from './owed.ts';
import type { Prepared } from './prepare.ts';
import { becomeOf } from './target.ts';
import { playScope, taskScope } from './task-scope.ts';

/** Which handlers are owed to which hosts in a batch, in memory and on the hosts themselves. */
export class Notifications {
  readonly #run: PlayRun;
  readonly #owed = new Map<Task, Set<string>>();
  /** In a check: handlers that may become owed, by host, with the task that will tell. */
  readonly #doubted = new Map<Task, Map<string, string>>();

  constructor(run: PlayRun) {
    this.#run = run;
  }

  get #play(): Play {
    return this.#run.play;
  }

  /** The handlers that a task notifies, in the order of the play. */
  handlersOf(task: Task, host: string): readonly Task[] {
    const notified = accumulated(task, 'notify');
    if (notified.length === 0) return [];
    const scope = taskScope(this.#run, task, host);
    const names = new Set(
      notified.flatMap(written => [evaluateNode(written.node, scope)].flat().map(value => str(value))),
    );
    return this.#play.handlers.filter(handler => handler.listens.some(name => names.has(name)));
  }

  /** Owes the handlers of a task to a host; gives those that are new. */
  notify(task: Task, host: string): readonly Task[] {
    return this.handlersOf(task, host).filter(handler => this.add(handler, host));
  }

  /** In a check: whether the task changes anything is not known before `until`, so neither is whether its handlers run. */
  doubt(task: Task, host: string, until: string): void {
    for (const handler of this.handlersOf(task, host)) {
      const hosts = this.#doubted.get(handler) ?? new Map<string, string>();
      this.#doubted.set(handler, hosts.set(host, hosts.get(host) ?? until));
    }
  }

  /** Takes the hosts that may be owed a handler, and until when that is unknown. */
  takeDoubts(handler: Task): ReadonlyMap<string, string> {
    const hosts = this.#doubted.get(handler) ?? new Map<string, string>();
    this.#doubted.delete(handler);
    return hosts;
  }

  /** Owes one handler to a host; whether that is new. */
  add(handler: Task, host: string): boolean {
    const hosts = this.#owed.get(handler) ?? new Set();
    this.#owed.set(handler, hosts);
    if (hosts.has(host)) return false;
    hosts.add(host);
    return true;
  }

  /** Takes a handler's hosts: who is owed it. */
  take(handler: Task): ReadonlySet<string> {
    const hosts = this.#owed.get(handler) ?? new Set();
    this.#owed.delete(handler);
    return hosts;
  }

  /** Writes down on the host what a change will owe: the jobs that can run right before it, the others have run. */
  async writeDown(prepared: Prepared): Promise<readonly Job[]> {
    const { manner, task } = prepared;
    const together: Job[] = [];
    for (const handler of this.handlersOf(task, manner.host)) {
      const job = owe(this.#play, handler);
      const become = this.#becomeOf(handler, manner.host);
      if (!manner.delegated && becomeKey(become) === becomeKey(manner.become)) together.push(job);
      else await this.#runNow(manner.host, handler, job);
    }
    return together;
  }

  /** Strikes a handler out on a host. */
  async strike(handler: Task, host: string): Promise<void> {
    await this.#runNow(host, handler, paid(this.#play, handler));
    this.#forget(host);
  }

  /** Takes back what was written down before a change that was none, unless another change owes it too. */
  async forgive(task: Task, host: string): Promise<void> {
    for (const handler of this.handlersOf(task, host)) {
      if (this.#owed.get(handler)?.has(host) === true) continue;
      await this.#runNow(host, handler, forgiven(this.#play, handler));
      this.#forget(host);
    }
  }

  /** What the host said of its debts is no longer so. */
  #forget(host: string): void {
    this.#run.context.answers.drop(this.questions(host));
  }

  /** What to ask a host, to learn which handlers an earlier run left owed. */
  questions(host: string): readonly Question[] {
    return this.#play.handlers.map(handler => ({
      host,
      become: this.#becomeOf(handler, host),
      ask: { source: owedHandlers, key: debtOf(this.#play, handler) },
    }));
  }

  /** The handlers that an earlier run left owed to a host, as far as the host has said. */
  leftOwed(host: string): readonly Task[] {
    const { answers } = this.#run.context;
    return this.#play.handlers.filter((_handler, index) => {
      const question = this.questions(host)[index];
      if (question === undefined || !answers.has(question)) return false;
      return answers.isTrue(question);
    });
  }

  #becomeOf(handler: Task, host: string): ReturnType<typeof becomeOf> {
    return becomeOf(handler, playScope(this.#run, host), this.#run.context.settings.connection);
  }

  async #runNow(host: string, handler: Task, job: Job): Promise<void> {
    const [result] = await this.#run.context.host(host).run(this.#becomeOf(handler, host), [job]);
    if (result?.exitCode !== 0)
      throw new StepFailed(
        'cannot keep account of owed handlers',
        job.script,
        result,
        'the disk may be full or read-only',
      );
  }
}
