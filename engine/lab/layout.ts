import { join } from 'node:path';

/** Where all labs live. */
export const labsRoot = '/var/lib/play/lab';

/** Folders and files that serve all labs. */
export const shared = {
  base: join(labsRoot, 'base'),
  packages: join(labsRoot, 'packages'),
  locks: join(labsRoot, 'locks'),
} as const;

/** Files that stand for locks: of one lab, of a release's base image, of who builds it, and of the choice of networks. */
export const lockOf = {
  lab: (name: string) => join(shared.locks, `lab-${name}`),
  base: (release: string) => join(shared.locks, `base-${release}`),
  builder: (release: string) => join(shared.locks, `builder-${release}`),
  networks: join(shared.locks, 'networks'),
} as const;

/** The files of one lab. */
export function layoutOf(name: string) {
  const folder = join(labsRoot, name);
  return {
    folder,
    lab: join(folder, 'lab.json'),
    inventory: join(folder, 'inventory.yml'),
    privateKey: join(folder, 'id_ed25519'),
    publicKey: join(folder, 'id_ed25519.pub'),
    knownHosts: join(folder, 'known_hosts'),
    proxyLog: join(folder, 'proxy.log'),
    hosts: join(folder, 'hosts'),
  } as const;
}

/** The files of one host of a lab. `root` is its root file system; for an overlay, `upper` has what differs from the base image. */
export function hostLayout(name: string, host: string) {
  const folder = join(layoutOf(name).hosts, host);
  return {
    folder,
    root: join(folder, 'root'),
    upper: join(folder, 'upper'),
    work: join(folder, 'work'),
    /** Written last, so a disk without it is half made. */
    disk: join(folder, 'disk.json'),
    keys: join(folder, 'keys'),
    bootLog: join(folder, 'boot.log'),
  } as const;
}

/** The path of the inventory that `up` writes for `play`. */
export function inventoryPath(name: string): string {
  return layoutOf(name).inventory;
}
