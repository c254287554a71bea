import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, machineName } from './lab.ts';

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
 * The control group of a host's processes, as /proc/PID/cgroup shows it. systemd, where there is one, makes a scope for each container;
 * elsewhere the group is ours. Without one of its own a host would share its groups with its neighbours, and each systemd would count
 * the other's processes.
 */
export function cgroupOf(lab: Lab, host: string): string {
  if (!hasSystemd()) return `/play-lab/${lab.name}/${host}`;
  return `/machine.slice/machine-${machineName(lab, host).replaceAll('-', '\\x2d')}.scope`;
}

/** Makes a host's control group and returns the file that takes the processes that shall be in it; undefined where that is systemd's affair. */
export function makeCgroup(lab: Lab, host: string): string | undefined {
  const { unified } = cgroupMounts();
  if (hasSystemd() || unified === undefined) return undefined;
  const folder = join(unified, cgroupOf(lab, host));
  mkdirSync(folder, { recursive: true });
  return join(folder, 'cgroup.procs');
}

/** Removes the control groups that a host left, in every hierarchy; groups that still hold a process stay. */
export function removeCgroup(lab: Lab, host: string): void {
  if (hasSystemd()) return;
  for (const mount of cgroupMounts().all) {
    removeGroups(join(mount, 'play-lab', lab.name, host));
    for (const parent of [join(mount, 'play-lab', lab.name), join(mount, 'play-lab')]) removeGroup(parent);
  }
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
