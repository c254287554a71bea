import { type BrokerAnswer, HELD, type Held, type Holdings, type Missing } from '../../engine/kit/index.ts';
import { COOKIE_FILE, PACKAGE, UNIT } from './broker-actions.ts';
import {
  alarmsOf,
  type Cluster,
  clustersOf,
  isForgotten,
  isRunning,
  lists,
  type Member,
  type Obstacle,
  selfOf,
  troubleIn,
} from './cluster.ts';

/** A node's way into a cluster. */
export interface Joining {
  readonly kind: 'join';
  /** The cluster, named after the first of its hosts. */
  readonly to: string;
  /** A running member; undefined while there is none. */
  readonly seed: string | undefined;
  /** The cluster lists a node of this name, from before. */
  readonly forget: boolean;
  /** What the node holds and would lose; null where that cannot be known before it runs. */
  readonly loses: Holdings | null;
  /** What must be there first. */
  readonly awaits: Missing | undefined;
}

/** What a node has to do to be in the one cluster: nothing; join; or it must not be touched, or cannot be told yet. */
export type Way =
  | { readonly kind: 'stay' }
  | Joining
  | ({ readonly kind: 'refuse' } & Obstacle)
  | { readonly kind: 'doubt'; readonly doubt: string; readonly awaits: Missing };

/** Where a node stands. */
export interface Situation {
  readonly node: string;
  /** The first other host in whose cluster the node is; null while it is alone. */
  readonly clusteredWith: string | null;
  /** `starting`: it will run by itself. Null where there is no broker yet. */
  readonly application: 'running' | 'starting' | 'stopped' | 'down' | null;
  /** `forgotten`: of a cluster that no longer knows this node, which therefore cannot start. */
  readonly database: 'own' | 'forgotten';
  readonly way: Way;
}

/** Compares what all members say and finds where a host's node stands, and its way into the one cluster. The first of `hosts` may found it. */
export function situationOf(members: readonly Member[], self: string, hosts: readonly string[]): Situation {
  const me = selfOf(members, self);
  const clusters = clustersOf(members);
  const mine = clusters.find(cluster => cluster.includes(me));
  const forgotten = mine === undefined && me.condition !== 'running' && isForgotten(me, members);
  const others = clusters.filter(cluster => cluster !== mine);
  const founder = hosts
    .flatMap(host => members.filter(member => member.host === host))
    .find(member => member.condition === 'running' || !isForgotten(member, members));
  return {
    node: me.node ?? `rabbit@${self}`,
    clusteredWith: mine?.find(member => member !== me)?.host ?? null,
    application: applicationOf(me, members),
    database: forgotten ? 'forgotten' : 'own',
    way: wayOf(me, mine, others, founder ?? me, members),
  };
}

function applicationOf(me: Member, members: readonly Member[]): Situation['application'] {
  switch (me.condition) {
    case 'blank':
      return me.broker?.installed === null ? null : 'down';
    case 'unknown':
      return isRunning(me, members) ? 'running' : 'down';
    default:
      return me.condition;
  }
}

function wayOf(
  me: Member,
  mine: Cluster | undefined,
  others: readonly Cluster[],
  founder: Member,
  members: readonly Member[],
): Way {
  if (others.length + (mine === undefined ? 0 : 1) > 1)
    return refuseTwo(mine === undefined ? others : [mine, ...others]);
  if (mine !== undefined) return stay(me, mine, members);
  const [target] = others;
  if (target !== undefined) return join(me, target);
  if (me === founder) return found(me, members);
  return join(me, [founder]);
}

function refuseTwo(clusters: readonly Cluster[]): Way {
  const described = clusters.map(cluster => nodesOf(cluster).join(', '));
  return {
    kind: 'refuse',
    reason: `there are separate clusters: ${described.join('; and ')}`,
    wayOut: 'decide which one stays, save what the other holds, and reset its nodes (rabbitmqctl reset)',
  };
}

/** All nodes of a cluster, those that are not among the hosts included. */
function nodesOf(cluster: Cluster): readonly string[] {
  return [...new Set(cluster.flatMap(member => member.members))].sort();
}

function stay(me: Member, mine: Cluster, members: readonly Member[]): Way {
  const trouble = troubleIn(mine);
  if (trouble !== undefined) return { kind: 'refuse', ...trouble };
  if (me.condition === 'unknown' && !isRunning(me, members)) return silent(me, 'whether its node runs');
  return { kind: 'stay' };
}

function silent(me: Member, doubt: string): Way {
  return {
    kind: 'doubt',
    doubt,
    awaits: {
      what: `an answer of the node on ${me.host} (${me.reason})`,
      broughtBy: [COOKIE_FILE, UNIT, PACKAGE],
    },
  };
}

