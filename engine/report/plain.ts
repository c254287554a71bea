import type { Listener, PlayStart, Result, RunEnd, RunEvent, Surveyed, TaskRef } from '../run/events.ts';
import { unreachable } from '../source/unreachable.ts';
import { alikeLines, isQuiet } from './alike.ts';
import { flushed, writeLines } from './lines.ts';
import type { ReporterOptions } from './options.ts';
import { type Paint, painter } from './paint.ts';
import { banner, endLines } from './recap.ts';
import { notifiedLine, resultLines } from './result.ts';
import { ToldItems } from './told-items.ts';
import { counted, duration, outputLines, visible } from './visible.ts';
import { Warnings } from './warnings.ts';

/**
 * Text for logs and pipes, near to what Ansible's users know: nothing is drawn twice, every fact has its line. Hosts on which a task found
 * nothing to do share a line; with `-v` each has its own.
 */
export function plainReporter(options: ReporterOptions): Listener {
  return new Plain(options);
}

class Plain implements Listener {
  readonly #options: ReporterOptions;
  readonly #paint: Paint;
  readonly #warnings: Warnings;
  #check = false;
  #diff = false;
  /** The task whose title was written last. */
  #titled: number | undefined;
  /** The hosts of each task that has started, by its id. */
  readonly #hosts = new Map<number, number>();
  /** How many hosts of a task have their result. */
  readonly #finished = new Map<number, number>();
  /** Results of the present task that may share a line. */
  #quiet: Result[] = [];
  readonly #items = new ToldItems();

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#paint = painter(options.colour);
    this.#warnings = new Warnings(this.#paint);
  }

  on(event: RunEvent): void {
    const { verbosity } = this.#options;
    if (verbosity > 2) this.#write([this.#paint('faint', `event: ${JSON.stringify(event)}`)]);
    switch (event.type) {
      case 'run-start':
        this.#check = event.check;
        this.#diff = event.diff;
        break;
      case 'play-start':
        this.#playStart(event);
        break;
      case 'task-start':
        this.#flushQuiet();
        this.#hosts.set(event.task.id, event.hosts.length);
        this.#title(event.task);
        break;
      case 'result':
        this.#result(event);
        break;
      case 'notified':
        if (event.owed || verbosity > 0) this.#write([notifiedLine(event)]);
        break;
      case 'warning':
        writeLines(this.#options.err, this.#warnings.add(event));
        break;
      case 'connected':
        if (verbosity > 0) {
          const way = `${event.user}@${event.address} by ${event.transport}, ${duration(event.seconds)}`;
          this.#write([`connected: [${visible(event.host)}] => ${visible(way)}`]);
        }
        break;
      case 'survey':
        if (verbosity > 0) this.#write([surveyLine(event)]);
        break;
      case 'step-start':
        if (verbosity > 1)
          this.#write([
            `step: [${visible(event.host)}] => ${visible(event.step)}`,
            ...(event.commands ?? []).flatMap(outputLines).map(line => `    ${line}`),
          ]);
        break;
      case 'step-end':
        if (verbosity > 1)
          this.#write([
            `step done: [${visible(event.host)}] => ${visible(event.step)} (${duration(event.seconds)})`,
          ]);
        break;
      case 'output':
        if (verbosity > 1)
          this.#write(
            outputLines(event.text).map(line =>
              `${event.stream}: [${visible(event.host)}] ${line}`.trimEnd(),
            ),
          );
        break;
      case 'play-end':
        this.#flushQuiet();
        this.#titled = undefined;
        break;
      case 'run-end':
        this.#runEnd(event);
        break;
      default:
        unreachable(event);
    }
  }

  async done(): Promise<void> {
    await flushed(this.#options.out, this.#options.err);
  }

  #write(lines: readonly string[]): void {
    writeLines(this.#options.out, lines);
  }

  #banner(title: string): void {
    this.#write(['', this.#paint('strong', banner(title, this.#options.columns()))]);
  }

  #playStart(event: PlayStart): void {
    this.#flushQuiet();
    this.#titled = undefined;
    this.#banner(`PLAY [${visible(event.play)}]${this.#check ? ' [CHECK MODE]' : ''}`);
    if (this.#options.verbosity > 0)
      this.#write([
        `${counted(event.tasks, 'task')} on ${counted(event.hosts.length, 'host')}: ${event.hosts.map(visible).join(', ')}`,
      ]);
  }

  /** Where hosts go their own ways, the title is written again before a result of another task than the last. */
  #title(task: TaskRef): void {
    if (this.#titled === task.id) return;
    this.#flushQuiet();
    this.#titled = task.id;
    this.#banner(`${task.handler ? 'RUNNING HANDLER' : 'TASK'} [${visible(task.name)}]`);
    if (this.#options.verbosity > 0) this.#write([`place: ${visible(task.place)}`]);
  }

  #result(event: Result): void {
    this.#title(event.task);
    if (!this.#items.repeats(event)) {
      if (this.#options.verbosity > 0 || !isQuiet(event)) this.#tell(event);
      else if (event.item === undefined) this.#quiet.push(event);
    }
    if (event.item === undefined) this.#count(event.task.id);
  }

  #tell(event: Result): void {
    this.#items.add(event);
    const { verbosity } = this.#options;
    const options = { check: this.#check, diff: this.#diff, whole: verbosity > 0, verbosity };
    this.#write(resultLines(event, options, this.#paint));
  }

  #count(task: number): void {
    const finished = (this.#finished.get(task) ?? 0) + 1;
    this.#finished.set(task, finished);
    if (finished === this.#hosts.get(task)) this.#flushQuiet();
  }

  #flushQuiet(): void {
    this.#write(alikeLines(this.#quiet, this.#paint));
    this.#quiet = [];
  }

  #runEnd(event: RunEnd): void {
    this.#flushQuiet();
    writeLines(this.#options.err, this.#warnings.rest());
    this.#write(endLines(event, this.#check, this.#options, this.#paint));
  }
}

function surveyLine(event: Surveyed): string {
  const asks = Object.entries(event.asks).map(([source, count]) => `${visible(source)} ${count}`);
  const what = `${event.purpose}: ${counted(event.tasks, 'task')}, asks of ${asks.join(', ') || 'nothing'}`;
  return `survey: [${visible(event.host)}] => ${what}, round trip ${event.roundTrips}, ${duration(event.seconds)}`;
}
