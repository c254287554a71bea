import { unreachable } from '../source/unreachable.ts';
import { makeBase } from './base.ts';
import { makeDisk, mountDisk, writeHosts } from './disk.ts';
import { writeWhole } from './files.ts';
import { allowManyHosts } from './inotify.ts';
import { inventoryText, knownHostsText } from './inventory.ts';
import { makeLabKey, publicHostKeysOf } from './keys.ts';
import { bridgeName, checkLabName, defaultLabName, type Lab, subnetOf } from './lab.ts';
import { LabError } from './lab-error.ts';
import { lockLab } from './lab-file.ts';
import { layoutOf } from './layout.ts';
import { pullPlug, switchOn } from './machine.ts';
import { firewallCutsBridges, makeBridge, plug } from './network.ts';
import { observe } from './observe.ts';
import { type HostAction, type LabAction, planUp } from './plan.ts';
import { type OnProgress, step } from './progress.ts';
import { startProxy } from './proxy.ts';
import { bootFailure, readyWithin } from './ready.ts';
import { type LabStatus, statusOf } from './status.ts';
import { checkMachine, installTools, missingPackages } from './tools.ts';
import { settle, type Wish } from './wanted.ts';

/** What a lab shall be, and who hears of the work. */
export interface UpOptions extends Wish {
  readonly name?: string;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Brings a lab up: makes what is missing, repairs what is broken, and returns when ssh answers on every host. Throws LabError, or the
 * reason of `signal`; a later `up` goes on from wherever one ended.
 */
export async function up(options: UpOptions): Promise<LabStatus> {
  const { name = defaultLabName(), onProgress, signal } = options;
  checkMachine();
  checkLabName(name);
  const lacking = missingPackages();
  if (lacking.length > 0) await installTools(lacking, onProgress);
  await using _ = await lockLab(name, onProgress, signal);
  allowManyHosts(onProgress);
  const lab = await settle(name, options, onProgress, signal);
  const work: Work = { lab, onProgress, signal };
  const plan = planUp(await observe(lab));
  for (const action of plan.lab) await doForLab(action, work);
  const hosts = [...plan.hosts].map(([host, actions]) => doForHost(host, actions, work));
  const ends = await Promise.allSettled(hosts);
  writeFiles(lab);
  signal?.throwIfAborted();
  throwFailures(ends);
  return await statusOf(lab);
}

interface Work {
  readonly lab: Lab;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
}

/** What others read: whom to reach, and by what to know them. */
function writeFiles(lab: Lab): void {
  const paths = layoutOf(lab.name);
  const knownHosts = knownHostsText(lab, host => publicHostKeysOf(lab.name, host));
  writeWhole(paths.knownHosts, knownHosts);
  writeWhole(paths.inventory, inventoryText(lab));
}

/** Throws what went wrong with the hosts: all of it where it can be said together. */
function throwFailures(ends: readonly PromiseSettledResult<void>[]): void {
  const errors: LabError[] = [];
  for (const end of ends) {
    if (end.status === 'fulfilled') continue;
    if (!(end.reason instanceof LabError)) throw end.reason;
    errors.push(end.reason);
  }
  const [first, ...others] = errors;
  if (first === undefined) return;
  throw others.length === 0
    ? first
    : new LabError(errors.map(error => error.message).join('\n\n'), first.hint);
}

async function doForLab(action: LabAction, { lab, onProgress, signal }: Work): Promise<void> {
  switch (action) {
    case 'make-base':
      return await makeBase(lab.release, onProgress, signal);
    case 'make-key':
      return await makeLabKey(lab.name);
    case 'make-bridge':
      if (await firewallCutsBridges()) {
        const rule = `iptables -I FORWARD -i ${bridgeName(lab)} -o ${bridgeName(lab)} -j ACCEPT`;
        const text = `this machine's firewall may keep the hosts from each other (its FORWARD policy is DROP); if so: ${rule}`;
        onProgress({ kind: 'said', text });
      }
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
    if (!(await readyWithin(work.lab, host, 30_000, work.signal))) throw bootFailure(work.lab, host);
  });
}

async function doOne(host: string, action: HostAction, { lab, onProgress, signal }: Work): Promise<void> {
  switch (action) {
    case 'pull-plug':
      return await pullPlug(lab, host);
    case 'make-disk':
      return await makeDisk(lab, host);
    case 'mount-disk':
      return await mountDisk(lab.name, host);
    case 'write-hosts':
      return writeHosts(lab, host);
    case 'switch-on':
      // Something of an earlier run may be left, where systemd-nspawn did not end by itself.
      await pullPlug(lab, host);
      return switchOn(lab, host);
    case 'plug-in':
      return await plug(lab, host);
    case 'revive':
      // It may be on its way up, or have been cut off until just now.
      if (await readyWithin(lab, host, 10_000, signal)) return;
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
