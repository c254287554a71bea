import { existsSync } from 'node:fs';
import { baseFolder } from './base.ts';
import { diskOf, isMounted, knowsAllHosts } from './disk.ts';
import type { Lab } from './lab.ts';
import { layoutOf } from './layout.ts';
import { isOn, machineOf } from './machine.ts';
import { mountPoints } from './mounts.ts';
import { bridgeStands, type Interface, interfaces, isPlugged } from './network.ts';
import type { Found, FoundHost } from './plan.ts';
import { type Process, processes } from './processes.ts';
import { proxyAnswers } from './proxy.ts';
import { isReady } from './ready.ts';

/** Looks at a lab and this machine, changing nothing. */
export async function observe(lab: Lab): Promise<Found> {
  const all = await interfaces();
  const seen: Seen = { all, points: mountPoints(), running: processes() };
  const bridge = bridgeStands(lab, all);
  const [proxy, ...hosts] = await Promise.all([
    bridge && proxyAnswers(lab),
    ...lab.hosts.map(host => observeHost(lab, host, seen)),
  ]);
  return {
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
  const mounted = isMounted(lab.name, host, points);
  const on = isOn(machineOf(lab.name, host, running));
  const plugged = on && isPlugged(lab, host, all);
  return {
    name: host,
    disk: diskOf(lab.name, host) !== undefined,
    mounted,
    neighbours: mounted && knowsAllHosts(lab, host),
    on,
    plugged,
    answers: plugged && (await isReady(lab, host, 1000, running)),
  };
}
