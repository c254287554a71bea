import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseFolder } from './base.ts';
import { end, run } from './command.ts';
import { type Disk, diskText, parseDisk } from './disk-file.ts';
import { placeFiles, textOf, writeWhole } from './files.ts';
import { hostFiles, withHosts } from './host-files.ts';
import { hostKeysOf, makeHostKeys } from './keys.ts';
import type { Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { hostLayout, layoutOf } from './layout.ts';
import { mountPoints, removeFolder } from './mounts.ts';

/** The disk of a host; undefined where there is none or it is half made. */
export function diskOf(name: string, host: string): Disk | undefined {
  const text = textOf(hostLayout(name, host).disk);
  return text === undefined ? undefined : parseDisk(text);
}

/** Whether a host's root file system can be seen at its place. */
export function isMounted(name: string, host: string, points: readonly string[] = mountPoints()): boolean {
  return diskOf(name, host)?.kind === 'copy' || points.includes(hostLayout(name, host).root);
}

/** Makes a host's disk anew, with all that makes it this host. */
export async function makeDisk(lab: Lab, host: string): Promise<void> {
  const paths = hostLayout(lab.name, host);
  await makeHostKeys(lab.name, host);
  const base = baseFolder(lab.release);
  const kind = await fill(lab.name, host, base);
  const identity = {
    authorizedKey: readFileSync(layoutOf(lab.name).publicKey, 'utf8'),
    hostKeys: hostKeysOf(lab.name, host),
    machineId: randomUUID().replaceAll('-', ''),
  };
  placeFiles(paths.root, hostFiles(lab, host, identity));
  writeWhole(paths.disk, diskText({ kind, base }));
}

async function fill(name: string, host: string, base: string): Promise<Disk['kind']> {
  const { root, upper, work } = hostLayout(name, host);
  const remove = async () => {
    for (const folder of [root, upper, work]) await removeFolder(folder);
  };
  await remove();
  for (const folder of [root, upper, work]) mkdirSync(folder, { mode: 0o755 });
  if (await overlay(name, host, base)) return 'overlay';
  await remove();
  await run(['cp', '-a', '--reflink=auto', base, root]);
  return 'copy';
}

async function overlay(name: string, host: string, base: string): Promise<boolean> {
  const { root, upper, work } = hostLayout(name, host);
  const layers = `lowerdir=${base},upperdir=${upper},workdir=${work}`;
  const { code } = await end(['mount', '-t', 'overlay', 'play-lab', '-o', layers, root]);
  return code === 0;
}

/** Makes the root file system of a host that has a disk visible again, as after a restart of this machine. */
export async function mountDisk(name: string, host: string): Promise<void> {
  const disk = diskOf(name, host);
  if (disk === undefined || isMounted(name, host)) return;
  if (!existsSync(disk.base)) {
    throw new LabError(
      `the disk of ${host} stands on the base image ${disk.base}, which is gone`,
      'take the lab down with `play lab down --wipe`, then up again',
    );
  }
  if (!(await overlay(name, host, disk.base))) {
    throw new LabError(`the disk of ${host} could not be mounted`, '`dmesg | tail` says why');
  }
}

/** Whether a host's /etc/hosts has every host of the lab. */
export function knowsAllHosts(lab: Lab, host: string): boolean {
  const text = textOf(hostsPath(lab, host)) ?? '';
  return withHosts(text, lab) === text;
}

/** Gives a host's /etc/hosts all hosts of the lab; what else is in it stays. */
export function writeHosts(lab: Lab, host: string): void {
  const path = hostsPath(lab, host);
  writeWhole(path, withHosts(textOf(path) ?? '', lab), 0o644);
}

function hostsPath(lab: Lab, host: string): string {
  return join(hostLayout(lab.name, host).root, 'etc/hosts');
}
