import type { Link } from './byte-channel.ts';
import { LinkConnection } from './connection.ts';
import { localLink } from './local.ts';
import type { ConnectOptions } from './options.ts';
import type { Connection } from './shell.ts';
import { sshLink } from './ssh/link.ts';

/** Connects to a host; its shells open with their first jobs. Throws TransportError. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  return new LinkConnection(options, await link(options));
}

async function link(options: ConnectOptions): Promise<Link> {
  switch (options.transport) {
    case 'ssh':
      return sshLink(options);
    case 'local':
      return localLink();
    default:
      throw new Error(`not yet: ${options.transport}`);
  }
}
