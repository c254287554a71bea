import {
  addressOf,
  bridgeName,
  checkLabName,
  defaultLabName,
  type Lab,
  type Release,
  subnetOf,
} from './lab.ts';
import { readLab } from './lab-file.ts';
import { layoutOf } from './layout.ts';
import { machineOf } from './machine.ts';
import { observe } from './observe.ts';
import { processes } from './processes.ts';
import { proxyProcess } from './proxy.ts';
import { checkMachine } from './tools.ts';

/** One host as it is now; `pid` is its systemd-nspawn on this machine, where it runs. */
interface HostStatus {
  readonly name: string;
  readonly address: string;
  readonly state: 'answers' | 'cut off' | 'silent' | 'off';
  readonly pid: number | undefined;
}

/** A lab as it is now. `up`: everything answers; `down`: nothing runs; `partly`: `up` would repair it. */
export interface LabStatus {
  readonly name: string;
  readonly state: 'up' | 'partly' | 'down';
  readonly release: Release;
  readonly subnet: string;
  readonly bridge: string;
  readonly proxy: { readonly answers: boolean; readonly pid: number | undefined };
  readonly hosts: readonly HostStatus[];
  readonly inventory: string;
  readonly privateKey: string;
  readonly knownHosts: string;
}

/** How a lab is; undefined where there is none of that name. Changes nothing. */
export async function status(name: string = defaultLabName()): Promise<LabStatus | undefined> {
  checkMachine();
  checkLabName(name);
  const lab = readLab(name);
  return lab === undefined ? undefined : await statusOf(lab);
}

/** How a lab that is written down is. */
export async function statusOf(lab: Lab): Promise<LabStatus> {
  const { name } = lab;
  const found = await observe(lab);
  const running = processes();
  const hosts = found.hosts.map(host => ({
    name: host.name,
    address: addressOf(lab, host.name),
    state: host.answers
      ? ('answers' as const)
      : !host.on
        ? ('off' as const)
        : host.plugged
          ? ('silent' as const)
          : ('cut off' as const),
    pid: machineOf(name, host.name, running).nspawn,
  }));
  const proxy = { answers: found.proxy, pid: proxyProcess(name, running) };
  const all = found.bridge && proxy.answers && hosts.every(host => host.state === 'answers');
  const none = !found.bridge && proxy.pid === undefined && hosts.every(host => host.state === 'off');
  const { inventory, privateKey, knownHosts } = layoutOf(name);
  return {
    name,
    state: all ? 'up' : none ? 'down' : 'partly',
    release: lab.release,
    subnet: subnetOf(lab),
    bridge: bridgeName(lab),
    proxy,
    hosts,
    inventory,
    privateKey,
    knownHosts,
  };
}
