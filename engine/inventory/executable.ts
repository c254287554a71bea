import type { Diagnostics } from '../source/diagnostic.ts';
import { entryOf, get, type MappingEntry, type MappingNode, type Node } from '../source/node.ts';
import type { Span } from '../source/span.ts';
import { parseYaml } from '../source/yaml.ts';
import type { InventoryBuilder } from './build.ts';

/** What a program printed, and how it ended. */
interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** None where it could not be started, was killed, or took too long. */
  readonly status: number | null;
  readonly reason?: string;
}

/** Runs a program of this machine to its end, with a time limit; it is handed in, since only the transports start processes. */
export type RunProgram = (program: string, args: readonly string[]) => Outcome;

/** Reads the inventory that a program prints as JSON (Ansible's inventory/script.py): `--list`, and `--host NAME` if it has no `_meta`. */
export function readExecutable(
  path: string,
  name: string,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
  run: RunProgram,
): void {
  const ask = (...args: readonly string[]): Node | undefined =>
    askProgram(path, name, args, diagnostics, run);
  const root = ask('--list');
  if (root === undefined) return;
  if (root.kind !== 'mapping') {
    diagnostics.error('bad-inventory', `${name} --list must print a mapping of groups`, root.span);
    return;
  }
  const hosts: string[] = [];
  for (const entry of root.entries)
    if (entry.key !== '_meta') hosts.push(...readGroup(entry, name, builder, diagnostics));
  const meta = get(root, '_meta');
  const hostvars = get(meta, 'hostvars');
  for (const host of new Set(hosts)) {
    const variables = hostvars === undefined ? ask('--host', host) : get(hostvars, host);
    if (variables?.kind !== 'mapping') continue;
    for (const one of variables.entries)
      builder.setHostVariable(host, String(one.key), { node: one.value, keySpan: one.keySpan });
  }
}

function askProgram(
  path: string,
  name: string,
  args: readonly string[],
  diagnostics: Diagnostics,
  run: RunProgram,
): Node | undefined {
  const command = [name, ...args].join(' ');
  const { stdout, stderr, status, reason } = run(path, args);
  if (status !== 0) {
    const last = stderr.trim().split('\n').at(-1) ?? '';
    diagnostics.error(
      'inventory-program-failed',
      `${command} failed: ${reason ?? `exit code ${status}`}`,
      undefined,
      {
        ...(last !== '' && { notes: [{ message: `its last words: ${last}` }] }),
        hint: `run \`${command}\` yourself; it must print JSON`,
      },
    );
    return undefined;
  }
  if (stdout.trim() === '') {
    if (args[0] === '--list')
      diagnostics.error('bad-inventory', `${command} printed nothing; it must print a mapping of groups`);
    return undefined;
  }
  // JSON is YAML, and this way it has places.
  return parseYaml({ name: command, text: stdout }, diagnostics);
}

/** A group is `{hosts, vars, children}`, or a list of hosts, or the variables of a host that bears the group's name. */
function readGroup(
  entry: MappingEntry,
  program: string,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): readonly string[] {
  const name = String(entry.key);
  builder.addGroup(name, entry.keySpan);
  const { value } = entry;
  if (value.kind !== 'mapping') return readHosts(name, value, program, builder, diagnostics);
  const parts = ['hosts', 'vars', 'children'].some(part => entryOf(value, part) !== undefined);
  if (!parts) {
    builder.addHost(name, name, { span: entry.keySpan, source: program });
    setGroupVariables(name, value, builder);
    return [name];
  }
  const vars = get(value, 'vars');
  if (vars?.kind === 'mapping') setGroupVariables(name, vars, builder);
  else if (vars !== undefined)
    diagnostics.error('bad-inventory', `“vars” of “${name}” must be a mapping`, vars.span);
  for (const [child, span] of textsOf(get(value, 'children'), `“children” of “${name}”`, diagnostics)) {
    builder.addGroup(child, span);
    builder.addChild(name, child, span);
  }
  return readHosts(name, get(value, 'hosts'), program, builder, diagnostics);
}

function readHosts(
  group: string,
  node: Node | undefined,
  program: string,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): readonly string[] {
  const hosts = textsOf(node, `“hosts” of “${group}”`, diagnostics);
  for (const [host, span] of hosts) builder.addHost(host, group, { span, source: program });
  return hosts.map(([host]) => host);
}

function setGroupVariables(group: string, node: MappingNode, builder: InventoryBuilder): void {
  for (const one of node.entries)
    builder.setGroupVariable(group, String(one.key), { node: one.value, keySpan: one.keySpan });
}

function textsOf(
  node: Node | undefined,
  what: string,
  diagnostics: Diagnostics,
): readonly (readonly [string, Span])[] {
  if (node === undefined) return [];
  if (node.kind !== 'sequence') {
    diagnostics.error('bad-inventory', `${what} must be a list`, node.span);
    return [];
  }
  return node.items.flatMap(item =>
    item.kind === 'scalar' && item.value !== null ? [[String(item.value), item.span] as const] : [],
  );
}
