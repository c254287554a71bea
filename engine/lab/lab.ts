import { LabError } from './lab-error.ts';

/** The Debian releases that hosts can be made of, by code name. */
export const releases = ['bookworm', 'trixie'] as const;
export type Release = (typeof releases)[number];

/** A lab as it is written down: everything else (names, addresses, paths) follows from it. */
export interface Lab {
  readonly name: string;
  readonly release: Release;
  /** Third octet of its network, 10.213.x.0/24. */
  readonly octet: number;
  readonly hosts: readonly string[];
}

/** The port of a lab's apt proxy, on the bridge's address. */
export const proxyPort = 3142;

/** Hosts are at most this many: their numbers, which are the last octets of their addresses, end at 254. */
export const mostHosts = 3 + (254 - 200);

const firstHosts = ['9lpo192', '9lpo134', '9lpo135'];

/** The names of the first `count` hosts: 9lpo192, 9lpo134, 9lpo135, then 9lpo201, 9lpo202 and so on. */
export function hostNames(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => firstHosts[index] ?? `9lpo${201 + index - firstHosts.length}`,
  );
}

/** The lab that is meant where none is named: the environment's `PLAY_LAB`, else `lab`. */
export function defaultLabName(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return environment['PLAY_LAB'] || 'lab';
}

/** Folders beside the labs' own, so no lab may bear their names. */
const reserved: readonly string[] = ['base', 'packages', 'locks'];

/** Throws LabError for a name that cannot be a lab's: it becomes a folder and a cgroup. */
export function checkLabName(name: string): void {
  if (reserved.includes(name)) {
    throw new LabError(
      `a lab cannot be named “${name}”: a folder of that name serves all labs`,
      'choose another name',
    );
  }
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    throw new LabError(
      `“${name}” cannot be the name of a lab`,
      'use at most 31 small letters, digits and hyphens, beginning with a letter',
    );
  }
}

/** The network of a lab, e.g. `10.213.7.0/24`. */
export function subnetOf(lab: Lab): string {
  return `10.213.${lab.octet}.0/24`;
}

/** The address of this machine on a lab's bridge; the apt proxy listens there. */
export function bridgeAddress(lab: Lab): string {
  return `10.213.${lab.octet}.1`;
}

/** The address of a host: its last octet is the number at the end of its name. */
export function addressOf(lab: Lab, host: string): string {
  return `10.213.${lab.octet}.${host.slice(-3)}`;
}

/** The name of a lab's bridge; interface names have at most 15 characters. */
export function bridgeName(lab: Lab): string {
  return `playlab${lab.octet}`;
}

/** What systemd-nspawn calls a host. The octet keeps labs apart; 12 characters, so that `vb-…` is an interface name as it is. */
export function machineName(lab: Lab, host: string): string {
  return `p${lab.octet}-${host}`;
}

/** The host's end of its cable on this machine: systemd-nspawn names it so for `--network-bridge`. */
export function cableName(lab: Lab, host: string): string {
  return `vb-${machineName(lab, host)}`;
}
