import {
  defineModule,
  HELD,
  type Held,
  type Holdings,
  type Infer,
  map,
  type Planned,
  Refusal,
  unreachable,
  until,
} from '../engine/kit/index.ts';
import { askBroker } from './sources/broker.ts';
import {
  joinCluster,
  PACKAGE,
  recoverApplication,
  setDatabaseAside,
  startApplication,
  startBroker,
  UNIT,
} from './sources/broker-actions.ts';
import { askMembers, clusterKey, clustersOf, selfOf, troubleIn } from './sources/cluster.ts';
import { describeHoldings, type Joining, type Situation, situationOf } from './sources/joining.ts';

const args = {
  type: 'object',
  properties: {
    hosts: {
      type: 'array',
      items: { type: 'string', format: 'host' },
      minItems: 1,
      description:
        'All hosts of the cluster, by their names in the inventory. Where there is no cluster yet the first one founds it; otherwise nodes join the one that is there, by any member that runs.',
    },
    allow_data_loss: {
      type: 'array',
      items: { type: 'string', enum: [...HELD, 'database'] },
      description:
        'Kinds of data that the node may lose by joining. `database` stands for what nobody can look into: the database of a node that its cluster has forgotten (it is set aside on the host, not deleted).',
    },
    timeout: {
      type: 'integer',
      default: 120,
      minimum: 10,
      description:
        'Seconds for each of: a start of the broker, the join, and until the members see each other.',
    },
  },
  required: ['hosts'],
} as const;
type Args = Infer<typeof args>;

/** Brings the node of a host into the one cluster. */
export default defineModule({
  name: 'rabbitmqctl-join',
  summary: 'The RabbitMQ node of the host is a running member of one cluster with those of the other hosts.',
  notes: `
A node that joins loses all that it holds; RabbitMQ does not ask. So this module does: it joins a node that is as fresh as after
installation, and refuses any other, with a list of what would be lost.

- All members are asked what they know of each other; what they agree on counts, not what the host alone says.
- Nodes join one at a time, over all runs of \`play\`: joins race.
- Never is a second cluster founded: if the first host is alone and another one cannot be asked, that is an error.
- Separate clusters, network partitions, resource alarms, different releases: refused before anything is touched.
- A node that its cluster still lists, though it was reset or reinstalled, is forgotten there first, then joins.
- A member that is stopped is started, not joined again.
- Behind a join it waits until all running members see each other, without a partition.

The nodes must share one cookie (\`rabbitmq-cookie\`) and resolve each other's names (\`resolved-names\`).`,
  args,
  examples: [
    {
      title: 'All hosts of the play in one cluster; the first one founds it',
      yaml: `- name: The nodes are in one cluster
  rabbitmqctl-join:
    hosts: "{{ groups['rabbitmq'] }}"`,
    },
    {
      title: 'A node that was tried out before may lose its test user and queues',
      yaml: `- rabbitmqctl-join:
    hosts: [9lpo192, 9lpo134, 9lpo135]
    allow_data_loss: [users, permissions, queues]
    timeout: 300`,
    },
  ],
  exclusive: ({ hosts }) => clusterKey(hosts),
  probe: ({ hosts }, { host }) =>
    map(askMembers(host, hosts), members => ({ ...situationOf(members, host, hosts), host })),
  plan,
  returns: (_args, { node, clusteredWith }) => ({ node, clustered_with: clusteredWith }),
});

type State = Situation & { readonly host: string };

function plan(given: Args, state: State): readonly Planned<State>[] {
  const { way } = state;
  switch (way.kind) {
    case 'refuse':
      throw new Refusal(way.reason, way.wayOut);
    case 'doubt':
      return [{ doubt: way.doubt, awaits: way.awaits }];
    case 'stay':
      return comeUp(given, state);
    case 'join':
      return state.clusteredWith === null ? join(given, state, way) : comeUp(given, state);
    default:
      return unreachable(way);
  }
}

