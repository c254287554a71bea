import { type Attempt, attempt, type Broker, each, map, on, type Probe } from '../../engine/kit/index.ts';
import { askBroker } from './broker.ts';

/**
 * How a host's node was found: `unknown` (the host, or the node though it is alive, does not answer), `blank` (no data, so in no
 * cluster), `down` (no Erlang VM), `stopped` (a VM without the RabbitMQ application), `starting` (that will run by itself), `running`.
 */
export type Condition = 'unknown' | 'blank' | 'down' | 'stopped' | 'starting' | 'running';

/** A host that is, or shall be, a member; as it was found. */
export interface Member {
  readonly host: string;
  readonly condition: Condition;
  /** Name of its node; undefined where the host is out of reach. */
  readonly node: string | undefined;
  /** The members of its cluster, itself included, as it has them: empty where it has no data or they are not known. */
  readonly members: readonly string[];
  /** Why it is `unknown`. */
  readonly reason: string | undefined;
  readonly broker: Broker | undefined;
}

/** Hosts whose nodes list each other as members, in the order of `hosts`. */
export type Cluster = readonly Member[];

/** All members-to-be, and the host itself wherever it stands among them. Hosts that cannot be asked are `unknown`. */
export function askMembers(self: string, hosts: readonly string[]): Probe<readonly Member[]> {
  const all = hosts.includes(self) ? hosts : [...hosts, self];
  return each(all, host =>
    host === self
      ? map(askBroker, broker => memberOf(host, { ok: true, value: broker }))
      : map(attempt(on(host, askBroker)), found => memberOf(host, found)),
  );
}

/** What a host's broker is as a member. */
export function memberOf(host: string, found: Attempt<Broker>): Member {
  if (!found.ok)
    return {
      host,
      condition: 'unknown',
      node: undefined,
      members: [],
      reason: found.reason,
      broker: undefined,
    };
  const broker = found.value;
  const members = broker.answer === null ? (broker.onDisk ?? []) : (broker.answer.members ?? []);
  const condition = conditionOf(broker);
  return {
    host,
    condition,
    node: broker.node,
    members: condition === 'blank' ? [] : members,
    reason: condition === 'unknown' ? (broker.silence?.reason ?? 'its node does not answer') : undefined,
    broker,
  };
}

function conditionOf({ answer, alive, onDisk }: Broker): Condition {
  if (answer === null) return alive ? 'unknown' : onDisk === null ? 'blank' : 'down';
  return answer.running ? 'running' : answer.starting ? 'starting' : 'stopped';
}

/** Whether a node has another one in its list of members. */
export function lists(lister: Member, listed: Member): boolean {
  return listed.node !== undefined && lister.members.includes(listed.node);
}

/** Whether other nodes say that this one runs: their word counts where it does not answer itself. */
export function isRunning(member: Member, others: readonly Member[]): boolean {
  return (
    member.condition === 'running' ||
    (member.node !== undefined &&
      others.some(other => other.broker?.answer?.runningNodes.includes(member.node ?? '') === true))
  );
}

/**
 * The clusters that are there: nodes that list each other, directly or through others, and single nodes that were in one with nodes that
 * are not there to be asked, or have forgotten them. A node that a running member has forgotten, and that does not run, is in none.
 */
export function clustersOf(members: readonly Member[]): readonly Cluster[] {
  const left = new Set(members);
  const clusters: Cluster[] = [];
  for (const first of members) {
    if (!left.delete(first)) continue;
    const cluster = [first];
    for (const member of cluster)
      for (const other of left)
        if (lists(member, other) && lists(other, member)) {
          cluster.push(other);
          left.delete(other);
        }
    clusters.push(members.filter(member => cluster.includes(member)));
  }
  return clusters.filter(cluster => cluster.length > 1 || cluster.some(member => isRemnant(member, members)));
}

/** The largest cluster, by nodes that answer; empty where there is none. */
export function largestCluster(members: readonly Member[]): Cluster {
  const answering = (cluster: Cluster): number => cluster.filter(answers).length;
  const [largest] = [...clustersOf(members)].sort(
    (a, b) => answering(b) - answering(a) || b.length - a.length,
  );
  return largest ?? [];
}

/** Whether a node answers: then it took the cookie that is in its file, too. */
export function answers({ broker }: Member): boolean {
  return broker !== undefined && broker.answer !== null;
}

function isRemnant(member: Member, members: readonly Member[]): boolean {
  return member.members.length > 1 && (member.condition === 'running' || !isForgotten(member, members));
}

/** Whether running nodes that this one takes for members of its cluster do not list it: it can never start again. */
export function isForgotten(member: Member, members: readonly Member[]): boolean {
  const running = members.filter(other => other !== member && other.condition === 'running');
  return (
    running.some(other => lists(member, other) && !lists(other, member)) &&
    !running.some(other => lists(other, member))
  );
}

/** The task's own host among the members. */
export function selfOf(members: readonly Member[], self: string): Member {
  const found = members.find(member => member.host === self);
  if (found === undefined) throw new Error(`${self} is not among the hosts that were asked`);
  return found;
}

/** Why something is not done, and what to do about it. */
export interface Obstacle {
  readonly reason: string;
  readonly wayOut: string;
}

/** What is wrong between nodes that belong together: a split that has happened, or a network that is cut right now. */
export function troubleIn(members: readonly Member[]): Obstacle | undefined {
  for (const { host, broker } of members) {
    const answer = broker?.answer;
    if (answer === undefined || answer === null) continue;
    if (answer.partitions.length > 0)
      return {
        reason: `${host} is in a network partition: it was cut off from ${answer.partitions.join(', ')}`,
        wayOut: 'restart the nodes of the side whose changes may be lost, then play again',
      };
    const seen = answer.running ? answer.runningNodes : answer.connected;
    const unseen = members.find(
      other => other.condition === 'running' && other.node !== undefined && !seen.includes(other.node),
    );
    if (unseen !== undefined)
      return {
        reason: `${host} does not see ${unseen.node}, though that runs`,
        wayOut: 'mend the network between them, then play again; a node that has paused comes back by itself',
      };
  }
  return undefined;
}

/** The resource alarms of these nodes, e.g. `disk on rabbit@9lpo192`. */
export function alarmsOf(members: readonly Member[]): readonly string[] {
  return [...new Set(members.flatMap(member => member.broker?.answer?.alarms ?? []))];
}

/** Tasks that change a cluster run one at a time: the key that all tasks of it share. */
export function clusterKey(hosts: readonly string[]): string {
  return `rabbitmq-${[...hosts].sort()[0] ?? 'cluster'}`;
}
