import { Listr, Spinner } from 'listr2';
import type { Listener, PlayStart, Result, RunEnd, RunEvent, TaskRef, TaskStart } from '../run/events.ts';
import { unreachable } from '../source/unreachable.ts';
import { failureTitle } from './failure.ts';
import { finishedLines } from './finished.ts';
import { flushed } from './lines.ts';
import { LiveArea } from './live-area.ts';
import { type HostView, type TaskView, viewLines } from './live-view.ts';
import type { ReporterOptions } from './options.ts';
import { type Paint, painter } from './paint.ts';
import { endLines } from './recap.ts';
import { notifiedLine, statusWord } from './result.ts';
import { counted, outputLines, visible } from './visible.ts';
import { Warnings } from './warnings.ts';

/** Milliseconds between two drawings, whatever happens in between. */
const INTERVAL = 100;
const DEFAULT_ROWS = 24;
/** Of what a command writes, so many characters are kept for the area. */
const TAIL_LENGTH = 2000;

/**
 * Drawn in place on a terminal: the tasks under way with their hosts, and the last lines of what long commands write. A task that ended becomes a
 * line that stays, with its changes, doubts and failures in full below it; at the end comes the recap.
 */
export function liveReporter(options: ReporterOptions): Listener {
  return new Live(options);
}

class Live implements Listener {
  readonly #options: ReporterOptions;
  readonly #paint: Paint;
  readonly #warnings: Warnings;
  readonly #area: LiveArea;
  readonly #spinner = new Spinner();
  readonly #tasks = new Map<number, LiveTask>();
  readonly #connected = new Set<string>();
  #ticker: NodeJS.Timeout | undefined;
  #check = false;
  #diff = false;
  #started = 0;
  #planned = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#paint = painter(options.colour);
    this.#warnings = new Warnings(this.#paint);
    this.#area = new LiveArea(options.out, options.columns);
  }

  on(event: RunEvent): void {
    switch (event.type) {
      case 'run-start':
        this.#check = event.check;
        this.#diff = event.diff;
        // A run that died without an end must not be kept alive by its clock.
        this.#ticker = setInterval(() => this.#tick(), INTERVAL).unref();
        break;
      case 'play-start':
        this.#playStart(event);
        break;
      case 'task-start':
        this.#taskStart(event);
        break;
      case 'connected':
        this.#connected.add(event.host);
        for (const task of this.#tasks.values()) task.does(event.host, '');
        break;
      case 'survey':
        break;
      case 'step-start':
        this.#tasks
          .get(event.task.id)
          ?.does(event.host, event.item === undefined ? event.step : `${event.item}: ${event.step}`);
        break;
      case 'output':
        this.#tasks.get(event.task.id)?.writes(event.host, event.text);
        break;
      case 'step-end':
        this.#tasks.get(event.task.id)?.does(event.host, `${event.step}: done, to be proved`);
        break;
      case 'result':
        this.#result(event);
        break;
      case 'notified':
        if (event.owed || this.#options.verbosity > 0) this.#area.print([notifiedLine(event)]);
        break;
      case 'warning':
        this.#area.printTo(this.#options.err, this.#warnings.add(event));
        break;
      case 'play-end':
        this.#finishAll();
        break;
      case 'run-end':
        this.#runEnd(event);
        break;
      default:
        unreachable(event);
    }
  }

  async done(): Promise<void> {
    this.#stop();
    await flushed(this.#options.out, this.#options.err);
  }

  #tick(): void {
    this.#spinner.spin();
    const views = [...this.#tasks.values()].map(task => task.view(this.#check));
    this.#area.draw(
      viewLines(views, {
        columns: this.#options.columns(),
        rows: this.#options.rows?.() ?? DEFAULT_ROWS,
        spinner: this.#spinner.fetch(),
        paint: this.#paint,
      }),
    );
  }

  #playStart({ play, hosts, tasks }: PlayStart): void {
    this.#finishAll();
    this.#started = 0;
    this.#planned = tasks;
    const mode = this.#check ? ', check: nothing is changed' : '';
    this.#area.print([
      '',
      this.#paint('strong', `${visible(play)} (${counted(hosts.length, 'host')}${mode})`),
    ]);
  }

  #taskStart(event: TaskStart): void {
    for (const task of this.#tasks.values()) if (task.isLeftBy(event.hosts)) this.#finish(task);
    if (!event.task.handler) this.#started += 1;
    const progress = event.task.handler ? 'handler' : `${this.#started} of ${this.#planned}`;
    const task = new LiveTask(event, progress);
    for (const host of event.hosts) if (!this.#connected.has(host)) task.does(host, 'connects');
    this.#tasks.set(event.task.id, task);
  }

  #result(event: Result): void {
    const task =
      this.#tasks.get(event.task.id) ?? new LiveTask({ task: event.task, hosts: [event.host] }, '');
    this.#tasks.set(event.task.id, task);
    if (task.ends(event)) this.#finish(task);
  }

  #finish(task: LiveTask): void {
    this.#tasks.delete(task.ref.id);
    const { verbosity } = this.#options;
    const options = {
      check: this.#check,
      diff: this.#diff,
      whole: verbosity > 0,
      verbosity,
      columns: this.#options.columns(),
    };
    // What is under way is drawn anew by the next tick.
    this.#area.draw([]);
    if (task.results.length > 0)
      this.#area.print(finishedLines(task.ref, task.results, options, this.#paint));
  }

  #finishAll(): void {
    for (const task of this.#tasks.values()) this.#finish(task);
  }

  #runEnd(event: RunEnd): void {
    this.#finishAll();
    this.#stop();
    this.#area.printTo(this.#options.err, this.#warnings.rest());
    this.#area.print(endLines(event, this.#check, this.#options, this.#paint));
  }

  #stop(): void {
    clearInterval(this.#ticker);
    this.#area.close();
  }
}

