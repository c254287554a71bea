import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; rejects with the signal's reason as soon as that is given. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
