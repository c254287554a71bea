import { existsSync } from 'node:fs';
import { baseFolder } from './base.ts';
import { diskOf, isMounted, knowsAllHosts } from './disk.ts';
import { textOf } from './files.ts';
import { addressOf, type Lab } from './lab.ts';
import { layoutOf } from './layout.ts';
import { isOn, machineOf } from './machine.ts';
import { mountPoints } from './mounts.ts';
import { bridgeStands, type Interface, interfaces, isPlugged } from './network.ts';
import type { Found, FoundHost } from './plan.ts';
import { type Process, processes } from './processes.ts';
import { proxyAnswers } from './proxy.ts';
import { sshAnswers } from './ready.ts';
import { missingPackages } from './tools.ts';

/** A lab as it was written down, or undefined where there is none. */
export function readLab(name: string): Lab | undefined {
  const text = textOf(layoutOf(name).lab);
  // What we wrote ourselves, whole or not at all.
  return text === undefined ? undefined : (JSON.parse(text) as Lab);
}

/** Looks at a lab and this machine, changing nothing. */
export async function observe(lab: Lab): Promise<Found> {
  const lacking = missingPackages();
  const all = lacking.includes('iproute2') ? [] : await interfaces();
  const seen: Seen = { all, points: mountPoints(), running: processes() };
  const bridge = bridgeStands(lab, all);
  const [proxy, ...hosts] = await Promise.all([
    bridge && proxyAnswers(lab),
    ...lab.hosts.map(host => observeHost(lab, host, seen)),
  ]);
  return {
    missingPackages: lacking,
    base: existsSync(baseFolder(lab.release)),
    key: existsSync(layoutOf(lab.name).publicKey),
    bridge,
    proxy,
    hosts,
  };
}

interface Seen {
  readonly all: readonly Interface[];
  readonly points: readonly string[];
  readonly running: readonly Process[];
}

async function observeHost(lab: Lab, host: string, { all, points, running }: Seen): Promise<FoundHost> {
  const on = isOn(machineOf(lab.name, host, running));
  const plugged = on && isPlugged(lab, host, all);
  return {
    name: host,
    disk: diskOf(lab.name, host) !== undefined,
    mounted: isMounted(lab.name, host, points),
    neighbours: knowsAllHosts(lab, host),
    on,
    plugged,
    answers: plugged && (await sshAnswers(addressOf(lab, host), 1000)),
  };
}
