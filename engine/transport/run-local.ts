import { processChannel, startProcess, stopGroup } from './process.ts';

export interface LocalOptions {
  readonly cwd?: string;
  /** The whole environment; that of this process by default. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly stdin?: string | Uint8Array;
  /** Seconds after which the process and its children are stopped; no limit by default. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  onOutput?(stream: 'stdout' | 'stderr', chunk: Buffer): void;
}

/** What came of a local process. */
export interface LocalResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number | null;
  readonly signal?: string;
  readonly timedOut: boolean;
}

/**
 * Runs a program of this machine, without a shell, and captures its output. Rejects with the system's error (ENOENT, EACCES) if
 * it cannot be started, and with the signal's reason if that stopped it; a failing exit code is a result.
 */
export async function runLocal(
  argv: readonly [string, ...string[]],
  options: LocalOptions = {},
): Promise<LocalResult> {
  options.signal?.throwIfAborted();
  const [program, ...args] = argv;
  const child = await startProcess(program, args, options.environment, options.cwd);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const take = (into: Buffer[], stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    into.push(chunk);
    options.onOutput?.(stream, chunk);
  };
  const channel = processChannel(child, { stdout: take(stdout, 'stdout'), stderr: take(stderr, 'stderr') });
  if (options.stdin !== undefined) void channel.write(Buffer.from(options.stdin));
  channel.end();
  let timedOut = false;
  const stop = (): void => stopGroup(child);
  const timer =
    options.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop();
        }, options.timeoutSeconds * 1000);
  options.signal?.addEventListener('abort', stop, { once: true });
  const end = await channel.closed;
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', stop);
  options.signal?.throwIfAborted();
  return {
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr),
    exitCode: end.exitCode,
    ...(end.signal !== undefined && { signal: end.signal }),
    timedOut,
  };
}
