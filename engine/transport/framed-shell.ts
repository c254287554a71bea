import { randomBytes } from 'node:crypto';
import type { Text } from '../kit/secret.ts';
import { quote } from '../kit/shell-text.ts';
import { Batch } from './batch.ts';
import { inputBytes, prepare } from './prepare.ts';
import { INLINE_LIMIT, type PreparedJob } from './script.ts';
import type { Hello, Job, JobResult, RunOptions, Shell, UploadOptions } from './shell.ts';
import { type OpenShell, type SessionEnd, SessionLost, ShellSession } from './shell-session.ts';

/** What a FramedShell stands on: the channels of one connection, as one user. */
export interface ShellGround {
  readonly shellProgram: string;
  readonly open: OpenShell;
  /** Writes all bytes to a new file (mode 0600), or over an old one if not `exclusive`, by a channel of its own. */
  send(bytes: Buffer, path: string, exclusive: boolean, signal: AbortSignal | undefined): Promise<void>;
  /** The error for people behind a channel's end. */
  explain(end: SessionEnd): Promise<Error>;
  uploadTimedOut(path: string, seconds: number): Error;
  /** Called whenever a call has ended. */
  rested(): void;
  /** Called once for each round trip. */
  tick(): void;
  roundTrips(): number;
}

/** The one shell above all transports: see Shell. */
export class FramedShell implements Shell {
  readonly #ground: ShellGround;
  #session: ShellSession | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #hello: Hello | undefined;

  constructor(ground: ShellGround) {
    this.#ground = ground;
  }

  get roundTrips(): number {
    return this.#ground.roundTrips();
  }

  get hello(): Hello | undefined {
    return this.#session?.hello ?? this.#hello;
  }

  /** Whether its channel could be closed now without harm: it reopens with the next run. */
  get idle(): boolean {
    return this.#session?.busy === false;
  }

  run(jobs: readonly Job[], options: RunOptions = {}): Promise<readonly JobResult[]> {
    return this.#inTurn(() => this.#run(jobs, options));
  }

  upload(content: Uint8Array | Text, path: string, options: UploadOptions = {}): Promise<void> {
    const bytes = inputBytes(content);
    return this.#inTurn(async () => {
      const { timeoutSeconds } = options;
      if (timeoutSeconds === undefined) return this.#upload(bytes, path, options.signal);
      const limit = AbortSignal.timeout(timeoutSeconds * 1000);
      const either = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
      try {
        await this.#upload(bytes, path, either);
      } catch (error) {
        throw error === limit.reason ? this.#ground.uploadTimedOut(path, timeoutSeconds) : error;
      }
    });
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.release();
    await session?.ended;
  }

  /** Closes the channel; the next run opens another one. */
  release(): void {
    this.#hello = this.hello;
    this.#session?.close();
    this.#session = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const mine = before.then(async () => {
      try {
        return await work();
      } finally {
        this.#ground.rested();
      }
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #run(jobs: readonly Job[], options: RunOptions): Promise<readonly JobResult[]> {
    options.signal?.throwIfAborted();
    if (jobs.length === 0) return [];
    const staged: (string | undefined)[] = [];
    for (const job of jobs) staged.push(await this.#stage(job, options.signal));
    const prepared = jobs.map((job, index) => prepare(job, staged[index]));
    options.signal?.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    const batch = new Batch(jobs, options, job => {
      clearTimeout(timer);
      if (job?.timeoutSeconds === undefined) return;
      timer = setTimeout(() => {
        batch.late();
        void this.#session?.stop();
      }, job.timeoutSeconds * 1000);
    });
    const abort = (): void => void this.#session?.stop();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      while (batch.next < jobs.length) {
        this.#ground.tick();
        await this.#attempt(batch, prepared);
        options.signal?.throwIfAborted();
      }
      return batch.results;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof SessionLost) throw await this.#ground.explain(error.end);
      throw error;
    } finally {
      clearTimeout(timer);
      await this.#unstage(staged.slice(batch.next));
      options.signal?.removeEventListener('abort', abort);
    }
  }

  async #attempt(batch: Batch, prepared: readonly PreparedJob[]): Promise<void> {
    if (this.#session?.alive) {
      await this.#session.run(batch, prepared);
      return;
    }
    this.#session = new ShellSession();
    await this.#session.open(this.#ground.open, this.#ground.shellProgram, batch, prepared);
  }

  /** Puts a job's input where the job can read it from, if it is too large to travel with it. */
  async #stage(job: Job, signal: AbortSignal | undefined): Promise<string | undefined> {
    const bytes = inputBytes(job.stdin);
    if (bytes.length <= INLINE_LIMIT) return undefined;
    const file = `/tmp/.play-${randomBytes(12).toString('hex')}`;
    this.#ground.tick();
    await this.#ground.send(bytes, file, true, signal);
    return file;
  }

  /** Jobs remove their input when they begin; this is for those that never did. */
  async #unstage(staged: readonly (string | undefined)[]): Promise<void> {
    const files = staged.filter(file => file !== undefined);
    if (files.length === 0 || !this.#session?.alive) return;
    const jobs: readonly Job[] = [{ script: `rm -f ${files.join(' ')}` }];
    await this.#session
      .run(
        new Batch(jobs, {}, () => undefined),
        jobs.map(job => prepare(job, undefined)),
      )
      .catch(() => undefined);
  }

  async #upload(bytes: Buffer, path: string, signal: AbortSignal | undefined): Promise<void> {
    if (bytes.length > INLINE_LIMIT) {
      this.#ground.tick();
      return this.#ground.send(bytes, path, false, signal);
    }
    const script = `umask 077; cat >${quote(path)} && wc -c <${quote(path)}`;
    const [result] = await this.#run([{ script, stdin: bytes }], signal === undefined ? {} : { signal });
    const size = Number(result?.stdout.toString());
    if (result?.exitCode !== 0 || size !== bytes.length)
      throw new UploadFailed(path, bytes.length, result?.stderr.toString() ?? '');
  }
}

/** The host did not take the bytes of an upload: no such directory, no permission, disk full. */
export class UploadFailed extends Error {
  override readonly name = 'UploadFailed';
  readonly path: string;
  /** What the host said. */
  readonly stderr: string;
  constructor(path: string, bytes: number, stderr: string) {
    super(`${path} did not receive all of its ${bytes} bytes`);
    this.path = path;
    this.stderr = stderr;
  }
}
