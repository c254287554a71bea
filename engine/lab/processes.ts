import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of this machine, those in containers included. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** What it was started with. */
  readonly argv: readonly string[];
  /** Its id in our process namespace, then in each below it, down to its own: one number for a process that is in no container. */
  readonly ids: readonly number[];
}

/** One reading of /proc, without kernel threads and zombies. What ends while it is read is not in it. */
export function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter(entry => /^[0-9]+$/.test(entry))
    .flatMap(entry => processOf(Number(entry)) ?? []);
}

function processOf(pid: number): Process | undefined {
  const cmdline = read(`/proc/${pid}/cmdline`);
  const status = read(`/proc/${pid}/status`);
  if (!cmdline || !status) return undefined;
  // proc(5): no other field can hold a line break, the program's name escapes its own.
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
  if (/^[ZX]/.test(field('State'))) return undefined;
  const ids = field('NSpid').split(/\s+/).map(Number);
  return { pid, parent: Number(field('PPid')), argv: cmdline.replace(/\0$/, '').split('\0'), ids };
}

/** The processes that are in no container: one in a container may have any arguments, those of a lab in the lab too. */
export function ownProcesses(all: readonly Process[]): readonly Process[] {
  return all.filter(process => process.ids.length === 1);
}

/** What a process sees as its root file system: the mounts at `/` (proc(5), mountinfo); none where it is gone. */
export function rootMounts(pid: number): readonly RootMount[] {
  return parseRootMounts(read(`/proc/${pid}/mountinfo`) ?? '');
}

/** A mount at `/`: the folder of the file system that is mounted, and the file system's own options. */
export interface RootMount {
  readonly folder: string;
  readonly options: readonly string[];
}

/** Reads the mounts at `/` out of a mountinfo. */
export function parseRootMounts(text: string): readonly RootMount[] {
  return text.split('\n').flatMap(line => {
    const fields = line.split(' ');
    const [folder, point] = fields.slice(3);
    if (folder === undefined || point !== '/') return [];
    return [{ folder, options: fields.at(-1)?.split(',') ?? [] }];
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether a process has not ended yet; a zombie has. */
export function isAlive(pid: number): boolean {
  const status = read(`/proc/${pid}/status`);
  return status !== undefined && !/^State:\s*[ZX]/m.test(status);
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
