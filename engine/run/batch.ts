import { type Block, type Play, type Task, tasksOf } from '../playbook/playbook.ts';
import type { Question } from './answers.ts';
import type { PlayRun, RunContext } from './context.ts';
import { factsTask, withFacts } from './facts.ts';
import { failureOf } from './failures.ts';
import { HandlerFlush } from './handler-flush.ts';
import { keywordFlag, keywordNumber } from './keywords.ts';
import { Notifications } from './notifications.ts';
import { prepare, questions } from './prepare.ts';
import type { Recap } from './recap.ts';
import { isSelected } from './selection.ts';
import { playScope, taskScope } from './task-scope.ts';
import { type End, TaskTurns } from './task-turn.ts';
import { type Left, type Stop, walk } from './walk.ts';

/** How many later tasks are asked along when a change has made answers stale. All of them are when nothing has changed yet. */
const LOOK_AHEAD_BEHIND_CHANGE = 60;

/** A batch of a play's hosts on its way, in Ansible's `linear` order: each task on all hosts before the next one. */
export class BatchRun implements PlayRun {
  readonly context: RunContext;
  readonly play: Play;
  readonly allHosts: readonly string[];
  readonly batch: readonly string[];
  readonly #recap: Recap;
  readonly #lost = new Set<string>();
  readonly #order: readonly Task[];
  readonly #position = new Map<string, number>();
  readonly #notifications: Notifications;
  readonly #turns: TaskTurns;
  readonly #handlers: HandlerFlush;
  /** Hosts that `meta: end_host` let go: done with the play, not failed. */
  readonly #released = new Set<string>();
  #ended = false;
  #tooManyFailed = false;

  constructor(
    context: RunContext,
    play: Play,
    allHosts: readonly string[],
    batch: readonly string[],
    recap: Recap,
  ) {
    this.context = context;
    this.play = play;
    this.allHosts = allHosts;
    this.batch = batch;
    this.#recap = recap;
    this.#order = play.sections
      .flatMap(section => [...tasksOf(section)])
      .filter(task => this.#isSelected(task));
    this.#notifications = new Notifications(this);
    this.#turns = new TaskTurns(this, recap, this.#notifications);
    this.#handlers = new HandlerFlush(this, this.#notifications, this.#turns);
  }

  active(): readonly string[] {
    return this.#ended ? [] : this.batch.filter(host => !this.#lost.has(host) && !this.#released.has(host));
  }

  /** What the batch's end means for what comes: the play's next batch, the next play only (`end_play`), or nothing, for more failed than may. */
  get leadsTo(): 'next batch' | 'next play' | 'end' {
    // A batch that failed whole ends the run, before it takes the next hosts down too.
    if (this.#tooManyFailed || this.#lost.size === this.batch.length) return 'end';
    return this.#ended ? 'next play' : 'next batch';
  }

  /** The hosts that failed or are out of reach. */
  get lost(): ReadonlySet<string> {
    return this.#lost;
  }

  /** How many tasks the play has for each host. */
  get tasksAhead(): number {
    return this.#order.length;
  }

  lookAhead(host: string): readonly Question[] {
    const from = (this.#position.get(host) ?? -1) + 1;
    const tasks = this.#order.slice(
      from,
      this.#turns.changedSomething ? from + LOOK_AHEAD_BEHIND_CHANGE : undefined,
    );
    return [
      ...this.#notifications.questions(host),
      ...tasks.flatMap(task => this.#questionsAhead(task, host)),
    ];
  }

  /** What a later task will ask, as far as that can be told now. */
  #questionsAhead(task: Task, host: string): readonly Question[] {
    try {
      const scope = taskScope(this, task, host);
      if (keywordFlag(task, 'run_once', scope) === true && host !== this.active()[0]) return [];
      return questions(prepare(this, task, host));
    } catch {
      // Its arguments cannot be evaluated yet, or at all: its own turn will tell.
      return [];
    }
  }

  /** Runs the whole play for this batch. */
  async run(): Promise<void> {
    for (const host of this.batch) this.#recap.host(host);
    await this.#gatherFactsFirst();
    for (const section of this.play.sections) {
      await this.#runBlock(section);
      await this.#flushHandlers();
    }
    // A handler that an earlier run left owed is due even where the play has no tasks of its own left.
    if (this.play.sections.length === 0) await this.#flushHandlers();
  }

  async #gatherFactsFirst(): Promise<void> {
    const [first] = this.batch;
    const { factsModule } = this.context;
    if (first === undefined || factsModule === undefined) return;
    if (keywordFlag(this.play, 'gather_facts', playScope(this, first)) !== true) return;
    for (const [host, end] of await this.#turns.take(factsTask(this.play, factsModule), this.active()))
      this.#leave(host, end);
  }

  /** A host that failed outside of any block, or is out of reach, is lost to the play. */
  #leave(host: string, end: End): void {
    if (end === 'failed' || end === 'unreachable') this.#lost.add(host);
  }

  async #flushHandlers(): Promise<void> {
    await this.#handlers.flush(host => this.#lost.add(host));
  }

