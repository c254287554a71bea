import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { baseFolder } from './base.ts';
import { end, run } from './command.ts';
import { placeFiles, textOf, writeWhole } from './files.ts';
import { hostFiles, hostsFile } from './host-files.ts';
import { hostKeysOf, makeHostKeys } from './keys.ts';
import { addressOf, type Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { hostLayout, layoutOf } from './layout.ts';
import { mountPoints, removeFolder } from './mounts.ts';

/** How a host's disk was made of a base image: laid over it, or copied from it where the kernel or the file system cannot. */
export interface Disk {
  readonly kind: 'overlay' | 'copy';
  readonly base: string;
}

/** The disk of a host; undefined where there is none or it is half made. */
export function diskOf(name: string, host: string): Disk | undefined {
  const text = textOf(hostLayout(name, host).disk);
  // What we wrote ourselves, whole or not at all.
  return text === undefined ? undefined : (JSON.parse(text) as Disk);
}

/** Whether a host's root file system can be seen at its place. */
export function isMounted(name: string, host: string, points: readonly string[] = mountPoints()): boolean {
  return diskOf(name, host)?.kind === 'copy' || points.includes(hostLayout(name, host).root);
}

/** Makes a host's disk anew, with all that makes it this host. */
export async function makeDisk(lab: Lab, host: string): Promise<void> {
  const paths = hostLayout(lab.name, host);
  await makeHostKeys(lab.name, host);
  for (const folder of [paths.root, paths.upper, paths.work]) await removeFolder(folder);
  const base = baseFolder(lab.release);
  const kind = await fill(lab.name, host, base);
  placeFiles(
    paths.root,
    hostFiles(lab, host, {
      authorizedKey: readFileSync(layoutOf(lab.name).publicKey, 'utf8'),
      hostKeys: hostKeysOf(lab.name, host),
      machineId: randomUUID().replaceAll('-', ''),
    }),
  );
  writeWhole(paths.disk, `${JSON.stringify({ kind, base } satisfies Disk)}\n`);
}

async function fill(name: string, host: string, base: string): Promise<Disk['kind']> {
  const { root, upper, work } = hostLayout(name, host);
  for (const folder of [root, upper, work]) mkdirSync(folder, { mode: 0o755 });
  if (await overlay(name, host, base)) return 'overlay';
  for (const folder of [root, upper, work]) await removeFolder(folder);
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
  const lines = (textOf(`${hostLayout(lab.name, host).root}/etc/hosts`) ?? '').split('\n');
  return lab.hosts.every(other => lines.includes(`${addressOf(lab, other)} ${other}`));
}

/** Gives a host's /etc/hosts all hosts of the lab. */
export function writeHosts(lab: Lab, host: string): void {
  writeWhole(`${hostLayout(lab.name, host).root}/etc/hosts`, hostsFile(lab), 0o644);
}