/** The founder alone: right only if nobody can be in a cluster that it does not see. */
function found(me: Member, members: readonly Member[]): Way {
  const hidden = members.find(member => member !== me && member.condition === 'unknown');
  if (hidden !== undefined) return cannotAsk(hidden, `${me.host} is alone, and so may be a second cluster`);
  return me.condition === 'unknown' ? silent(me, 'whether its node is in a cluster') : { kind: 'stay' };
}

function cannotAsk(hidden: Member, so: string): Way {
  return {
    kind: 'refuse',
    reason: `${so}: ${hidden.host} cannot be asked (${hidden.reason})`,
    wayOut: `bring ${hidden.host} back, or leave it out of \`hosts\` if it is gone for good`,
  };
}

function join(me: Member, target: Cluster): Way {
  const [first] = target;
  if (first === undefined) throw new Error('a cluster without members');
  if (me.condition === 'unknown' && !isForgotten(me, target)) return silent(me, 'whether its node must join');
  const seed = target.find(member => member.condition === 'running');
  const unreachable = target.find(member => member.broker === undefined);
  if (seed === undefined && unreachable !== undefined)
    return cannotAsk(unreachable, `no member of the cluster to join is known to run`);
  if (me.condition === 'running' && me.broker?.holdings === null)
    return {
      kind: 'refuse',
      reason: `it cannot be told whether ${me.node} holds data of its own`,
      wayOut: 'look at it with rabbitmqctl; nothing was changed',
    };
  const obstacle = seed === undefined ? undefined : obstacleTo(me, seed, target);
  if (obstacle !== undefined) return obstacle;
  return {
    kind: 'join',
    to: first.host,
    seed: seed?.node,
    forget: target.some(member => member.condition === 'running' && lists(member, me)),
    loses: me.broker?.holdings ?? null,
    awaits: awaited(me, target, seed),
  };
}

function awaited(me: Member, target: Cluster, seed: Member | undefined): Missing | undefined {
  if (me.broker?.installed === null) return { what: 'the package rabbitmq-server', broughtBy: [PACKAGE] };
  if (seed === undefined)
    return {
      what: `a running node on ${target.map(member => member.host).join(' or ')}`,
      broughtBy: [UNIT, PACKAGE],
    };
  const [own, theirs] = [me, seed].map(member => member.broker?.cookie?.fingerprint.reveal());
  return own === theirs ? undefined : { what: `the Erlang cookie of ${seed.host}`, broughtBy: [COOKIE_FILE] };
}

/** What stands against joining two nodes that run. */
function obstacleTo(me: Member, seed: Member, target: Cluster): Way | undefined {
  const trouble = troubleIn(target);
  if (trouble !== undefined) return { kind: 'refuse', ...trouble };
  const alarms = alarmsOf([...target, me]);
  if (alarms.length > 0)
    return {
      kind: 'refuse',
      reason: `there are resource alarms: ${alarms.join(', ')}`,
      wayOut: 'free memory or disk space there; a broker in alarm takes no messages',
    };
  const [own, theirs] = [me.broker?.answer, seed.broker?.answer];
  return own && theirs ? strangersAre(me.host, own, seed.host, theirs) : undefined;
}

/** Whether two releases can be in one cluster (only while one is replaced by the other, which is no join). */
function strangersAre(
  host: string,
  own: BrokerAnswer,
  seedHost: string,
  theirs: BrokerAnswer,
): Way | undefined {
  const series = (version: string | null): string => (version ?? '').split('.').slice(0, 2).join('.');
  if (series(own.version) !== series(theirs.version))
    return {
      kind: 'refuse',
      reason: `${host} has RabbitMQ ${own.version}, but ${seedHost} has ${theirs.version}`,
      wayOut: 'install one release on all hosts',
    };
  const lacking = (theirs.enabledFlags ?? []).filter(flag => !(own.supportedFlags ?? []).includes(flag));
  const unknownThere = (own.enabledFlags ?? []).filter(flag => !(theirs.supportedFlags ?? []).includes(flag));
  const [flag] = [...lacking, ...unknownThere];
  if (flag === undefined) return undefined;
  return {
    kind: 'refuse',
    reason: `the feature flag ${flag} is known only to one of ${host} and ${seedHost}`,
    wayOut: 'install one release, with the same plugins, on all hosts',
  };
}

/** What would be lost, for people: `users app; queues jobs in /, mail in /`. */
export function describeHoldings(holdings: Holdings, kinds: readonly Held[] = HELD): string {
  return kinds
    .flatMap(kind => {
      const listed = holdings.get(kind);
      if (listed === undefined) return [];
      const more = listed.count - listed.names.length;
      return [`${kind} ${listed.names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
    })
    .join('; ');
}
