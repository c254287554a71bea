import {
  defineModule,
  type Infer,
  type Listed,
  map,
  type Planned,
  Refusal,
  until,
} from '../engine/kit/index.ts';
import { PACKAGE, restartBroker, UNIT } from './sources/broker-actions.ts';
import {
  alarmsOf,
  askMembers,
  clusterKey,
  clustersOf,
  type Member,
  type Obstacle,
  selfOf,
  troubleIn,
} from './sources/cluster.ts';

const args = {
  type: 'object',
  properties: {
    state: {
      type: 'string',
      enum: ['restarted'],
      default: 'restarted',
      description: '`restarted`: once more, each time.',
    },
    hosts: {
      type: 'array',
      items: { type: 'string', format: 'host' },
      minItems: 1,
      description:
        'All hosts of the cluster, by their names in the inventory: they restart one at a time, and must see the node again.',
    },
    timeout: {
      type: 'integer',
      default: 300,
      minimum: 10,
      description:
        'Seconds for the broker to restart, and again until it is back in its cluster with all mirrors in sync.',
    },
  },
  required: ['hosts'],
} as const;
type Args = Infer<typeof args>;

/** How the node stands. Nothing of it is promised: a restart leaves it as it was. */
interface State {
  readonly host: string;
  readonly installed: boolean;
  readonly runs: boolean;
  /** The other hosts in its cluster whose nodes run, with the number of quorum queues that rest on each. */
  readonly company: ReadonlyMap<string, number>;
  /** Why it must not be restarted now. */
  readonly refusal: Obstacle | undefined;
}

/** Restarts nodes so that the cluster does not notice. */
export default defineModule({
  name: 'rabbitmq-node',
  summary:
    'Restarts the RabbitMQ node of the host, one node of the cluster at a time, and waits until it is back.',
  notes: `
Made to be a handler: \`rabbitmq.conf\` is read at the start only.

It refuses where a restart would cost more than time: the node holds the only complete copy of a mirrored queue, or a quorum queue would
lose its majority, or the cluster is split or out of memory or disk space. Behind the restart it waits until the node runs, is seen by
the members that ran before, and all mirrors are in sync again; only then does the next node follow.`,
  args,
  examples: [
    {
      title: 'A handler for changes of the configuration',
      yaml: `- name: restart RabbitMQ
  rabbitmq-node:
    state: restarted
    hosts: "{{ groups['rabbitmq'] }}"`,
    },
    {
      title: 'Nodes with large queues need time to bring their mirrors in sync',
      yaml: `- rabbitmq-node:
    hosts: [9lpo192, 9lpo134, 9lpo135]
    timeout: 1800`,
    },
  ],
  exclusive: ({ hosts }) => clusterKey(hosts),
  probe: ({ hosts }, { host }) => map(askMembers(host, hosts), members => stateOf(members, host)),
  plan: (given: Args, state): readonly Planned<State>[] => {
    if (state.refusal !== undefined) throw new Refusal(state.refusal.reason, state.refusal.wayOut);
    return [
      {
        title: 'restart the broker',
        run: [restartBroker(given.timeout), isBack(given, state)],
        becomes: {},
        repeats: true,
        ...(!state.installed && {
          awaits: { what: 'the package rabbitmq-server', broughtBy: [PACKAGE] },
        }),
        ...(!state.runs && { settles: [UNIT] }),
      },
    ];
  },
});

function stateOf(members: readonly Member[], host: string): State {
  const me = selfOf(members, host);
  const mine = clustersOf(members).find(cluster => cluster.includes(me)) ?? [me];
  const company = mine.filter(member => member !== me && member.condition === 'running');
  return {
    host,
    installed: me.broker?.installed !== null,
    runs: me.condition === 'running',
    company: new Map(company.map(member => [member.host, member.broker?.answer?.quorumCritical?.count ?? 0])),
    refusal: me.condition === 'running' && me.members.length > 1 ? refusalFor(me, mine) : undefined,
  };
}

function refusalFor(me: Member, mine: readonly Member[]): Obstacle | undefined {
  const trouble = troubleIn(mine);
  if (trouble !== undefined) return trouble;
  const alarms = alarmsOf(mine);
  if (alarms.length > 0)
    return {
      reason: `there are resource alarms: ${alarms.join(', ')}`,
      wayOut: 'free memory or disk space there first',
    };
  const left = mine.filter(member => member !== me && member.condition === 'running').length;
  const missing = me.members.length - 1 - left;
  if (missing > 0 && left * 2 <= me.members.length)
    return {
      reason: `${missing} of the ${me.members.length} members ${missing === 1 ? 'does' : 'do'} not run already: without ${me.node}, the rest would be a minority, which pauses`,
      wayOut: 'start the others first',
    };
  const { onlyCopies, quorumCritical } = me.broker?.answer ?? {};
  if (onlyCopies && onlyCopies.count > 0)
    return {
      reason: `${me.node} holds the only complete copy of ${counted(onlyCopies)}`,
      wayOut:
        'wait until its mirrors are in sync (`ha-sync-mode: automatic`, or `rabbitmqctl sync_queue`), then play again',
    };
  if (quorumCritical && quorumCritical.count > 0)
    return {
      reason: `without ${me.node} there is no majority for ${counted(quorumCritical)}`,
      wayOut: 'start the other members, or give the queues more (`rabbitmq-queues grow`), then play again',
    };
  return undefined;
}

function counted({ count, names }: Listed): string {
  const more = count - names.length;
  return `${count === 1 ? 'the queue' : `${count} queues:`} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Waits until the node is back where it was, and as expendable as the others. */
function isBack({ hosts, timeout }: Args, { host, company }: State) {
  return until({
    what: 'the node is back in its cluster, and all mirrors are in sync',
    probe: askMembers(host, hosts),
    missing: members => {
      const me = selfOf(members, host);
      if (me.condition !== 'running') return me.reason ?? `it is ${me.condition}`;
      const mine = clustersOf(members).find(cluster => cluster.includes(me)) ?? [me];
      const away = [...company.keys()].find(name => !mine.some(member => member.host === name));
      if (away !== undefined) return `${away} is no longer in one cluster with it`;
      const trouble = troubleIn(mine);
      if (trouble !== undefined) return trouble.reason;
      const lagging = me.broker?.answer?.lagging;
      if (lagging && lagging.count > 0) return `mirrors are not in sync: ${counted(lagging)}`;
      const burdened = mine.find(
        member =>
          member !== me &&
          (member.broker?.answer?.quorumCritical?.count ?? 0) > (company.get(member.host) ?? 0),
      );
      return burdened === undefined ? undefined : `quorum queues still rest on ${burdened.host}`;
    },
    timeoutSeconds: timeout,
  });
}
