import { flushed } from './lines.ts';
import { LiveArea } from './live-area.ts';
import type { ReporterOptions } from './options.ts';
import { painter } from './paint.ts';
import { visible } from './visible.ts';

/** What long work tells of itself; `step` names one piece of it from its start to its end. */
export type Progress =
  | { readonly kind: 'step-started'; readonly step: string; readonly title: string }
  | {
      readonly kind: 'step-finished' | 'step-failed';
      readonly step: string;
      readonly title: string;
      readonly seconds: number;
    }
  | { readonly kind: 'said'; readonly text: string; readonly step?: string };

/** Listens to long work that is no run of a playbook. */
export interface ProgressListener {
  on(progress: Progress): void;
  done(): Promise<void>;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Milliseconds between two drawings. */
const INTERVAL = 100;

/** Progress drawn in place on a terminal: what is under way, and since when; what is done stays above as a line. Elsewhere, a line for each start and end. */
export function progressReporter(options: ReporterOptions, live: boolean): ProgressListener {
  return live ? new LiveProgress(options) : plainProgress(options);
}

function plainProgress({ out }: ReporterOptions): ProgressListener {
  return {
    on: progress => {
      out.write(`${visible(plainLine(progress))}\n`);
    },
    done: () => flushed(out),
  };
}

function plainLine(progress: Progress): string {
  if (progress.kind === 'said') return progress.step === undefined ? progress.text : `  ${progress.text}`;
  if (progress.kind === 'step-started') return `${progress.title} …`;
  return `${progress.title}: ${progress.kind === 'step-failed' ? 'failed' : 'done'} (${progress.seconds.toFixed(1)} s)`;
}

/** A step under way. */
interface Moving {
  readonly title: string;
  readonly since: number;
  said: string;
}

class LiveProgress implements ProgressListener {
  readonly #options: ReporterOptions;
  readonly #area: LiveArea;
  readonly #moving = new Map<string, Moving>();
  readonly #ticker: NodeJS.Timeout;
  #frame = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#area = new LiveArea(options.out, options.columns);
    this.#ticker = setInterval(() => this.#draw(), INTERVAL).unref();
  }

  on(progress: Progress): void {
    if (progress.kind === 'step-started')
      this.#moving.set(progress.step, { title: progress.title, since: performance.now(), said: '' });
    else if (progress.kind === 'said') this.#said(progress.text, progress.step);
    else this.#ended(progress);
  }

  async done(): Promise<void> {
    clearInterval(this.#ticker);
    this.#area.close();
    await flushed(this.#options.out);
  }

  #said(text: string, step: string | undefined): void {
    const moving = step === undefined ? undefined : this.#moving.get(step);
    if (moving === undefined) this.#area.print([visible(text)]);
    else moving.said = text;
  }

  #ended(progress: Extract<Progress, { readonly seconds: number }>): void {
    const paint = painter(this.#options.colour);
    this.#moving.delete(progress.step);
    const mark = progress.kind === 'step-failed' ? paint('failed', '✘') : paint('ok', '✔');
    this.#area.print([`${mark} ${visible(progress.title)} (${progress.seconds.toFixed(1)} s)`]);
    this.#draw();
  }

  #draw(): void {
    this.#frame += 1;
    const spinner = FRAMES[this.#frame % FRAMES.length] ?? '';
    const width = this.#options.columns() - 1;
    const lines = Array.from(this.#moving.values(), ({ title, since, said }) => {
      const seconds = ((performance.now() - since) / 1000).toFixed(0);
      return `${spinner} ${visible(title)} (${seconds} s)${said === '' ? '' : `: ${visible(said)}`}`.slice(
        0,
        width,
      );
    });
    this.#area.draw(lines);
  }
}
