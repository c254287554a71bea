import { existsSync, readdirSync } from 'node:fs';
import { checkLabName, defaultLabName, type Lab } from './lab.ts';
import { lockLab, readLab } from './lab-file.ts';
import { hostLayout, layoutOf } from './layout.ts';
import { isOn, machineOf, pullPlug, switchOff } from './machine.ts';
import { removeFolder, unmountBelow } from './mounts.ts';
import { removeBridge } from './network.ts';
import { type OnProgress, step } from './progress.ts';
import { stopProxy } from './proxy.ts';
import { checkMachine } from './tools.ts';

/** Which lab is taken down, and whether its disks go too. Base images and the packages that the proxy keeps always stay. */
export interface DownOptions {
  readonly name?: string;
  readonly wipe?: boolean;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Takes a lab down: no process, bridge, mount or control group of it is left. Hosts shut down in an orderly way and keep their disks;
 * with `wipe` the plug is pulled and all that the lab has of its own is removed. Where there is no lab it does nothing.
 */
export async function down(options: DownOptions): Promise<void> {
  const { name = defaultLabName(), wipe = false, onProgress, signal } = options;
  checkMachine();
  checkLabName(name);
  if (!existsSync(layoutOf(name).folder))
    return onProgress({ kind: 'said', text: `there is no lab “${name}”` });
  await using _ = await lockLab(name, onProgress, signal);
  const lab = readLab(name);
  if (lab !== undefined) await stopAll(lab, wipe, onProgress);
  await unmountBelow(layoutOf(name).folder);
  if (wipe)
    await step(onProgress, 'wipe', `Remove ${layoutOf(name).folder}`, () =>
      removeFolder(layoutOf(name).folder),
    );
}

async function stopAll(lab: Lab, wipe: boolean, onProgress: OnProgress): Promise<void> {
  await Promise.all(
    hostsOf(lab).map(async host => {
      if (!isOn(machineOf(lab.name, host))) return await pullPlug(lab, host);
      if (wipe) return await step(onProgress, host, `Switch off ${host}`, () => pullPlug(lab, host));
      return await step(onProgress, host, `Shut down ${host}`, () => switchOff(lab, host));
    }),
  );
  await stopProxy(lab.name);
  await removeBridge(lab);
}

/** The hosts of a lab, and those that only have a folder. */
function hostsOf(lab: Lab): readonly string[] {
  const { hosts } = layoutOf(lab.name);
  const folders = existsSync(hosts)
    ? readdirSync(hosts).filter(host => existsSync(hostLayout(lab.name, host).folder))
    : [];
  return [...new Set([...lab.hosts, ...folders])];
}
