import { ProbeError } from '../errors.ts';
import type { Plain } from '../schema.ts';

/** How many there are, and the first of them. */
export interface Listed {
  readonly count: number;
  readonly names: readonly string[];
}

/** The kinds of data that a node may hold. */
export const HELD = [
  'vhosts',
  'users',
  'permissions',
  'queues',
  'exchanges',
  'bindings',
  'policies',
  'parameters',
  'limits',
] as const;
export type Held = (typeof HELD)[number];

/** What a node holds beyond a fresh one, by kind; empty for a fresh one. */
export type Holdings = ReadonlyMap<Held, Listed>;

export interface BrokerPolicy {
  readonly vhost: string;
  readonly name: string;
  readonly pattern: string;
  readonly applyTo: string;
  readonly priority: number;
  readonly definition: Plain;
}

/** What a running node says of itself and its cluster. Null is “not known” (the application is stopped), never “none”. */
export interface BrokerAnswer {
  readonly node: string;
  /** Whether the RabbitMQ application runs in the VM. */
  readonly running: boolean;
  /** It will run by itself: it is on its way up, or has paused because it sees a minority of its cluster only (`pause_minority`). */
  readonly starting: boolean;
  readonly version: string | null;
  readonly members: readonly string[] | null;
  /** Members that are connected, running or not, this one included. */
  readonly connected: readonly string[];
  /** Members that run, this one included; seen from here. */
  readonly runningNodes: readonly string[];
  /** Nodes that this one was cut off from. */
  readonly partitions: readonly string[];
  /** E.g. `disk on rabbit@9lpo192`. */
  readonly alarms: readonly string[];
  readonly enabledFlags: readonly string[] | null;
  readonly supportedFlags: readonly string[] | null;
  readonly vhosts: readonly string[] | null;
  readonly policies: readonly BrokerPolicy[] | null;
  /** Quorum queues that would lose their majority without this node. */
  readonly quorumCritical: Listed | null;
  /** Mirrored queues of which only this node has all messages. */
  readonly onlyCopies: Listed | null;
  /** Mirrored queues of the cluster with mirrors missing or not in sync. */
  readonly lagging: Listed | null;
}

/** Reads the two JSON lines of the broker's answer; throws ProbeError where they are not what they must be. */
export function parseBrokerAnswer(
  broker: string,
  holdings: string | null,
): { readonly answer: BrokerAnswer; readonly holdings: Holdings | null } {
  const fields = record(json(broker), 'broker');
  return {
    answer: {
      node: text(fields['node'], 'node'),
      running: fields['running'] === true,
      starting:
        fields['running'] !== true &&
        (fields['paused'] === true || ['booting', 'core_started'].includes(String(fields['boot'] ?? ''))),
      version: fields['version'] === null ? null : text(fields['version'], 'version'),
      members: textsOrNull(fields['members'], 'members'),
      connected: textsOrNull(fields['up'], 'up') ?? [],
      runningNodes: textsOrNull(fields['running_nodes'], 'running_nodes') ?? [],
      partitions: textsOrNull(fields['partitions'], 'partitions') ?? [],
      alarms: textsOrNull(fields['alarms'], 'alarms') ?? [],
      enabledFlags: textsOrNull(fields['enabled_flags'], 'enabled_flags'),
      supportedFlags: textsOrNull(fields['supported_flags'], 'supported_flags'),
      vhosts: textsOrNull(fields['vhosts'], 'vhosts'),
      policies: rows(fields['policies'], 'policies')?.map(policyOf) ?? null,
      quorumCritical: listed(fields['quorum_critical'], 'quorum_critical'),
      onlyCopies: listed(fields['only_copies'], 'only_copies'),
      lagging: listed(fields['lagging'], 'lagging'),
    },
    holdings: holdings === null ? null : holdingsOf(json(holdings)),
  };
}

function policyOf(row: Readonly<Record<string, Plain>>): BrokerPolicy {
  const definition = row['definition'] ?? {};
  return {
    vhost: text(row['vhost'], 'vhost'),
    name: text(row['name'], 'name'),
    pattern: text(row['pattern'], 'pattern'),
    applyTo: text(row['apply-to'], 'apply-to'),
    priority: Number(row['priority']),
    // Erlang's empty list is both `[]` and `{}`.
    definition: Array.isArray(definition) && definition.length === 0 ? {} : definition,
  };
}

function holdingsOf(value: Plain): Holdings | null {
  if (value === null) return null;
  const found = record(value, 'holdings');
  return new Map(
    HELD.flatMap(kind => {
      const list = found[kind] === undefined ? null : listed(found[kind], kind);
      return list === null ? [] : [[kind, list] as const];
    }),
  );
}

function json(line: string): Plain {
  try {
    // JSON has no other values than these.
    return JSON.parse(line) as Plain;
  } catch {
    throw new ProbeError('the broker’s answer is not JSON');
  }
}

function wrong(what: string): never {
  throw new ProbeError(`the broker’s answer has another “${what}” than was asked for`);
}

function record(value: Plain | undefined, what: string): Readonly<Record<string, Plain>> {
  if (typeof value !== 'object' || value === null || isList(value)) return wrong(what);
  return value;
}

function text(value: Plain | undefined, what: string): string {
  return typeof value === 'string' ? value : wrong(what);
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function textsOrNull(value: Plain | undefined, what: string): readonly string[] | null {
  if (value === null) return null;
  return value !== undefined && isList(value) ? value.map(item => text(item, what)) : wrong(what);
}

function rows(value: Plain | undefined, what: string): readonly Readonly<Record<string, Plain>>[] | null {
  if (value === null) return null;
  return value !== undefined && isList(value) ? value.map(item => record(item, what)) : wrong(what);
}

function listed(value: Plain | undefined, what: string): Listed | null {
  if (value === null) return null;
  const { count, names } = record(value, what);
  return typeof count === 'number' ? { count, names: textsOrNull(names, what) ?? [] } : wrong(what);
}
