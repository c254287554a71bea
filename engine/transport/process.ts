import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ByteChannel, ChannelEnd, ChannelListener } from './byte-channel.ts';

/** A process of this machine as a byte channel. */
export function processChannel(
  child: ChildProcessWithoutNullStreams,
  listener: ChannelListener,
): ByteChannel {
  child.stdout.on('data', (chunk: Buffer) => listener.stdout(chunk));
  child.stderr.on('data', (chunk: Buffer) => listener.stderr(chunk));
  // EPIPE: the process ended before it read all; `closed` says how.
  child.stdin.on('error', () => undefined);
  const closed = new Promise<ChannelEnd>(resolve => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, ...(signal !== null && { signal }) }));
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
      // A background process may hold the streams open; what it still says is nobody's.
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
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
