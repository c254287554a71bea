import { existsSync } from 'node:fs';
import { end, run } from './command.ts';
import { textOf } from './files.ts';
import { bridgeAddress, bridgeName, cableName, type Lab } from './lab.ts';
import type { Prefix } from './subnet.ts';

/** One network interface of this machine. */
export interface Interface {
  readonly name: string;
  readonly up: boolean;
  /** The bridge that it is plugged into. */
  readonly bridge: string | undefined;
  readonly addresses: readonly Prefix[];
}

/** What `ip -json address` prints of an interface, as far as we read it (ip(8)). */
interface IpAddressEntry {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly addr_info?: readonly {
    readonly family: string;
    readonly local: string;
    readonly prefixlen: number;
  }[];
}

/** The network interfaces of this machine with their IPv4 addresses. */
export async function interfaces(): Promise<readonly Interface[]> {
  return parseInterfaces(await run(['ip', '-json', 'address']));
}

/** Reads the output of `ip -json address`. */
export function parseInterfaces(json: string): readonly Interface[] {
  // The program's documented form; an interface that goes while ip lists them is an empty object.
  const entries = JSON.parse(json) as readonly Partial<IpAddressEntry>[];
  return entries.flatMap(entry =>
    entry.ifname === undefined
      ? []
      : [
          {
            name: entry.ifname,
            up: entry.flags?.includes('UP') ?? false,
            bridge: entry.master,
            addresses: (entry.addr_info ?? [])
              .filter(info => info.family === 'inet')
              .map(info => `${info.local}/${info.prefixlen}`),
          },
        ],
  );
}

/** The IPv4 networks that this machine has a route to, the default route apart. */
export async function routes(): Promise<readonly Prefix[]> {
  // The program's documented form.
  const entries = JSON.parse(await run(['ip', '-json', '-4', 'route', 'show', 'table', 'all'])) as readonly {
    readonly dst?: string;
  }[];
  return entries.flatMap(({ dst }) => (dst === undefined || dst === 'default' ? [] : [dst]));
}

/** Whether this machine's firewall lets nothing pass over a bridge unless told: Docker sets it up so. */
export async function firewallCutsBridges(): Promise<boolean> {
  const asked = textOf('/proc/sys/net/bridge/bridge-nf-call-iptables')?.trim() === '1';
  if (!asked || !existsSync('/usr/sbin/iptables')) return false;
  const { stdout } = await end(['iptables', '-S', 'FORWARD']);
  return /^-P FORWARD DROP$/m.test(stdout);
}

/** Whether a lab's bridge is there, up, with its address. */
export function bridgeStands(lab: Lab, all: readonly Interface[]): boolean {
  const bridge = all.find(one => one.name === bridgeName(lab));
  return bridge?.up === true && bridge.addresses.includes(`${bridgeAddress(lab)}/24`);
}

/** Makes a lab's bridge, or gives the one that is there what it lacks. */
export async function makeBridge(lab: Lab): Promise<void> {
  const name = bridgeName(lab);
  if ((await end(['ip', 'link', 'show', name])).code !== 0) {
    await run(['ip', 'link', 'add', name, 'type', 'bridge', 'forward_delay', '0', 'stp_state', '0']);
  }
  await run(['ip', 'address', 'replace', `${bridgeAddress(lab)}/24`, 'dev', name]);
  await run(['ip', 'link', 'set', name, 'up']);
}

/** Removes a lab's bridge, if it is there. */
export async function removeBridge(lab: Lab): Promise<void> {
  if ((await end(['ip', 'link', 'show', bridgeName(lab)])).code === 0) {
    await run(['ip', 'link', 'delete', bridgeName(lab)]);
  }
}

/** Whether a host's cable is plugged into the lab's bridge, and not cut. */
export function isPlugged(lab: Lab, host: string, all: readonly Interface[]): boolean {
  const cable = all.find(one => one.name === cableName(lab, host));
  return cable?.up === true && cable.bridge === bridgeName(lab);
}

/** Plugs a running host's cable into the lab's bridge and ends a cut. */
export async function plug(lab: Lab, host: string): Promise<void> {
  const cable = cableName(lab, host);
  // A host that is just rebooting has none, and gets a plugged one.
  if ((await end(['ip', 'link', 'show', cable])).code !== 0) return;
  await run(['ip', 'link', 'set', cable, 'master', bridgeName(lab), 'up']);
}

/** Cuts a running host's cable: it runs on, and neither hears nor is heard. */
export async function unplug(lab: Lab, host: string): Promise<void> {
  await run(['ip', 'link', 'set', cableName(lab, host), 'down']);
}
