import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { Batch } from './batch.ts';
import type { ByteChannel, ChannelEnd, ChannelListener } from './byte-channel.ts';
import { type Deferred, deferred } from './deferred.ts';
import { FrameScanner } from './frame-scanner.ts';
import { batchText, FORGET_BATCH, type PreparedJob, prelude, STOP_BATCH } from './script.ts';
import type { Hello } from './shell.ts';

/** Opens a channel with a POSIX shell that reads commands from its input, as the right user. Throws TransportError. */
export type OpenShell = (listener: ChannelListener, early: Buffer) => Promise<ByteChannel>;

/** How a session ended: what its channel said, whether it ever listened, and the last it wrote before that. */
export interface SessionEnd extends ChannelEnd {
  readonly listened: boolean;
  readonly output: string;
}

/** TERM takes up to two seconds in the far shell before KILL; a batch that is not gone after this many cannot be stopped. */
const STOP_SECONDS = 6;
const KEPT_GREETING = 4096;

interface Running {
  readonly number: number;
  readonly batch: Batch;
  readonly over: Deferred<'done' | 'died'>;
  readonly diedOn: Set<string>;
}

/** A random word that no output holds by accident: 96 bits. Its first letter comes only once, so no other data runs into it. */
export function newBoundary(): string {
  return `play-${randomBytes(12).toString('hex')}`;
}

/** One far shell on one channel, for as long as the channel lives. */
export class ShellSession {
  readonly ended: Promise<SessionEnd>;
  hello: Hello | undefined;
  /** False once the channel is gone or given up. */
  alive = true;
  readonly #boundary = newBoundary();
  readonly #settled = deferred<SessionEnd>();
  #channel: ByteChannel | undefined;
  #running: Running | undefined;
  #batches = 0;
  readonly #listening = new Set<string>();
  #greeting = '';

  constructor() {
    this.ended = this.#settled.promise;
  }

  /** Whether a batch runs. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Opens the shell and runs the first batch, which travels with the opening. As `run`. */
  async open(
    open: OpenShell,
    shellProgram: string,
    batch: Batch,
    jobs: readonly PreparedJob[],
  ): Promise<'done' | 'died'> {
    const running = this.#begin(batch);
    const text = batchText(this.#boundary, running.number, jobs, batch.next);
    const early = Buffer.concat([Buffer.from(prelude(this.#boundary, shellProgram)), text]);
    const stdout = this.#scanner('stdout');
    const stderr = this.#scanner('stderr');
    const opening = open({ stdout: c => stdout.push(c), stderr: c => stderr.push(c) }, early);
    opening.then(
      channel => this.#opened(channel),
      error => this.#end({ exitCode: null, lost: error }),
    );
    const how = await Promise.race([opening.then(() => this.#finish(running)), running.over.promise]);
    this.#running = undefined;
    return how;
  }

  /**
   * Runs the batch's jobs from its `next` on. `done` when all have results; `died` when the running one was killed (it has a
   * result then, those behind it have none). Rejects with a SessionLost when the channel ends first.
   */
  run(batch: Batch, jobs: readonly PreparedJob[]): Promise<'done' | 'died'> {
    const running = this.#begin(batch);
    this.#write(batchText(this.#boundary, running.number, jobs, batch.next));
    return this.#finish(running);
  }

  /** Stops what runs; resolves when it is gone, or was given up together with the channel. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    if (this.#channel === undefined) return this.#giveUp(running);
    this.#write(STOP_BATCH);
    const timer = setTimeout(() => this.#giveUp(running), STOP_SECONDS * 1000);
    await Promise.race([running.over.promise, this.ended]);
    clearTimeout(timer);
  }

  #giveUp(running: Running): void {
    this.close();
    running.batch.died(128 + constants.signals.SIGKILL);
    running.over.resolve('died');
  }

  #opened(channel: ByteChannel): void {
    this.#channel = channel;
    void channel.closed.then(end => this.#end(end));
    // Given up while it was being opened.
    if (!this.alive) this.close();
  }

  #end(end: ChannelEnd): void {
    this.alive = false;
    this.#settled.resolve({ ...end, listened: this.#listening.has('stdout'), output: this.#greeting });
  }

  /** Ends the far shell; it stops what still runs. */
  close(): void {
    this.alive = false;
    this.#channel?.end();
    this.#channel?.close();
  }

  #begin(batch: Batch): Running {
    const running: Running = {
      number: ++this.#batches,
      batch,
      over: deferred<'done' | 'died'>(),
      diedOn: new Set(),
    };
    this.#running = running;
    batch.start();
    return running;
  }

  async #finish(running: Running): Promise<'done' | 'died'> {
    const lost = this.ended.then(end => {
      throw new SessionLost(end);
    });
    lost.catch(() => undefined);
    try {
      const how = await Promise.race([running.over.promise, lost]);
      this.#write(FORGET_BATCH);
      return how;
    } finally {
      this.#running = undefined;
    }
  }

  #write(bytes: Buffer): void {
    if (this.alive) this.#channel?.write(bytes);
  }

  #scanner(stream: 'stdout' | 'stderr'): FrameScanner {
    return new FrameScanner(this.#boundary, {
      data: chunk => {
        // Before the shell listens, this is a greeting of the login shell; it matters only if nothing else comes.
        if (this.#listening.has(stream)) this.#running?.batch.data(stream, chunk);
        else this.#greet(chunk);
      },
      frame: words => this.#frame(stream, words),
    });
  }

  #greet(chunk: Buffer): void {
    if (this.#greeting.length < KEPT_GREETING) this.#greeting += chunk.toString('utf8');
  }

  #frame(stream: 'stdout' | 'stderr', words: readonly string[]): void {
    const [number, what, first, second] = words;
    if (number === 'hello') {
      this.#listens(stream, words.slice(1));
      return;
    }
    const running = this.#running;
    if (running === undefined || Number(number) !== running.number) return;
    if (what === 'end') {
      running.batch.ended(stream, Number(first), Number(second));
      if (running.batch.next >= running.batch.jobs.length) running.over.resolve('done');
    } else if (what === 'died') {
      running.diedOn.add(stream);
      if (running.diedOn.size < 2) return;
      running.batch.died(Number(first));
      running.over.resolve('died');
    }
  }

  #listens(stream: 'stdout' | 'stderr', words: readonly string[]): void {
    this.#listening.add(stream);
    const [pid, user, ...home] = words;
    if (stream === 'stdout') this.hello = { pid: Number(pid), user: user ?? '', home: home.join(' ') };
  }
}

/** The channel of a session ended while something ran on it. */
export class SessionLost extends Error {
  readonly end: SessionEnd;
  constructor(end: SessionEnd) {
    super('the channel ended');
    this.end = end;
  }
}
