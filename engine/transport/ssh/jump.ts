import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { Unreachable } from '../errors.ts';
import type { ConnectOptions } from '../options.ts';
import { enter } from './client.ts';
import { atDoor } from './handshakes.ts';
import { openSocket } from './socket.ts';
import { resolveTarget, type Target } from './target.ts';

/** Ways through which a host was reached; released when it is left. */
export interface Entrance {
  readonly client: Client;
  release(): void;
}

interface Bastion {
  readonly client: Promise<Entrance>;
  users: number;
}

/** Connections to jump hosts, shared by all hosts behind them. */
const bastions = new Map<string, Bastion>();
const DEEPEST_JUMP = 8;

/** `[user@]host[:port]`, or an `ssh://` URI; IPv6 addresses in brackets. */
function parseJump(text: string): { address: string; user?: string; port?: number } | undefined {
  const bare = text
    .trim()
    .replace(/^ssh:\/\//, '')
    .replace(/\/$/, '');
  const found = /^(?:(.+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(bare);
  const address = found?.[2] ?? found?.[3];
  if (address === undefined) return undefined;
  const [, user, , , port] = found ?? [];
  return { address, ...(user !== undefined && { user }), ...(port !== undefined && { port: Number(port) }) };
}

/** Connects to a host and is let in, through its jump hosts if it has any. Throws TransportError. */
export async function reach(options: ConnectOptions, jump = false, depth = 0): Promise<Entrance> {
  const target = await resolveTarget(options, jump);
  if (target.proxyJump === undefined) {
    if (target.proxyCommand !== undefined) throw noProxyCommand(target);
    const client = await atDoor(`${target.address}:${target.port}`, () =>
      enter(target, options, () => openSocket(target)),
    );
    return { client, release: () => void client.end() };
  }
  if (depth >= DEEPEST_JUMP)
    throw misconfigured(target, `more than ${DEEPEST_JUMP} jump hosts, one behind the other`);
  const hops = target.proxyJump.split(',');
  const last = parseJump(hops.pop() ?? '');
  if (last === undefined) throw misconfigured(target, `“${target.proxyJump}” is no list of jump hosts`);
  const via = { ...jumpOptions(options, last), ...(hops.length > 0 && { proxyJump: hops.join(',') }) };
  const { bastion, leave } = await throughBastion(via, depth + 1);
  try {
    const door = `behind ${bastionKey(via)}`;
    const client = await atDoor(door, () => enter(target, options, () => forward(bastion, target, via)));
    client.once('close', leave);
    return { client, release: () => void client.end() };
  } catch (error) {
    leave();
    throw error;
  }
}

/** A jump host is asked for with what serves its target: keys, known hosts, prompts; but not the target's user, port or jumps. */
function jumpOptions(
  options: ConnectOptions,
  hop: { address: string; user?: string; port?: number },
): ConnectOptions {
  const {
    user: _user,
    port: _port,
    proxyJump: _jump,
    password: _password,
    become: _become,
    ...kept
  } = options;
  return { ...kept, ...hop };
}

function bastionKey(via: ConnectOptions): string {
  return [
    via.user ?? '',
    via.address ?? '',
    via.port ?? '',
    via.privateKeyFile ?? '',
    via.proxyJump ?? '',
  ].join('|');
}

async function throughBastion(
  via: ConnectOptions,
  depth: number,
): Promise<{ bastion: Client; leave: () => void }> {
  const key = bastionKey(via);
  const bastion = bastions.get(key) ?? { client: reach(via, true, depth), users: 0 };
  bastions.set(key, bastion);
  bastion.users++;
  let left = false;
  const leave = (): void => {
    if (left) return;
    left = true;
    bastion.users--;
    if (bastion.users > 0) return;
    if (bastions.get(key) === bastion) bastions.delete(key);
    bastion.client.then(
      entrance => entrance.release(),
      () => undefined,
    );
  };
  try {
    const { client } = await bastion.client;
    client.on('error', () => undefined);
    client.once('close', () => {
      if (bastions.get(key) === bastion) bastions.delete(key);
    });
    return { bastion: client, leave };
  } catch (error) {
    leave();
    throw error;
  }
}

function forward(bastion: Client, target: Target, via: ConnectOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error & { readonly reason?: unknown }): void =>
      reject(
        new Unreachable(
          target.label,
          error.reason === 2 ? 'refused' : 'jump-refused',
          `the jump host ${via.address} did not connect to ${target.address}:${target.port}: ${error.message.replace('(SSH) Channel open failure: ', '')}`,
          {
            hint: 'Is the host up and its name known there, and may the user forward (AllowTcpForwarding in the sshd_config of the jump host)?',
            cause: error,
          },
        ),
      );
    try {
      bastion.forwardOut('127.0.0.1', 0, target.address, target.port, (error, stream) =>
        error ? refused(error) : resolve(stream),
      );
    } catch (error) {
      refused(error as Error);
    }
  });
}

function misconfigured(target: Target, message: string): Unreachable {
  return new Unreachable(target.label, 'misconfigured', message, {
    hint: 'Check ProxyJump in ssh_config, or ansible_ssh_common_args.',
  });
}

function noProxyCommand(target: Target): Unreachable {
  return new Unreachable(target.label, 'misconfigured', 'ssh_config has a ProxyCommand for this host', {
    hint: 'Set ansible_connection: openssh for this host, or use ProxyJump.',
  });
}
