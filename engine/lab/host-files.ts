import { addressOf, bridgeAddress, type Lab, proxyPort } from './lab.ts';
import { accounts } from './recipe.ts';

/** A file to be placed in a host's root file system; `owner` is a user id, and its group's; folders on the way are made alike. */
export interface HostFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly owner: number;
}

/** The keys of a host that its files hold: who may log in, what it is known by (file name to content), and its machine id. */
export interface HostIdentity {
  readonly authorizedKey: string;
  readonly hostKeys: ReadonlyMap<string, string>;
  readonly machineId: string;
}

const freshHosts = `127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;

/**
 * An /etc/hosts with a line for each host of a lab that lacks one. A host's own name stands for its address on the bridge only: with
 * 127.0.1.1 Erlang nodes do not find each other.
 */
export function withHosts(text: string, lab: Lab): string {
  const there = new Set(text.split('\n'));
  const missing = lab.hosts.map(host => `${addressOf(lab, host)} ${host}`).filter(line => !there.has(line));
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return missing.length === 0 ? text : `${text}${separator}${missing.join('\n')}\n`;
}

/** All that makes a copy of the base image this host of this lab. */
export function hostFiles(lab: Lab, host: string, identity: HostIdentity): readonly HostFile[] {
  const plain = (path: string, content: string): HostFile => ({ path, content, mode: 0o644, owner: 0 });
  const key = `${identity.authorizedKey.trim()}\n`;
  return [
    plain('/etc/hostname', `${host}\n`),
    plain('/etc/hosts', withHosts(freshHosts, lab)),
    { path: '/etc/machine-id', content: `${identity.machineId}\n`, mode: 0o444, owner: 0 },
    plain('/etc/systemd/network/10-host0.network', networkFile(lab, host)),
    plain(
      '/etc/apt/apt.conf.d/31lab-proxy',
      `Acquire::http::Proxy "http://${bridgeAddress(lab)}:${proxyPort}";\n`,
    ),
    ...sshdFiles(lab).map(([path, content]) => plain(path, content)),
    ...[...identity.hostKeys].map(([name, content]) => ({
      path: `/etc/ssh/${name}`,
      content,
      mode: name.endsWith('.pub') ? 0o644 : 0o600,
      owner: 0,
    })),
    { path: '/root/.ssh/authorized_keys', content: key, mode: 0o600, owner: 0 },
    ...accounts.map(({ name, id }) => ({
      path: `/home/${name}/.ssh/authorized_keys`,
      content: key,
      mode: 0o600,
      owner: id,
    })),
  ];
}

/** Without link-local addresses the network is up at once: nothing waits for duplicates to answer. */
function networkFile(lab: Lab, host: string): string {
  return `[Match]\nName=host0\n\n[Network]\nAddress=${addressOf(lab, host)}/24\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n`;
}

/** OpenSSH from 9.8 on (trixie) shuts out an address that connects often without logging in, as whoever waits for a host does. */
function sshdFiles(lab: Lab): readonly (readonly [string, string])[] {
  return lab.release === 'trixie' ? [['/etc/ssh/sshd_config.d/lab.conf', 'PerSourcePenalties no\n']] : [];
}