  async #runBlock(block: Block): Promise<void> {
    const walks = new Map(this.active().map(host => [host, walk(block)]));
    const stops = new Map<string, Task>();
    const advance = (host: string, left: Left): void => {
      for (let outcome = left; ; outcome = 'done') {
        const next: IteratorResult<Stop, Left> | undefined = walks.get(host)?.next(outcome);
        stops.delete(host);
        if (next === undefined || next.done === true) {
          if (next?.value === 'failed') this.#lost.add(host);
          return;
        }
        if (next.value.kind === 'rescued') this.#recap.rescued(host);
        else if (this.#isSelected(next.value.task)) {
          stops.set(host, next.value.task);
          return;
        }
      }
    };
    for (const host of walks.keys()) advance(host, 'done');
    while (stops.size > 0 && !this.#ended) {
      const task = [...stops.values()].reduce((first, other) => (other.id < first.id ? other : first));
      const hosts = [...stops]
        .filter(([host, next]) => next === task && !this.#lost.has(host))
        .map(([host]) => host);
      const ends = await this.#turn(task, hosts);
      // A failure may be meant for more hosts than had the task.
      for (const host of new Set([...hosts, ...ends.keys()])) {
        const end = ends.get(host) ?? 'done';
        if (stops.has(host) && (end === 'done' || end === 'failed')) advance(host, end);
        else this.#leave(host, end);
        if (end === 'released') stops.delete(host);
      }
      this.#endWhereTooManyFailed();
      for (const host of this.#lost) stops.delete(host); // a handler may have failed on it, at flush_handlers
    }
  }

  /** One task's turn; how each host leaves it. */
  async #turn(task: Task, hosts: readonly string[]): Promise<ReadonlyMap<string, End>> {
    for (const host of hosts) this.#position.set(host, this.#order.indexOf(task));
    try {
      if (task.callee.definition.name === 'meta') return await this.#meta(task, hosts);
      return await this.#turns.take(task, hosts);
    } catch (error) {
      const failure = this.context.signal.aborted ? undefined : failureOf(error);
      if (failure === undefined) throw error;
      return this.#turns.fail(task, hosts, failure);
    }
  }

  async #meta(task: Task, hosts: readonly string[]): Promise<ReadonlyMap<string, End>> {
    const prepared = await withFacts(this, hosts, host => prepare(this, task, host));
    const works = prepared.flatMap(({ manner, items: [item] }) =>
      item?.work.kind === 'action' ? [{ host: manner.host, args: item.work.args }] : [],
    );
    const [first] = works;
    const chosen = works.map(({ host }) => host);
    switch (first && 'action' in first.args && first.args.action) {
      case 'flush_handlers':
        await this.#flushHandlers();
        break;
      case 'end_play':
        this.#ended = true;
        break;
      case 'end_host':
        for (const host of chosen) this.#released.add(host);
        return new Map(chosen.map(host => [host, 'released'] as const));
      case 'clear_facts':
        for (const host of chosen) this.context.memory(host).facts = undefined;
        break;
      case 'reset_connection':
        await Promise.all(chosen.map(host => this.context.host(host).close()));
        break;
    }
    return new Map();
  }

  #endWhereTooManyFailed(): void {
    const [first] = this.batch;
    if (first === undefined) return;
    const limit = keywordNumber(this.play, 'max_fail_percentage', playScope(this, first));
    if (limit === undefined || (this.#lost.size / this.batch.length) * 100 <= limit) return;
    this.#ended = true;
    this.#tooManyFailed = true;
  }

  #isSelected(task: Task): boolean {
    return isSelected(task, this.context.settings.tags, this.context.settings.skipTags);
  }
}
