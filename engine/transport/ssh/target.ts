import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import {
  type ConnectOptions,
  DEFAULT_CONNECT_TIMEOUT_SECONDS,
  DEFAULT_KEEPALIVE_SECONDS,
  type HostKeyChecking,
} from '../options.ts';
import { hostConfig } from './config.ts';
import { knownHostName } from './known-hosts.ts';

/** All that is needed to reach and enter one ssh server: the options, and ssh_config where they say nothing. */
export interface Target {
  /** For messages: the inventory name, or `NAME (jump host ADDRESS)`. */
  readonly label: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Asked for by name: that they cannot be used is an error. */
  readonly keyFile: string | undefined;
  /** Tried if they are there. */
  readonly defaultKeyFiles: readonly string[];
  readonly identitiesOnly: boolean;
  readonly agentSocket: string | undefined;
  readonly knownName: string;
  readonly knownHostsFiles: readonly string[];
  readonly checking: HostKeyChecking;
  readonly connectTimeoutSeconds: number;
  readonly keepaliveSeconds: number;
  readonly proxyJump: string | undefined;
  readonly proxyCommand: string | undefined;
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
const SYSTEM_KNOWN_HOSTS = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

function tilde(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/** One host as its options and ssh_config say it is reached. `jump` tells that it is only passed through. */
export async function resolveTarget(options: ConnectOptions, jump = false): Promise<Target> {
  const alias = options.address ?? options.name;
  const given = {
    ...(options.user !== undefined && { user: options.user }),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.sshArguments !== undefined && { arguments: options.sshArguments }),
  };
  const config = await hostConfig(alias, options.sshConfigFile, given);
  const address = config.hostName;
  const port = config.port ?? 22;
  const ssh = join(homedir(), '.ssh');
  const agent = config.identityAgent ?? 'SSH_AUTH_SOCK';
  const keyFile = options.privateKeyFile === undefined ? undefined : tilde(options.privateKeyFile);
  const files =
    config.identityFiles.length > 0 ? config.identityFiles : DEFAULT_KEYS.map(key => join(ssh, key));
  const proxyJump = options.proxyJump ?? config.proxyJump;
  return {
    label: jump ? `${options.name} (jump host ${address})` : options.name,
    address,
    port,
    user: config.user ?? userInfo().username,
    keyFile,
    defaultKeyFiles: keyFile === undefined || jump ? files : [],
    identitiesOnly: config.identitiesOnly,
    agentSocket:
      agent === 'SSH_AUTH_SOCK' ? process.env['SSH_AUTH_SOCK'] : agent === 'none' ? undefined : agent,
    knownName: config.hostKeyAlias ?? knownHostName(address, port),
    knownHostsFiles:
      options.knownHostsFile === undefined
        ? [
            ...(config.userKnownHostsFiles ?? [join(ssh, 'known_hosts'), join(ssh, 'known_hosts2')]),
            ...(config.globalKnownHostsFiles ?? SYSTEM_KNOWN_HOSTS),
          ]
        : [tilde(options.knownHostsFile)],
    checking: options.hostKeyChecking ?? config.hostKeyChecking ?? 'strict',
    connectTimeoutSeconds:
      options.connectTimeoutSeconds ?? config.connectTimeoutSeconds ?? DEFAULT_CONNECT_TIMEOUT_SECONDS,
    keepaliveSeconds: options.keepaliveSeconds ?? config.keepaliveSeconds ?? DEFAULT_KEEPALIVE_SECONDS,
    proxyJump: proxyJump?.toLowerCase() === 'none' ? undefined : proxyJump,
    proxyCommand: options.proxyJump === undefined ? config.proxyCommand : undefined,
  };
}
