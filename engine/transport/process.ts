import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ByteChannel, ChannelEnd, ChannelListener } from './byte-channel.ts';
import { Lingering } from './lingering.ts';

/** For a far shell to end by itself, once its input has ended. */
const PATIENCE_MS = 3000;
/** Between TERM and KILL. */
const GRACE_MS = 2000;

/** A process of this machine as a byte channel. */
export function processChannel(
  child: ChildProcessWithoutNullStreams,
  listener: ChannelListener,
): ByteChannel {
  // EPIPE: the process ended before it read all; `closed` says how.
  child.stdin.on('error', () => undefined);
  const closed = new Promise<ChannelEnd>(resolve => {
    const lingering = new Lingering(listener, end => {
      silence(child);
      resolve(end);
    });
    child.stdout.on('data', (chunk: Buffer) => lingering.listener.stdout(chunk));
    child.stderr.on('data', (chunk: Buffer) => lingering.listener.stderr(chunk));
    const endOf = (exitCode: number | null, signal: string | null): ChannelEnd => ({
      exitCode,
      ...(signal !== null && { signal }),
    });
    child.on('exit', (exitCode, signal) => lingering.exited(endOf(exitCode, signal)));
    child.on('close', (exitCode, signal) => {
      lingering.closed();
      resolve(endOf(exitCode, signal));
    });
  });
  return {
    closed,
    write: bytes =>
      new Promise(resolve => {
        void closed.then(() => resolve());
        child.stdin.write(bytes, () => resolve());
      }),
    end: () => void child.stdin.end(),
    close: () => {
      child.stdin.end();
      silence(child);
      const timer = setTimeout(() => stopGroup(child), PATIENCE_MS);
      void closed.then(() => clearTimeout(timer));
    },
  };
}

/** Stops the process with what shares its group: TERM, and KILL after a while. */
export function stopGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  child.once('close', () => clearTimeout(timer));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile, or it is another user's (sudo): its input has ended too.
  }
}

/** What it (or what it left behind) still says is nobody's. */
function silence(child: ChildProcessWithoutNullStreams): void {
  child.stdout.destroy();
  child.stderr.destroy();
}

/**
 * Starts a program with pipes on its three streams, in a session of its own: a ctrl-C at our terminal is ours to handle.
 * Rejects (ENOENT and the like) if it cannot be started.
 */
export async function startProcess(
  program: string,
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<ChildProcessWithoutNullStreams> {
  const child = spawn(program, [...args], {
    detached: true,
    stdio: 'pipe',
    ...(environment !== undefined && { env: environment }),
    ...(cwd !== undefined && { cwd }),
  });
  await once(child, 'spawn');
  return child;
}
