import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { unreachable } from '../source/unreachable.ts';
import { makeBase } from './base.ts';
import { makeDisk, mountDisk, writeHosts } from './disk.ts';
import { writeWhole } from './files.ts';
import { inventoryText, knownHostsText } from './inventory.ts';
import { makeLabKey, publicHostKeysOf } from './keys.ts';
import {
  checkLabName,
  defaultLabName,
  hostNames,
  type Lab,
  mostHosts,
  type Release,
  subnetOf,
} from './lab.ts';
import { LabError } from './lab-error.ts';
import { labsRoot, layoutOf } from './layout.ts';
import { lock } from './lock.ts';
import { pullPlug, switchOn } from './machine.ts';
import { interfaces, makeBridge, plug, routes } from './network.ts';
import { observe, readLab } from './observe.ts';
import { type HostAction, type LabAction, planUp } from './plan.ts';
import { type OnProgress, step } from './progress.ts';
import { startProxy } from './proxy.ts';
import { answersWithin, bootFailure } from './ready.ts';
import { type LabStatus, statusOf } from './status.ts';
import { chooseOctet } from './subnet.ts';
import { checkMachine, installTools, missingPackages } from './tools.ts';

/** What a lab shall be; what is left out stays as it is, or becomes three hosts of bookworm. */
export interface UpOptions {
  readonly name?: string;
  readonly hosts?: number;
  readonly release?: Release;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

const bootMilliseconds = 30_000;

/**
 * Brings a lab up: makes what is missing, repairs what is broken, and returns when ssh answers on every host. Throws LabError, or the
 * reason of `signal`; a later `up` goes on from wherever one ended.
 */
export async function up(options: UpOptions): Promise<LabStatus> {
  const { name = defaultLabName(), onProgress, signal } = options;
  checkMachine();
  checkLabName(name);
  const wait = () =>
    onProgress({ kind: 'said', text: `another \`play lab\` works on the lab “${name}”; waiting for it` });
  await using _ = await lock(`lab-${name}`, wait, signal);
  const lacking = missingPackages();
  if (lacking.length > 0) await installTools(lacking, onProgress, signal);
  const lab = await written(name, options);
  const plan = planUp(await observe(lab));
  const work: Work = { lab, onProgress, signal };
  for (const action of plan.lab) await doForLab(action, work);
  const ends = await Promise.allSettled(
    [...plan.hosts].map(([host, actions]) => doForHost(host, actions, work)),
  );
  signal?.throwIfAborted();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const paths = layoutOf(name);
  writeWhole(
    paths.knownHosts,
    knownHostsText(lab, host => publicHostKeysOf(name, host)),
  );
  writeWhole(paths.inventory, inventoryText(lab));
  return await statusOf(lab);
}

/** The lab as it shall be, written down before anything is made of it, so that `down` finds all that an interrupted `up` leaves. */
async function written(name: string, { hosts, release, onProgress, signal }: UpOptions): Promise<Lab> {
  const known = readLab(name);
  const lab = known === undefined ? undefined : widened(known, hosts, release);
  if (lab !== undefined && lab === known) return lab;
  const wait = () => onProgress({ kind: 'said', text: 'another lab is being made; waiting for it' });
  await using _ = await lock('networks', wait, signal);
  const made = lab ?? {
    name,
    release: release ?? 'bookworm',
    octet: chooseOctet(name, await takenNetworks()),
    hosts: hostNames(checkCount(hosts ?? 3)),
  };
  mkdirSync(layoutOf(name).hosts, { recursive: true, mode: 0o700 });
  writeWhole(layoutOf(name).lab, `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

/** The lab with more hosts; the same object where it is as it shall be. */
export function widened(lab: Lab, hosts: number | undefined, release: Release | undefined): Lab {
  const other = 'or make another lab beside it: PLAY_LAB=NAME play lab up …';
  if (release !== undefined && release !== lab.release) {
    throw new LabError(
      `the lab “${lab.name}” has hosts of ${lab.release}, not of ${release}`,
      `throw it away first with \`play lab down --wipe\`, ${other}`,
    );
  }
  if (hosts === undefined || hosts === lab.hosts.length) return lab;
  if (hosts < lab.hosts.length) {
    throw new LabError(
      `the lab “${lab.name}” has ${lab.hosts.length} hosts, more than the ${hosts} asked for; their disks are not removed by the way`,
      `throw it away first with \`play lab down --wipe\`, ${other}`,
    );
  }
  return { ...lab, hosts: hostNames(checkCount(hosts)) };
}

function checkCount(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= mostHosts) return count;
  throw new LabError(`a lab has 1 to ${mostHosts} hosts, not ${count}`);
}

async function takenNetworks(): Promise<readonly string[]> {
  const others = existsSync(labsRoot) ? readdirSync(labsRoot).flatMap(entry => readLab(entry) ?? []) : [];
  return [
    ...others.map(subnetOf),
    ...(await interfaces()).flatMap(one => one.addresses),
    ...(await routes()),
  ];
}

interface Work {
  readonly lab: Lab;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
}

async function doForLab(action: LabAction, { lab, onProgress, signal }: Work): Promise<void> {
  switch (action.kind) {
    case 'install-tools':
      return await installTools(action.packages, onProgress, signal);
    case 'make-base':
      return await makeBase(lab.release, onProgress, signal);
    case 'make-key':
      return await makeLabKey(lab.name);
    case 'make-bridge':
      return await step(onProgress, 'bridge', `Make the network ${subnetOf(lab)}`, () => makeBridge(lab));
    case 'start-proxy':
      return await step(onProgress, 'proxy', 'Start the apt proxy', () => startProxy(lab, signal));
    default:
      return unreachable(action);
  }
}

async function doForHost(host: string, actions: readonly HostAction[], work: Work): Promise<void> {
  const title = actions.includes('make-disk') ? `Make and boot ${host}` : `Bring up ${host}`;
  await step(work.onProgress, host, title, async () => {
    for (const action of actions) {
      work.signal?.throwIfAborted();
      await doOne(host, action, work);
    }
    await expectAnswer(host, work);
  });
}

async function doOne(host: string, action: HostAction, { lab, onProgress, signal }: Work): Promise<void> {
  switch (action) {
    case 'make-disk':
      return await makeDisk(lab, host);
    case 'mount-disk':
      return await mountDisk(lab.name, host);
    case 'write-hosts':
      return writeHosts(lab, host);
    case 'switch-on':
      return switchOn(lab, host);
    case 'plug-in':
      return await plug(lab, host);
    case 'revive':
      // It may be on its way up, or have been cut off until just now.
      if (await answersWithin(lab, host, 5000, signal)) return;
      onProgress({
        kind: 'said',
        step: host,
        text: `${host} runs but does not answer: it is switched off and on again`,
      });
      await pullPlug(lab, host);
      return switchOn(lab, host);
    default:
      return unreachable(action);
  }
}

async function expectAnswer(host: string, { lab, signal }: Work): Promise<void> {
  if (!(await answersWithin(lab, host, bootMilliseconds, signal))) throw bootFailure(lab, host);
}
