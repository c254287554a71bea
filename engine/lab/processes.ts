import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of this machine: `argv` as it was started with, `parent` the process that it belongs to. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly argv: readonly string[];
}

/** One reading of /proc, without kernel threads and zombies. What ended while it was read is not in it. */
export function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter(entry => /^[0-9]+$/.test(entry))
    .flatMap(entry => processOf(Number(entry)) ?? []);
}

function processOf(pid: number): Process | undefined {
  const cmdline = read(`/proc/${pid}/cmdline`);
  const stat = read(`/proc/${pid}/stat`);
  if (!cmdline || !stat) return undefined;
  // The second field is the program's name in parentheses and may hold anything, parentheses too (proc(5)).
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), argv: cmdline.replace(/\0$/, '').split('\0') };
}

/** The processes in a cgroup or below it, by the path that /proc/PID/cgroup shows. */
export function processesInCgroup(path: string): readonly number[] {
  return readdirSync('/proc')
    .filter(entry => /^[0-9]+$/.test(entry))
    .filter(entry =>
      read(`/proc/${entry}/cgroup`)
        ?.split('\n')
        .some(line => isBelow(line, path)),
    )
    .map(Number);
}

function isBelow(line: string, path: string): boolean {
  const at = line.replace(/^[0-9]+:[^:]*:/, '');
  return at === path || at.startsWith(`${path}/`);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Sends a signal; false where the process is gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `holds`, looking every 50 ms; false where it still does not after `milliseconds`. */
export async function waitUntil(
  holds: () => boolean,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > end) return false;
    await sleep(50, undefined, signal ? { signal } : {});
  }
  return true;
}
