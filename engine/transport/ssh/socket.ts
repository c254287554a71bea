import { connect, type Socket } from 'node:net';
import { Unreachable, type UnreachableReason } from '../errors.ts';
import type { Target } from './target.ts';

const REASONS: Readonly<Record<string, readonly [UnreachableReason, string, string]>> = {
  ECONNREFUSED: ['refused', 'refused the connection', 'Is sshd running there, on that port (ansible_port)?'],
  EHOSTUNREACH: [
    'no-route',
    'cannot be reached',
    'Is the host up, and on a network that this machine reaches?',
  ],
  ENETUNREACH: ['no-route', 'cannot be reached', 'Is this machine on the network?'],
  ETIMEDOUT: ['timed-out', 'did not answer', 'Is the host up, and does no firewall drop the packets?'],
  ENOTFOUND: ['unknown-name', 'is not a known name', 'Check the name, or give the address: ansible_host.'],
  EAI_AGAIN: ['unknown-name', 'could not be looked up', 'Does this machine reach its name server?'],
};

/** The error for a system call's error while connecting. */
export function connectionError(target: Target, error: NodeJS.ErrnoException): Unreachable {
  const [reason, what, hint] = REASONS[error.code ?? ''] ?? [
    'no-route',
    `could not be reached (${error.message})`,
    'Check the address and the network.',
  ];
  return new Unreachable(target.label, reason, `${target.address}:${target.port} ${what}`, {
    hint,
    cause: error,
  });
}

/** The error when a host takes too long to let us in. */
export function timedOut(target: Target): Unreachable {
  return new Unreachable(
    target.label,
    'timed-out',
    `${target.address}:${target.port} did not let us in within ${target.connectTimeoutSeconds} s`,
    {
      hint: 'Is the host up, and does no firewall drop the packets? A slow one may need a longer ansible_ssh_timeout.',
    },
  );
}

/** A TCP connection that sends small packets at once: without TCP_NODELAY, each exchange may wait 40 ms for an acknowledgement. */
export function openSocket(target: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.address, port: target.port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(timedOut(target));
    }, target.connectTimeoutSeconds * 1000);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      // Until ssh2 listens.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', error => {
      clearTimeout(timer);
      reject(connectionError(target, error));
    });
  });
}
