import { parseAddress } from './address.ts';
import type { InventoryBuilder } from './build.ts';

/** Reads a list of hosts as `-i` takes it (`-i web1,web2:2222`, `-i web1,`); ranges are not expanded in it, as in Ansible. */
export function readHostList(text: string, builder: InventoryBuilder): void {
  const source = { name: '--inventory', text };
  for (const match of text.matchAll(/[^,\s](?:[^,]*[^,\s])?/g)) {
    const [start, end] = [match.index, match.index + match[0].length];
    const address =
      match[0].includes('[') && !/^\[[^[\]]*\]:[0-9]+$/.test(match[0]) ? undefined : parseAddress(match[0]);
    const span = { source, start, end };
    const portStart = start + match[0].lastIndexOf(':') + 1;
    builder.addHost(address?.host ?? match[0], 'ungrouped', {
      span,
      ...(address?.port !== undefined && {
        port: {
          kind: 'scalar',
          span: { source, start: portStart, end },
          value: address.port,
          float: false,
          style: 'plain',
        },
      }),
    });
  }
}