/** What a host is doing, since when (milliseconds of `performance.now`), and the end of what its command wrote. */
interface Move {
  doing: string;
  since: number;
  tail: string;
  settle(result: Result): void;
}

/** A task under way: a Listr of its hosts, each of them a promise that the host's result settles. */
class LiveTask {
  readonly ref: TaskRef;
  readonly results: Result[] = [];
  readonly #progress: string;
  readonly #since = performance.now();
  readonly #moves = new Map<string, Move>();
  readonly #list: Listr<unknown, 'silent', 'silent'>;

  constructor(event: Pick<TaskStart, 'task' | 'hosts'>, progress: string) {
    this.ref = event.task;
    this.#progress = progress;
    this.#list = new Listr(
      event.hosts.map(host => ({ title: host, task: this.#begin(host) })),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        renderer: 'silent',
        fallbackRenderer: 'silent',
      },
    );
    void this.#list.run();
  }

  does(host: string, doing: string): void {
    const move = this.#moves.get(host);
    if (move !== undefined) Object.assign(move, { doing, since: performance.now(), tail: '' });
  }

  writes(host: string, text: string): void {
    const move = this.#moves.get(host);
    if (move !== undefined) move.tail = (move.tail + text).slice(-TAIL_LENGTH);
  }

  /** Takes a result; whether it was the last that the task waited for. */
  ends(result: Result): boolean {
    this.results.push(result);
    if (result.item !== undefined) return false;
    this.#moves.get(result.host)?.settle(result);
    return this.#missing().length === 0;
  }

  /** Whether all hosts that have no result yet have gone on to another task. */
  isLeftBy(hosts: readonly string[]): boolean {
    return this.#missing().every(host => hosts.includes(host));
  }

  view(check: boolean): TaskView {
    return {
      name: visible(this.ref.name),
      progress: this.#progress,
      seconds: (performance.now() - this.#since) / 1000,
      hosts: this.#list.tasks.map(task => {
        const host = task.title ?? '';
        if (task.hasFailed()) return this.#endedView(host, 'failed', check);
        return task.isCompleted() ? this.#endedView(host, 'done', check) : this.#movingView(host);
      }),
    };
  }

  #begin(host: string): () => Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      const settle = ({ status, failure }: Result) =>
        status === 'failed' || status === 'unreachable' ? reject(new Error(failure?.message)) : resolve();
      this.#moves.set(host, { doing: '', since: this.#since, tail: '', settle });
    });
    // The result may be there before the Listr has asked for it.
    ended.catch(() => undefined);
    return async () => await ended;
  }

  #missing(): readonly string[] {
    const ended = new Set(this.results.filter(({ item }) => item === undefined).map(({ host }) => host));
    return [...this.#moves.keys()].filter(host => !ended.has(host));
  }

  #movingView(host: string): HostView {
    const move = this.#moves.get(host);
    return {
      host: visible(host),
      state: 'moving',
      doing: visible(move?.doing ?? ''),
      seconds: (performance.now() - (move?.since ?? this.#since)) / 1000,
      tail: outputLines(move?.tail ?? ''),
    };
  }

  #endedView(host: string, state: 'done' | 'failed', check: boolean): HostView {
    const result = this.results.find(one => one.host === host && one.item === undefined);
    const word = result === undefined ? '' : statusWord(result.status, result.check ?? check);
    const doing = result?.failure === undefined ? word : failureTitle(result.failure);
    return { host: visible(host), state, doing, tail: [] };
  }
}
