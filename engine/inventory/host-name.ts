import type { Diagnostics } from '../source/diagnostic.ts';
import type { ScalarNode } from '../source/node.ts';
import type { SourceText } from '../source/span.ts';
import { parseAddress } from './address.ts';
import type { InventoryBuilder } from './build.ts';
import { expandRanges } from './ranges.ts';

/** A host's name as it is written: ranges and a port may be in it. */
export interface WrittenName {
  readonly source: SourceText;
  readonly text: string;
  /** Its offset in the source. */
  readonly start: number;
}

/** Adds the hosts that a name stands for to a group; their names. */
export function addHosts(
  written: WrittenName,
  group: string,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): readonly string[] {
  const { source, text, start } = written;
  const span = { source, start, end: start + text.length };
  if (text.endsWith(':')) {
    diagnostics.error('bad-host-name', 'a host’s name cannot end with “:”', span, {
      hint: 'remove it, or write the port behind it',
    });
    return [];
  }
  const address = parseAddress(text);
  const name = address?.host ?? text;
  const names = expandRanges(name);
  if ('message' in names) {
    const at = start + text.indexOf(name);
    diagnostics.error('bad-range', names.message, { source, start: at + names.start, end: at + names.end });
    return [];
  }
  const port = address?.port === undefined ? undefined : portNode(written, address.port);
  for (const host of names)
    builder.addHost(host, group, { span, source: source.name, ...(port && { port }) });
  return names;
}

function portNode({ source, text, start }: WrittenName, port: number): ScalarNode {
  const span = { source, start: start + text.lastIndexOf(':') + 1, end: start + text.length };
  return { kind: 'scalar', span, value: port, float: false, style: 'plain' };
}
