import { unreachable } from '../source/unreachable.ts';
import type { Link } from './byte-channel.ts';
import { LinkConnection } from './connection.ts';
import { dockerLink, nspawnLink } from './containers.ts';
import { localLink } from './local.ts';
import { opensshLink } from './openssh.ts';
import type { ConnectOptions } from './options.ts';
import type { Connection } from './shell.ts';
import { sshLink } from './ssh/link.ts';

/**
 * Connects to a host; its shells open with their first jobs. Throws TransportError. (With `openssh`, `docker` and `nspawn` it is
 * the first job that connects, and throws.)
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  return new LinkConnection(options, await link(options));
}

async function link(options: ConnectOptions): Promise<Link> {
  switch (options.transport) {
    case 'ssh':
      return sshLink(options);
    case 'openssh':
      return opensshLink(options);
    case 'local':
      return localLink(options.name);
    case 'nspawn':
      return nspawnLink(options);
    case 'docker':
      return dockerLink(options);
    default:
      return unreachable(options.transport);
  }
}
