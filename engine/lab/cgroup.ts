import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { end } from './command.ts';
import { type Lab, machineName } from './lab.ts';
import { waitUntil } from './processes.ts';

/** Where control groups are mounted: the unified hierarchy, and all hierarchies, that one included (cgroups(7)). */
export interface CgroupMounts {
  readonly unified: string | undefined;
  readonly all: readonly string[];
}

/** Reads the mounts of control groups out of /proc/self/mounts. */
export function cgroupMounts(text: string = readFileSync('/proc/self/mounts', 'utf8')): CgroupMounts {
  const found = text.split('\n').flatMap(line => {
    const [, point, type] = line.split(' ');
    return point !== undefined && (type === 'cgroup' || type === 'cgroup2') ? [{ point, type }] : [];
  });
  return {
    unified: found.find(mount => mount.type === 'cgroup2')?.point,
    all: found.map(mount => mount.point),
  };
}

/** Whether PID 1 of this machine is systemd (sd_booted(3)). */
export function hasSystemd(): boolean {
  return existsSync('/run/systemd/system');
}

/**
 * Makes a host's control group and returns the file that takes the processes that shall be in it; undefined where systemd makes one.
 * Without one of its own a host would share its groups with its neighbours, and each systemd would count the other's processes.
 */
export function makeCgroup(lab: Lab, host: string): string | undefined {
  const { unified } = cgroupMounts();
  if (hasSystemd() || unified === undefined) return undefined;
  const folder = join(unified, 'play-lab', lab.name, host);
  mkdirSync(folder, { recursive: true });
  return join(folder, 'cgroup.procs');
}

/** Removes the control groups that a dead host left, in every hierarchy: systemd-nspawn makes them in some others too. */
export async function removeCgroup(lab: Lab, host: string): Promise<void> {
  const folders = cgroupMounts().all.map(mount => join(mount, 'play-lab'));
  const isGone = () => {
    for (const folder of folders) removeGroups(join(folder, lab.name, host));
    return !folders.some(folder => existsSync(join(folder, lab.name, host)));
  };
  // The kernel lets go of a group a moment after the last process in it has ended.
  await waitUntil(isGone, 2000);
  for (const folder of folders) for (const parent of [join(folder, lab.name), folder]) removeGroup(parent);
}

/** Waits until this machine's systemd has let go of the scope that a dead host had: a new one of that name cannot be made before. */
export async function removeScope(lab: Lab, host: string): Promise<void> {
  // It ends with 5 where there is none, as nearly always.
  await end(['systemctl', 'stop', `${machineName(lab, host)}.scope`]);
}

function removeGroups(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroups(join(folder, entry.name));
  }
  removeGroup(folder);
}

function removeGroup(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has processes or other groups in it, or is not there.
  }
}
