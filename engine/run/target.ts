import { userInfo } from 'node:os';
import { Secret } from '../kit/secret.ts';
import type { Play, Task } from '../playbook/playbook.ts';
import { type Scope, str, type Value } from '../template/index.ts';
import type { ConnectOptions } from '../transport/index.ts';
import type { Become } from './become.ts';
import type { ConnectionSettings } from './context.ts';
import { PlaybookMistake } from './errors.ts';
import { flagOf, keywordFlag, keywordText } from './keywords.ts';

/** The first of several variables that is there. */
function variable(scope: Scope, ...names: readonly string[]): Value | undefined {
  for (const name of names) {
    const value = scope.get(name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function text(scope: Scope, ...names: readonly string[]): string | undefined {
  const value = variable(scope, ...names);
  if (value === undefined) return undefined;
  return value instanceof Secret ? str(value.reveal()) : str(value);
}

function secret(scope: Scope, ...names: readonly string[]): Secret | undefined {
  const value = text(scope, ...names);
  return value === undefined ? undefined : new Secret(value);
}

const TRANSPORTS = {
  ssh: 'ssh',
  paramiko: 'ssh',
  paramiko_ssh: 'ssh',
  smart: 'ssh',
  openssh: 'openssh',
  local: 'local',
  nspawn: 'nspawn',
  'community.general.nspawn': 'nspawn',
  docker: 'docker',
  'community.docker.docker': 'docker',
} as const;

function transportOf(word: string): ConnectOptions['transport'] {
  if (Object.hasOwn(TRANSPORTS, word)) return TRANSPORTS[word as keyof typeof TRANSPORTS];
  throw new PlaybookMistake([
    {
      code: 'unknown-connection',
      severity: 'error',
      message: `unknown connection “${word}”`,
      hint: `there are ${[...new Set(Object.values(TRANSPORTS))].join(', ')}`,
    },
  ]);
}

/** How a host is reached: its variables count above the play's keywords, those above the command line, as in Ansible. */
export function connectOptions(
  host: string,
  scope: Scope,
  play: Play | undefined,
  settings: ConnectionSettings,
): ConnectOptions {
  const keyword = (name: 'remote_user' | 'connection' | 'port'): string | undefined =>
    play === undefined ? undefined : keywordText(play, name, scope);
  const implicit =
    host === 'localhost' && variable(scope, 'ansible_host') === undefined ? 'local' : undefined;
  const transport = transportOf(
    text(scope, 'ansible_connection') ?? keyword('connection') ?? settings.transport ?? implicit ?? 'ssh',
  );
  const port = text(scope, 'ansible_port', 'ansible_ssh_port') ?? keyword('port');
  const checking = text(scope, 'ansible_host_key_checking', 'ansible_ssh_host_key_checking');
  const hostKeyChecking =
    checking === undefined
      ? settings.hostKeyChecking
      : checking === 'accept-new'
        ? 'accept-new'
        : flagOf(checking)
          ? 'strict'
          : 'off';
  const commonArguments = [
    text(scope, 'ansible_ssh_common_args'),
    text(scope, 'ansible_ssh_extra_args'),
    text(scope, 'ansible_ssh_args'),
  ].flatMap(words => words?.split(/\s+/).filter(word => word !== '') ?? []);
  const present: { readonly [K in keyof ConnectOptions]?: ConnectOptions[K] | undefined } = {
    address: text(scope, 'ansible_host', 'ansible_ssh_host'),
    port: port === undefined ? undefined : Number(port),
    user: text(scope, 'ansible_user', 'ansible_ssh_user') ?? keyword('remote_user') ?? settings.user,
    privateKeyFile:
      text(scope, 'ansible_ssh_private_key_file', 'ansible_private_key_file') ?? settings.privateKeyFile,
    privateKeyPassphrase: secret(scope, 'ansible_ssh_private_key_passphrase'),
    password:
      secret(scope, 'ansible_password', 'ansible_ssh_password', 'ansible_ssh_pass') ?? settings.password,
    knownHostsFile: text(scope, 'ansible_ssh_known_hosts_file'),
    hostKeyChecking,
    proxyJump: text(scope, 'ansible_ssh_proxy_jump'),
    sshArguments: [...commonArguments, ...(settings.sshArguments ?? [])],
    connectTimeoutSeconds: Number(
      text(scope, 'ansible_timeout', 'ansible_ssh_timeout') ?? settings.connectTimeoutSeconds ?? 10,
    ),
    shellProgram: text(scope, 'ansible_shell_executable'),
  };
  const given = Object.fromEntries(Object.entries(present).filter(([, value]) => value !== undefined));
  return { name: host, transport, ...given };
}

/** As which user a task acts on a host; undefined for the connecting one. */
export function becomeOf(task: Task | Play, scope: Scope, settings: ConnectionSettings): Become | undefined {
  const byVariable = variable(scope, 'ansible_become');
  const wanted =
    byVariable === undefined ? (keywordFlag(task, 'become', scope) ?? settings.become) : flagOf(byVariable);
  if (!wanted) return undefined;
  const user =
    text(scope, 'ansible_become_user') ??
    keywordText(task, 'become_user', scope) ??
    settings.becomeUser ??
    'root';
  const method =
    text(scope, 'ansible_become_method') ??
    keywordText(task, 'become_method', scope) ??
    settings.becomeMethod ??
    'sudo';
  if (user === connectingUser(task, scope, settings)) return undefined; // already that user
  const password =
    secret(scope, 'ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass') ??
    settings.becomePassword;
  if (method !== 'sudo' && method !== 'su') {
    throw new PlaybookMistake([
      {
        code: 'unknown-become-method',
        severity: 'error',
        message: `unknown become method “${method}”`,
        hint: 'there are `sudo` and `su`',
      },
    ]);
  }
  return { method, user, ...(password && { password }) };
}

function connectingUser(task: Task | Play, scope: Scope, settings: ConnectionSettings): string | undefined {
  const connection =
    text(scope, 'ansible_connection') ?? keywordText(task, 'connection', scope) ?? settings.transport;
  if (connection === 'local') return userInfo().username;
  return (
    text(scope, 'ansible_user', 'ansible_ssh_user') ??
    keywordText(task, 'remote_user', scope) ??
    settings.user
  );
}
