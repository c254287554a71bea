import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import type { ByteChannel, ChannelEnd, ChannelListener, Link } from '../byte-channel.ts';
import { ShellBroken, Unreachable } from '../errors.ts';
import { linkLost } from '../explain.ts';
import { Lingering } from '../lingering.ts';
import type { ConnectOptions } from '../options.ts';
import { reach } from './jump.ts';
import { execute } from './ssh2-private.ts';

/** OpenSSH's answer when a connection has all the sessions that it may have; slots are freed late. */
const NO_SLOT = 2;
const MOST_TRIES = 8;
const PAUSE_MS = 100;

/** An SSH connection, by ssh2. Throws TransportError. */
export async function sshLink(options: ConnectOptions): Promise<Link> {
  const entrance = await reach(options);
  const { client } = entrance;
  let reason: Error | undefined;
  let closing = false;
  client.on('error', error => {
    reason ??= error;
  });
  const lost = new Promise<Error | undefined>(resolve => {
    client.once('close', () => resolve(closing ? undefined : (reason ?? new Error('the host closed it'))));
  });
  return {
    lost,
    open: (command, listener, early) =>
      openChannel(options.name, client, command, listener, early, () => reason),
    close: async () => {
      closing = true;
      entrance.release();
      // A peer that is gone never says goodbye.
      const timer = setTimeout(() => client.destroy(), 1000);
      await lost;
      clearTimeout(timer);
    },
  };
}

async function openChannel(
  host: string,
  client: Client,
  command: string,
  listener: ChannelListener,
  early: Buffer,
  reason: () => Error | undefined,
): Promise<ByteChannel> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { channel, sent } = await execute(client, command, early);
      const bytes = byteChannel(channel, listener, reason);
      if (early.length > sent) void bytes.write(early.subarray(sent));
      return bytes;
    } catch (error) {
      const failure = error as Error & { readonly reason?: unknown };
      if (failure.reason !== NO_SLOT || attempt >= MOST_TRIES) throw openingError(host, failure);
      await pause(PAUSE_MS * attempt);
    }
  }
}

function openingError(host: string, error: Error & { readonly reason?: unknown }): Error {
  if (typeof error.reason === 'number')
    return new ShellBroken(
      host,
      `the host opened no session: ${error.message.replace('(SSH) Channel open failure: ', '')}`,
      {
        hint: 'Its sshd_config may allow too few sessions (MaxSessions), or none to this user.',
        cause: error,
      },
    );
  if (error.message === 'Unable to exec')
    return new ShellBroken(host, 'the host refused to run a command', {
      hint: 'The user may be allowed something else only (ForceCommand, internal-sftp).',
      cause: error,
    });
  return error instanceof Unreachable ? error : linkLost(host, error);
}

function byteChannel(
  channel: ClientChannel,
  listener: ChannelListener,
  reason: () => Error | undefined,
): ByteChannel {
  channel.on('error', () => undefined);
  const closed = new Promise<ChannelEnd>(resolve => {
    let end: ChannelEnd | undefined;
    const lingering = new Lingering(listener, last => {
      channel.close();
      resolve(last);
    });
    channel.on('data', (chunk: Buffer) => lingering.listener.stdout(chunk));
    channel.stderr.on('data', (chunk: Buffer) => lingering.listener.stderr(chunk));
    channel.on('exit', (exitCode: number | null, signal?: string) => {
      end = { exitCode, ...(signal !== undefined && { signal }) };
      lingering.exited(end);
    });
    channel.on('close', () => {
      lingering.closed();
      const lost = reason() ?? new Error('the channel ended without an exit code');
      resolve(end ?? { exitCode: null, lost });
    });
  });
  let over = false;
  void closed.then(() => {
    over = true;
  });
  return {
    closed,
    write: async bytes => {
      if (over) return;
      // On a closed channel ssh2 never calls back.
      const written = new Promise<void>(resolve => void channel.write(bytes, () => resolve()));
      await Promise.race([written, closed]);
    },
    end: () => void channel.end(),
    close: () => channel.close(),
  };
}
