import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  type Connection,
  type ConnectOptions,
  connect,
  type Job,
  type JobResult,
  type RunOptions,
  type Shell,
} from '../transport/index.ts';
import { type Become, becomeKey } from './become.ts';
import type { RunEvent } from './events.ts';
import type { Gate } from './gate.ts';

/** How long a connection may take to close, in seconds. */
const CLOSING_SECONDS = 1;

/** A host of the run: its one connection, opened when first needed, and a shell on it for each user that tasks act as. */
export class RemoteHost {
  readonly name: string;
  readonly #options: () => ConnectOptions;
  readonly #emit: (event: RunEvent) => void;
  readonly #gate: Gate;
  #connection: Promise<Connection> | undefined;
  #connectedBy: ConnectOptions | undefined;
  readonly #shells = new Map<string, Promise<Shell>>();

  constructor(name: string, options: () => ConnectOptions, gate: Gate, emit: (event: RunEvent) => void) {
    this.name = name;
    this.#options = options;
    this.#gate = gate;
    this.#emit = emit;
  }

  /** Round trips so far, connecting not counted. */
  roundTrips = 0;

  /** Runs jobs one after the other, in one round trip. Throws TransportError where the host is out of reach. */
  async run(
    become: Become | undefined,
    jobs: readonly Job[],
    options: RunOptions = {},
  ): Promise<readonly JobResult[]> {
    const shell = await unlessAborted(this.#shell(become), options.signal);
    this.roundTrips++;
    return this.#gate.run(() => shell.run(jobs, options));
  }

  /** Sends bytes to a path, which is made or overwritten, as that user. */
  async send(
    become: Become | undefined,
    content: Uint8Array,
    path: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const shell = await this.#shell(become);
    this.roundTrips++;
    await this.#gate.run(() => shell.upload(content, path, signal === undefined ? {} : { signal }));
  }

  /** A shell of its own on the same connection, for a job that lasts: the caller closes it. */
  async lasting(become: Become | undefined, name: string): Promise<Shell> {
    return (await this.#open()).shell(become, name);
  }

  /** Whether its connection, if it has one, is what these options ask for. */
  isReachedAlike(options: ConnectOptions): boolean {
    const compared = ({ warn: _warn, prompt: _prompt, ...rest }: ConnectOptions) => ({
      ...rest,
      // Secrets show nothing to a comparison.
      password: rest.password?.reveal(),
      privateKeyPassphrase: rest.privateKeyPassphrase?.reveal(),
    });
    return (
      this.#connectedBy === undefined || isDeepStrictEqual(compared(this.#connectedBy), compared(options))
    );
  }

  /** Closes the connection, so that the next need opens a new one. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#shells.clear();
    const closing = connection?.then(open => open.close()).catch(() => undefined);
    // One that is still being opened, and may be so for long, is left to itself.
    await Promise.race([closing, sleep(CLOSING_SECONDS * 1000, undefined, { ref: false })]);
  }

  #open(): Promise<Connection> {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    const options = this.#options();
    this.#connectedBy = options;
    const started = performance.now();
    const connection = await this.#gate.run(() => connect(options));
    const seconds = (performance.now() - started) / 1000;
    this.#emit({
      type: 'connected',
      host: this.name,
      transport: options.transport,
      address: options.address ?? this.name,
      user: options.user ?? '',
      seconds,
    });
    return connection;
  }

  #shell(become: Become | undefined): Promise<Shell> {
    const key = becomeKey(become);
    let shell = this.#shells.get(key);
    if (shell === undefined) {
      shell = this.#open().then(connection => connection.shell(become));
      this.#shells.set(key, shell);
    }
    return shell;
  }
}

/** The work's result; rejects with the signal's reason as soon as that is given, whatever becomes of the work. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
