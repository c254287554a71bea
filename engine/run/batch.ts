import { type Block, type Play, type Task, tasksOf, writtenName } from '../playbook/playbook.ts';
import { placeOf } from '../source/span.ts';
import { Dict, type Value } from '../template/index.ts';
import type { Question } from './answers.ts';
import type { PlayRun, RunContext } from './context.ts';
import type { TaskRef } from './events.ts';
import { rememberFacts, withFacts } from './facts.ts';
import { failureOf } from './failures.ts';
import { Gate } from './gate.ts';
import { keywordFlag, keywordNumber } from './keywords.ts';
import { Notifications } from './notifications.ts';
import { failed } from './outcome.ts';
import { doubted, type Prepared, prepare, questions } from './prepare.ts';
import type { Recap } from './recap.ts';
import { report } from './report-result.ts';
import { isSelected } from './selection.ts';
import { survey } from './survey.ts';
import { type Doing, doTask, type HostResult } from './task-on-host.ts';
import { playScope, taskScope } from './task-scope.ts';
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
  /** Hosts that `meta: end_host` let go: done with the play, not failed. */
  readonly #released = new Set<string>();
  #changedSomething = false;
  #learnt = false;
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

  lookAhead(host: string): readonly Question[] {
    const from = (this.#position.get(host) ?? -1) + 1;
    const tasks = this.#order.slice(
      from,
      this.#changedSomething ? from + LOOK_AHEAD_BEHIND_CHANGE : undefined,
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
    if (
      first === undefined ||
      this.context.factsModule === undefined ||
      keywordFlag(this.play, 'gather_facts', playScope(this, first)) !== true
    )
      return;
    const span = this.play.keywords.get('gather_facts')?.keySpan ?? this.play.span;
    const task: Task = {
      kind: 'task',
      id: 0,
      handler: false,
      span,
      keywords: new Map([
        [
          'name',
          {
            keySpan: span,
            node: { kind: 'scalar', span, value: 'Gathering Facts', float: false, style: 'plain' },
          },
        ],
      ]),
      parent: this.play,
      callee: { kind: 'module', definition: this.context.factsModule },
      calleeName: { text: this.context.factsModule.name, span },
      argumentsNode: undefined,
      register: undefined,
      listens: [],
    };
    await this.#runTask(task, this.active());
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
        if (end === 'gone') stops.delete(host);
        else if (stops.has(host)) advance(host, end);
        else if (end === 'failed') this.#lost.add(host);
      }
      this.#endWhereTooManyFailed();
      for (const host of this.#lost) stops.delete(host); // a handler may have failed on it, at flush_handlers
    }
  }

  /** One task's turn; how each host leaves it. */
  async #turn(task: Task, hosts: readonly string[]): Promise<ReadonlyMap<string, Left | 'gone'>> {
    for (const host of hosts) this.#position.set(host, this.#order.indexOf(task));
    try {
      if (task.callee.definition.name === 'meta') return await this.#meta(task, hosts);
      return await this.#runTask(task, hosts);
    } catch (error) {
      const failure = this.context.signal.aborted ? undefined : failureOf(error);
      if (failure === undefined) throw error;
      const results = hosts.map(host => this.#failBefore(task, host, failure));
      for (const result of results) await this.#conclude(task, result, [result.host]);
      return this.#ends(task, results, undefined);
    }
  }

  async #meta(task: Task, hosts: readonly string[]): Promise<ReadonlyMap<string, Left | 'gone'>> {
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
        return new Map(chosen.map(host => [host, 'gone'] as const));
      case 'clear_facts':
        for (const host of chosen) this.context.memory(host).facts = undefined;
        break;
      case 'reset_connection':
        await Promise.all(chosen.map(host => this.context.host(host).close()));
        break;
    }
    return new Map();
  }

  /** `doubts`: the hosts of which a check cannot know whether the task comes to them, and until when. */
  async #runTask(
    task: Task,
    hosts: readonly string[],
    doubts: ReadonlyMap<string, string> = new Map(),
  ): Promise<ReadonlyMap<string, Left | 'gone'>> {
    const [first] = hosts;
    if (first === undefined) return new Map();
    const once = keywordFlag(task, 'run_once', taskScope(this, task, first)) === true;
    const chosen = once ? [first] : hosts;
    const ref = refOf(task);
    const doing: Doing = { run: this, ref, owe: prepared => this.#notifications.writeDown(prepared) };
    const prepared = (await this.#prepareAll(task, chosen)).map(one => {
      const until = 'prepared' in one ? doubts.get(one.prepared.manner.host) : undefined;
      return 'prepared' in one && until !== undefined
        ? { ...one, prepared: doubted(one.prepared, until) }
        : one;
    });
    const name = prepared.find(one => 'manner' in one)?.manner?.name ?? ref.name;
    this.context.emit({ type: 'task-start', play: this.play.name, task: { ...ref, name }, hosts: chosen });
    await this.#askFirst(prepared);
    const throttle = keywordNumber(task, 'throttle', taskScope(this, task, first));
    const gate = new Gate(throttle !== undefined && throttle > 0 ? throttle : Number.POSITIVE_INFINITY);
    const named = { ...doing, ref: { ...ref, name } };
    const results = await Promise.all(
      prepared.map(one => ('result' in one ? one.result() : gate.run(() => doTask(named, one.prepared)))),
    );
    for (const result of results) await this.#conclude(task, result, once ? hosts : [result.host]);
    return this.#ends(task, results, once ? hosts : undefined);
  }

  /** Prepares the task for each host; a host for which it cannot be evaluated fails then and there. */
  async #prepareAll(task: Task, hosts: readonly string[]) {
    return withFacts(this, hosts, host => {
      try {
        const prepared = prepare(this, task, host);
        return { prepared, manner: prepared.manner };
      } catch (error) {
        const failure = failureOf(error);
        if (failure === undefined) throw error;
        return {
          manner: undefined,
          result: async (): Promise<HostResult> => this.#failBefore(task, host, failure),
        };
      }
    });
  }

  /** A task that could not even be evaluated fails on its host, as if it had run. */
  #failBefore(task: Task, host: string, failure: Parameters<typeof failed>[0]): HostResult {
    const doing: Doing = { run: this, ref: refOf(task), owe: async () => [] };
    const outcome = failed(failure);
    const flag = (keyword: 'ignore_errors' | 'no_log'): boolean => {
      try {
        return keywordFlag(task, keyword, taskScope(this, task, host)) ?? false;
      } catch {
        return false;
      }
    };
    const manner: Prepared['manner'] = {
      name: doing.ref.name,
      host,
      target: host,
      delegated: false,
      become: undefined,
      check: this.context.settings.check,
      diff: false,
      noLog: flag('no_log'),
      ignoreErrors: flag('ignore_errors'),
      ignoreUnreachable: false,
      environment: {},
      timeoutSeconds: undefined,
    };
    const ignored = report(
      doing,
      { task, manner, looped: false, items: [] },
      outcome,
      performance.now(),
      undefined,
    );
    return {
      host,
      outcome,
      ignored,
      value: new Dict([
        ['failed', true],
        ['changed', false],
        ['msg', failure.message],
      ]),
    };
  }

  /** Asks what this task needs and, along with it, what the later ones will: all hosts at once. */
  async #askFirst(
    prepared: readonly ({ readonly prepared: Prepared } | { readonly result: unknown })[],
  ): Promise<void> {
    const { answers } = this.context;
    const ready = prepared.flatMap(one => ('prepared' in one ? [one.prepared] : []));
    const missing = (all: readonly Question[]): readonly Question[] =>
      all.filter(question => !answers.has(question));
    const now = missing(ready.flatMap(questions));
    if (now.length === 0) return;
    const later = missing(this.active().flatMap(host => this.lookAhead(host)));
    await survey(this.context, [...now, ...later], 'look-ahead', this.#order.length);
    this.context.signal.throwIfAborted();
  }

  async #conclude(task: Task, result: HostResult, sharedBy: readonly string[]): Promise<void> {
    const { outcome, host, value } = result;
    this.#recap.add(result);
    if (task.register !== undefined)
      for (const name of sharedBy) this.context.memory(name).values.set(task.register, value);
    const facts: Value | undefined = outcome.returned.get('ansible_facts');
    if (facts !== undefined && task.callee.kind === 'module')
      for (const name of sharedBy) rememberFacts(this.context.memory(name), facts);
    const changed = outcome.changes.length > 0 && outcome.status === 'changed';
    if (changed) this.#changedSomething ||= !this.context.settings.check;
    const [doubt] = outcome.doubts;
    if (changed) this.#notify(task, host);
    else if (doubt !== undefined) this.#notifications.doubt(task, host, doubt.until ?? writtenName(task));
    else if (outcome.status === 'ok' && !this.context.settings.check) await this.#forgive(task, host);
  }

  #notify(task: Task, host: string): void {
    for (const handler of this.#notifications.notify(task, host)) {
      this.context.emit({
        type: 'notified',
        host,
        handler: writtenName(handler),
        by: refOf(task),
        owed: false,
      });
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
  ): ReadonlyMap<string, Left | 'gone'> {
    const ends = new Map<string, Left | 'gone'>();
    for (const { host, outcome, ignored } of results) {
      if (ignored || (outcome.status !== 'failed' && outcome.status !== 'unreachable')) continue;
      if (this.#isFatal(task, host)) for (const name of this.active()) ends.set(name, 'failed');
      else if (outcome.status === 'failed') for (const name of sharedBy ?? [host]) ends.set(name, 'failed');
    }
    for (const { host, outcome, ignored } of results) {
      if (ignored || outcome.status !== 'unreachable') continue;
      this.#lost.add(host);
      ends.set(host, 'gone');
    }
    return ends;
  }

  /** Whether a host's failure counts for all of them. */
  #isFatal(task: Task, host: string): boolean {
    try {
      return keywordFlag(task, 'any_errors_fatal', taskScope(this, task, host)) === true;
    } catch {
      return false; // the task has failed for that already, if it could not be evaluated
    }
  }

  #endWhereTooManyFailed(): void {
    const [first] = this.batch;
    if (first === undefined) return;
    const limit = keywordNumber(this.play, 'max_fail_percentage', playScope(this, first));
    if (limit === undefined || (this.#lost.size / this.batch.length) * 100 <= limit) return;
    this.#ended = true;
    this.#tooManyFailed = true;
  }

  /** Runs the handlers that are owed, in the order of the play, each once on each host that it is owed to. */
  async #flushHandlers(): Promise<void> {
    if (this.play.handlers.length === 0) return;
    await this.#learnDebts();
    for (const handler of this.play.handlers) {
      const owed = this.#notifications.take(handler);
      const doubts = new Map(
        [...this.#notifications.takeDoubts(handler)].filter(([host]) => !owed.has(host)),
      );
      const hosts = this.#flushable().filter(host => owed.has(host) || doubts.has(host));
      if (hosts.length === 0) continue;
      const ends = await this.#runTask(handler, hosts, doubts);
      for (const host of hosts) {
        if (ends.get(host) === 'failed') this.#lost.add(host);
        else if (!this.context.settings.check && !this.#lost.has(host))
          await this.#notifications.strike(handler, host);
      }
    }
  }

  #flushable(): readonly string[] {
    const [first] = this.batch;
    const force =
      this.context.settings.forceHandlers ||
      (first !== undefined && keywordFlag(this.play, 'force_handlers', playScope(this, first)) === true);
    return force ? this.batch : this.active();
  }

  /** Takes up what an earlier run that died left owed; once, for later debts are this run's own. */
  async #learnDebts(): Promise<void> {
    if (this.#learnt) return;
    this.#learnt = true;
    const { answers } = this.context;
    const missing = this.active()
      .flatMap(host => this.#notifications.questions(host))
      .filter(question => !answers.has(question));
    if (missing.length > 0) await survey(this.context, missing, 'look-ahead', 1);
    for (const host of this.active()) {
      for (const handler of this.#notifications.leftOwed(host)) {
        if (this.#notifications.add(handler, host))
          this.context.emit({
            type: 'notified',
            host,
            handler: writtenName(handler),
            by: refOf(handler),
            owed: true,
          });
      }
    }
  }

  #isSelected(task: Task): boolean {
    return isSelected(task, this.context.settings.tags, this.context.settings.skipTags);
  }
}

/** A task as events name it. */
function refOf(task: Task): TaskRef {
  return {
    id: task.id,
    name: writtenName(task),
    module: task.callee.definition.name,
    place: placeOf(task.span),
    handler: task.handler,
  };
}
