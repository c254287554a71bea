import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from './lab-error.ts';

/** A lock that is held until it is disposed of, or this process ends in whatever way. */
export type Lock = AsyncDisposable;

/**
 * Takes the lock that a file stands for among all processes of this machine, waiting for it; `onWait` is called once where another holds it.
 * flock(1) holds it for us, as Node has no flock(2): it ends when our end of its standard input closes, so a crash frees the lock.
 */
export async function lock(file: string, onWait: () => void, signal?: AbortSignal): Promise<Lock> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const atOnce = await tryLock(['--nonblock', file], signal);
  signal?.throwIfAborted();
  if (atOnce !== undefined) return atOnce;
  onWait();
  const waited = await tryLock([file], signal);
  signal?.throwIfAborted();
  if (waited === undefined) throw new LabError(`the lock ${file} could not be taken`);
  return waited;
}

function tryLock(args: readonly string[], signal?: AbortSignal): Promise<Lock | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['--exclusive', ...args, 'sh', '-c', 'echo held; exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // Out of reach of the terminal's ctrl-C: whoever clears up after that still holds the lock.
      detached: true,
      ...(signal && { signal }),
    });
    const ended = new Promise<void>(resolveEnd => child.once('close', () => resolveEnd()));
    child.once('error', reject);
    child.once('close', () => resolve(undefined));
    child.stdout.once('data', () =>
      resolve({
        async [Symbol.asyncDispose]() {
          child.stdin.end();
          await ended;
        },
      }),
    );
  });
}
