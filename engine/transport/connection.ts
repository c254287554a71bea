import { BecomeFailed, openShellAs } from './become.ts';
import type { ByteChannel, ChannelEnd, ChannelListener, Link } from './byte-channel.ts';
import { deferred } from './deferred.ts';
import { CommandTimedOut } from './errors.ts';
import { explainEnd, linkLost } from './explain.ts';
import { FramedShell, type ShellGround, UploadFailed } from './framed-shell.ts';
import type { Become, ConnectOptions } from './options.ts';
import { READ_SCRIPT, receiveScript, scriptLine } from './script.ts';
import type { Connection, Shell } from './shell.ts';
import { newBoundary, type SessionEnd } from './shell-session.ts';
import { Slots } from './slots.ts';

/** sshd allows 10 sessions a connection (MaxSessions), and frees them late. */
const MOST_CHANNELS = 4;

/** Writes all bytes and waits for the end; rejects at once, and closes the channel, when the signal says so. */
async function whole(
  channel: ByteChannel,
  bytes: Buffer,
  signal: AbortSignal | undefined,
): Promise<ChannelEnd> {
  const stopped = deferred<never>();
  const stop = (): void => {
    channel.close();
    stopped.reject(signal?.reason);
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    const writing = channel.write(bytes).then(() => channel.end());
    return await Promise.race([writing.then(() => channel.closed), stopped.promise]);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Equal for equal questions; a corrected password is another one. */
function shellKey(become: Become | undefined, name: string): string {
  if (become === undefined) return JSON.stringify([name]);
  const { method, user, flags, password } = become;
  return JSON.stringify([name, method, user, flags ?? [], password?.reveal()]);
}

/** Shells of several users over one link. */
export class LinkConnection implements Connection {
  readonly host: string;
  readonly lost: Promise<Error | undefined>;
  readonly #link: Link;
  readonly #options: ConnectOptions;
  readonly #shells = new Map<string, FramedShell>();
  readonly #slots: Slots;
  /** Connecting was the first. */
  #roundTrips = 1;

  constructor(options: ConnectOptions, link: Link) {
    this.host = options.name;
    this.lost = link.lost;
    this.#options = options;
    this.#link = link;
    this.#slots = new Slots(MOST_CHANNELS, () => this.#releaseIdle());
  }

  get roundTrips(): number {
    return this.#roundTrips;
  }

  shell(become: Become | undefined = this.#options.become, name = ''): Shell {
    const key = shellKey(become, name);
    const shell = this.#shells.get(key) ?? new FramedShell(this.#ground(become));
    this.#shells.set(key, shell);
    return shell;
  }

  async close(): Promise<void> {
    for (const shell of this.#shells.values()) shell.release();
    await this.#link.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ground(become: Become | undefined): ShellGround {
    const shellProgram = this.#options.shellProgram ?? 'sh';
    return {
      shellProgram,
      open: (listener, early) => this.#open(become, undefined, listener, early),
      send: (bytes, path, exclusive, signal) => this.#send(become, bytes, path, exclusive, signal),
      explain: end => this.#explain(become, end, false),
      uploadTimedOut: (path, seconds) =>
        new CommandTimedOut(this.host, `writing ${path} took longer than ${seconds} s`, {
          hint: 'Is the disk there slow or hanging, or the connection too slow for the size?',
        }),
      rested: () => {
        if (this.#slots.wanted) this.#releaseIdle();
      },
      tick: () => this.#roundTrips++,
      roundTrips: () => this.#roundTrips,
    };
  }

  async #open(
    become: Become | undefined,
    script: string | undefined,
    listener: ChannelListener,
    early: Buffer,
  ) {
    const program = this.#options.shellProgram ?? 'sh';
    const free = await this.#slots.take();
    try {
      const shell = script === undefined ? { program } : { program, script };
      const channel = await openShellAs(this.#link, become, shell, listener, early);
      void channel.closed.then(() => free());
      return channel;
    } catch (error) {
      free();
      if (error instanceof BecomeFailed) throw await this.#explain(become, error.end, error.wrongPassword);
      throw error;
    }
  }

  async #explain(become: Become | undefined, end: SessionEnd, wrongPassword: boolean): Promise<Error> {
    // A channel that ends without saying how went down with its link, which may be known a moment later.
    if (end.lost !== undefined) {
      const moment = new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), 100));
      const reason = await Promise.race([this.lost, moment]);
      return linkLost(this.host, reason ?? end.lost);
    }
    return this.#link.explain?.(end) ?? explainEnd(this.host, become, end, wrongPassword);
  }

  async #send(
    become: Become | undefined,
    bytes: Buffer,
    path: string,
    exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    const boundary = newBoundary();
    let stdout = '';
    let stderr = '';
    const listener: ChannelListener = {
      stdout: chunk => {
        stdout += chunk.toString();
      },
      stderr: chunk => {
        stderr += chunk.toString();
      },
    };
    const line = scriptLine(receiveScript(boundary, path, exclusive));
    const channel = await this.#open(become, READ_SCRIPT, listener, line);
    const end = await whole(channel, bytes, signal);
    const size = new RegExp(`^${boundary} (\\d+)$`, 'm').exec(stdout)?.[1];
    if (Number(size) === bytes.length) return;
    // The script's first line is empty: without it, the script never began.
    const began = stdout.includes('\n');
    const heard = { ...end, listened: began, output: stderr };
    if (!began || end.lost !== undefined) throw await this.#explain(become, heard, false);
    throw this.#link.explain?.(heard) ?? new UploadFailed(path, bytes.length, stderr);
  }

  #releaseIdle(): void {
    [...this.#shells.values()].find(shell => shell.idle)?.release();
  }
}