function join(given: Args, state: State, way: Joining): readonly Planned<State>[] {
  const precious = consent(given, state, way.loses);
  const seed = way.seed ?? '';
  return [
    ...(state.database === 'forgotten' ? setAside(given, state) : comeUp(given, state)),
    {
      title: `join the cluster of ${way.to}`,
      run: [
        joinCluster({
          node: state.node,
          seed,
          forget: way.forget,
          precious,
          timeoutSeconds: given.timeout,
        }),
        whole(given, state.host),
      ],
      onFailure: [recoverApplication(state.node, seed, given.timeout)],
      becomes: { clusteredWith: way.to },
      ...(way.awaits && { awaits: way.awaits }),
      // What a node that does not run holds is known only once it does: then it joins, or fails.
      ...(isSealed(state, way) && { opaque: true }),
    },
  ];
}

function isSealed({ application, database }: State, { loses }: Joining): boolean {
  return loses === null && application !== null && database === 'own';
}

function setAside({ timeout }: Args, { node }: State): readonly Planned<State>[] {
  return [
    {
      title: 'set the database of the forgotten member aside',
      run: [setDatabaseAside(node, timeout)],
      becomes: { database: 'own', application: 'running' },
    },
  ];
}

/** Steps that make the node run as what it is. */
function comeUp(given: Args, { application, node }: State): readonly Planned<State>[] {
  switch (application) {
    case 'starting':
      return [
        {
          title: 'wait until the node runs, which starts or has paused by itself',
          run: [runs(given)],
          becomes: { application: 'running' },
          opaque: true,
        },
      ];
    case 'stopped':
      return [
        {
          title: 'start the RabbitMQ application',
          run: [startApplication(node, given.timeout)],
          becomes: { application: 'running' },
        },
      ];
    case 'down':
      return [
        {
          title: 'start the broker',
          run: [startBroker(given.timeout)],
          becomes: { application: 'running' },
          hinges: [UNIT, PACKAGE],
        },
      ];
    default:
      return [];
  }
}

/** The kinds of data that must not be lost. Throws Refusal where some are there. */
function consent(given: Args, { node, database }: State, loses: Holdings | null): readonly Held[] {
  const allowed: readonly string[] = given.allow_data_loss ?? [];
  if (database === 'forgotten' && !allowed.includes('database')) {
    throw new Refusal(
      `the cluster no longer knows ${node}, which takes itself for a member: it cannot start, and what its database holds cannot be looked into`,
      'give that database up with `allow_data_loss: [database]`: it is set aside on the host, and the node joins as a new one',
    );
  }
  const precious = HELD.filter(kind => !allowed.includes(kind));
  const lost = precious.filter(kind => loses?.has(kind));
  if (loses !== null && lost.length > 0) {
    throw new Refusal(
      `${node} holds data of its own, which joining would destroy: ${describeHoldings(loses, lost)}`,
      `move it to the cluster first (\`rabbitmqctl export_definitions\` saves all but messages), or give it up with \`allow_data_loss: [${[...allowed, ...lost].join(', ')}]\``,
    );
  }
  return precious;
}

function runs({ timeout }: Args) {
  return until({
    what: 'the node runs',
    probe: askBroker,
    missing: ({ answer, silence }) =>
      answer?.running === true ? undefined : (silence?.reason ?? 'it does not run yet'),
    timeoutSeconds: timeout,
  });
}

/** Waits until all running members see each other and this node. */
function whole({ hosts, timeout }: Args, host: string) {
  return until({
    what: 'all running members see each other',
    probe: askMembers(host, hosts),
    missing: members => {
      const me = selfOf(members, host);
      const mine = clustersOf(members).find(cluster => cluster.includes(me)) ?? [me];
      if (me.condition !== 'running') return `${host} does not run`;
      return mine.length === 1 ? `${host} is alone` : troubleIn(mine)?.reason;
    },
    timeoutSeconds: timeout,
  });
}
