import { existsSync, readdirSync } from 'node:fs';
import { hostNames, type Lab, mostHosts, type Release, subnetOf } from './lab.ts';
import { LabError } from './lab-error.ts';
import { readLab, writeLab } from './lab-file.ts';
import { labsRoot, lockOf } from './layout.ts';
import { lock } from './lock.ts';
import { interfaces, routes } from './network.ts';
import type { OnProgress } from './progress.ts';
import { chooseOctet, type Prefix } from './subnet.ts';

/** What is asked of a lab; what is left out stays as it is, or becomes three hosts of bookworm in a new lab. */
export interface Wish {
  readonly hosts?: number;
  readonly release?: Release;
}

/** The lab as it shall be, written down before anything is made of it, so that `down` finds all that an interrupted `up` leaves. */
export async function settle(
  name: string,
  wish: Wish,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<Lab> {
  const known = readLab(name);
  const lab = known === undefined ? await found(name, wish, onProgress, signal) : widened(known, wish);
  if (lab !== known) writeLab(lab);
  return lab;
}

/** Founds a lab, on a network that nobody else has or takes at the same time. */
async function found(name: string, wish: Wish, onProgress: OnProgress, signal?: AbortSignal): Promise<Lab> {
  const wait = () => onProgress({ kind: 'said', text: 'waiting for another lab that is being made' });
  await using _ = await lock(lockOf.networks, wait, signal);
  const lab: Lab = {
    name,
    release: wish.release ?? 'bookworm',
    octet: chooseOctet(name, await takenNetworks()),
    hosts: hostNames(checkCount(wish.hosts ?? 3)),
  };
  writeLab(lab);
  return lab;
}

/** A lab with as many hosts as are wished for; the same object where it has them. Throws LabError where it would lose some, or their release would change. */
export function widened(lab: Lab, { hosts, release }: Wish): Lab {
  const hint =
    'throw it away first with `play lab down --wipe`, or name another with PLAY_LAB=NAME in the environment';
  if (release !== undefined && release !== lab.release) {
    throw new LabError(`the hosts of the lab “${lab.name}” are of ${lab.release}, not of ${release}`, hint);
  }
  if (hosts === undefined || hosts === lab.hosts.length) return lab;
  if (hosts > lab.hosts.length) return { ...lab, hosts: hostNames(checkCount(hosts)) };
  throw new LabError(
    `the lab “${lab.name}” has ${lab.hosts.length} hosts, and none is removed to make it ${hosts}`,
    hint,
  );
}

function checkCount(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= mostHosts) return count;
  throw new LabError(`a lab has 1 to ${mostHosts} hosts, not ${count}`);
}

async function takenNetworks(): Promise<readonly Prefix[]> {
  const labs = existsSync(labsRoot) ? readdirSync(labsRoot).flatMap(entry => readLab(entry) ?? []) : [];
  const addresses = (await interfaces()).flatMap(one => one.addresses);
  return [...labs.map(subnetOf), ...addresses, ...(await routes())];
}
