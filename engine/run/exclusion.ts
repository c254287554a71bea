import { sh } from '../kit/shell-text.ts';
import type { Shell } from '../transport/index.ts';
import type { Become } from './become.ts';
import { StepFailed } from './errors.ts';
import type { RemoteHost } from './hosts.ts';
import { stateDirectory } from './state-directory.ts';

/** How long to wait for another run of `play` to finish with what only one may do, in seconds. */
const PATIENCE_SECONDS = 1800;

/**
 * Lets tasks with the same key run one at a time: within this run by a queue, among all runs by a lock on a host that all of them
 * name alike. The lock is the kernel's (`flock`), so it goes with the connection of whoever dies.
 */
export class Exclusion {
  readonly #tails = new Map<string, Promise<void>>();

  async run<T>(
    key: string,
    host: RemoteHost,
    become: Become | undefined,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const turn = before.then(async () => {
      signal.throwIfAborted();
      const unlock = await lockOnHost(key, host, become, signal);
      try {
        return await work();
      } finally {
        await unlock();
      }
    });
    this.#tails.set(
      key,
      turn.then(
        () => undefined,
        () => undefined,
      ),
    );
    return turn;
  }
}

/** Takes the lock, and gives what lets go of it. Throws StepFailed where it is not to be had. */
async function lockOnHost(
  key: string,
  host: RemoteHost,
  become: Become | undefined,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const shell = await host.lasting(become, `lock ${key}`);
  const letGo = new AbortController();
  try {
    await held(shell, key, letGo.signal, signal);
  } catch (error) {
    await shell.close();
    throw error;
  }
  return async () => {
    letGo.abort();
    await shell.close();
  };
}

/** Resolves as soon as the lock is held; the job that holds it runs until `letGo`. Rejects where `signal` ends the wait. */
function held(shell: Shell, key: string, letGo: AbortSignal, signal: AbortSignal): Promise<void> {
  const script = sh`${stateDirectory}
mkdir -p "$state/lock" || exit 1
exec 9>>"$state/lock/"${encodeURIComponent(key)}
flock -w ${PATIENCE_SECONDS} 9 || exit 75
echo held
while :; do sleep 3600; done`;
  return new Promise((resolve, reject) => {
    shell
      .run([{ script: script.text }], {
        signal: AbortSignal.any([letGo, signal]),
        onOutput: (_job, stream, chunk) => stream === 'stdout' && chunk.includes('held') && resolve(),
      })
      .then(([result]) => {
        const output = result ?? { stdout: Buffer.of(), stderr: Buffer.of(), exitCode: null };
        const message =
          output.exitCode === 75
            ? `another run of play has held the lock “${key}” for ${PATIENCE_SECONDS / 60} minutes`
            : `cannot take the lock “${key}”`;
        reject(new StepFailed(message, `flock ${key}`, output, 'see who else runs play against these hosts'));
      })
      .catch((error: unknown) => (letGo.aborted ? resolve() : reject(error)));
  });
}
