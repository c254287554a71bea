import { constants } from 'node:os';
import type { Job, JobResult, RunOptions } from './shell.ts';

type StreamName = 'stdout' | 'stderr';

const DEFAULT_MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Name of the signal behind a shell's exit code above 128, if it is one. */
function signalOf(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

class Kept {
  readonly chunks: Buffer[] = [];
  bytes = 0;
  dropped = false;

  add(chunk: Buffer, limit: number): void {
    const room = Math.max(0, limit - this.bytes);
    if (chunk.length > room) this.dropped = true;
    if (room === 0) return;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.chunks.push(part);
    this.bytes += part.length;
  }
}

/**
 * The jobs of one call while they run: sorts output by job. A job is over when its end came on both streams, which travel
 * apart.
 */
export class Batch {
  readonly jobs: readonly Job[];
  readonly results: JobResult[] = [];
  readonly #options: RunOptions;
  readonly #onNext: (job: Job | undefined) => void;
  /** The job that each stream is at. */
  readonly #at: Record<StreamName, number> = { stdout: 0, stderr: 0 };
  readonly #kept = new Map<string, Kept>();
  readonly #codes = new Map<number, number>();
  #startedAt = performance.now();
  /** Set when the running job took too long, and is being stopped. */
  #late: number | undefined;

  /** `onNext` is told of each job when it starts, and undefined when there is none left. */
  constructor(jobs: readonly Job[], options: RunOptions, onNext: (job: Job | undefined) => void) {
    this.jobs = jobs;
    this.#options = options;
    this.#onNext = onNext;
  }

  /** Index of the first job without a result. */
  get next(): number {
    return this.results.length;
  }

  /** Called when the jobs from `next` on were (again) sent. */
  start(): void {
    this.#at.stdout = this.next;
    this.#at.stderr = this.next;
    this.#begin();
  }

  data(stream: StreamName, chunk: Buffer): void {
    const index = this.#at[stream];
    const job = this.jobs[index];
    if (job === undefined) return;
    const key = `${stream} ${index}`;
    const kept = this.#kept.get(key) ?? new Kept();
    this.#kept.set(key, kept);
    kept.add(chunk, job.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES);
    this.#options.onOutput?.(index, stream, chunk);
  }

  /** An end frame. */
  ended(stream: StreamName, index: number, code: number): void {
    this.#at[stream] = index + 1;
    this.#codes.set(index, code);
    if (Math.min(this.#at.stdout, this.#at.stderr) > this.next) this.#finish(code, undefined);
  }

  /** The running job took too long. */
  late(): void {
    this.#late = this.next;
  }

  /** The batch's shell died with this code, seen on both streams: so did the running job. */
  died(code: number): void {
    if (this.next >= this.jobs.length) return;
    this.#finish(this.#codes.get(this.next) ?? null, signalOf(code) ?? 'SIGKILL');
  }

  #begin(): void {
    this.#startedAt = performance.now();
    this.#onNext(this.jobs[this.next]);
  }

  #finish(exitCode: number | null, signal: string | undefined): void {
    const index = this.next;
    const timedOut = this.#late === index && exitCode === null;
    const take = (stream: StreamName): Kept => {
      const kept = this.#kept.get(`${stream} ${index}`) ?? new Kept();
      this.#kept.delete(`${stream} ${index}`);
      return kept;
    };
    const stdout = take('stdout');
    const stderr = take('stderr');
    this.results.push({
      stdout: Buffer.concat(stdout.chunks),
      stderr: Buffer.concat(stderr.chunks),
      exitCode,
      ...(exitCode === null && signal !== undefined && { signal }),
      timedOut,
      truncated: stdout.dropped || stderr.dropped,
      durationSeconds: (performance.now() - this.#startedAt) / 1000,
    });
    this.#begin();
  }
}
