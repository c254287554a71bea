import { isDeepStrictEqual } from 'node:util';
import {
  type Action,
  command,
  defineModule,
  type Infer,
  type Missing,
  map,
  on,
  type Plain,
  type Planned,
  Refusal,
  sh,
  until,
} from '../engine/kit/index.ts';
import { askBroker } from './sources/broker.ts';
import { PACKAGE, UNIT } from './sources/broker-actions.ts';
import { tools } from './sources/broker-shell.ts';
import { askMembers, largestCluster, type Member } from './sources/cluster.ts';

const args = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Name of the policy.' },
    vhost: {
      type: 'string',
      default: '/',
      description: 'The virtual host that it is for; it must be there.',
    },
    pattern: {
      type: 'string',
      description:
        'Regular expression for the names of the queues or exchanges that it applies to. `^(?!amq\\.).*` is all but those of RabbitMQ’s own.',
    },
    definition: {
      type: 'any',
      description: 'What the policy sets: a mapping, such as `{"max-length": 1000}`.',
    },
    priority: {
      type: 'integer',
      default: 0,
      description: 'Of several policies that match, the one with the highest priority applies.',
    },
    'apply-to': {
      type: 'string',
      aliases: ['apply_to'],
      enum: ['all', 'queues', 'exchanges', 'classic_queues', 'quorum_queues', 'streams'],
      default: 'all',
      description: 'To what it applies; the last three are known from RabbitMQ 3.13 on.',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether it is there.',
    },
    hosts: {
      type: 'array',
      items: { type: 'string', format: 'host' },
      description:
        'Members of the cluster, by their names in the inventory. The largest cluster among them is asked and changed, so that a node that is down, or new and still alone, does not count. The task’s own host by default.',
    },
    wait_for_mirrors: {
      type: 'integer',
      default: 0,
      minimum: 0,
      description:
        'Seconds to wait, once the policy was set, until no mirrored queue lacks a mirror in sync; 0: not at all.',
    },
  },
  required: ['name'],
} as const;
type Args = Infer<typeof args>;

interface State {
  /** The policy's fields; null where it is not there. */
  readonly pattern: string | null;
  readonly 'apply-to': string | null;
  readonly priority: number | null;
  readonly definition: Plain;
  readonly facts: Facts;
}

/** Through whom the policy is asked and set. */
interface Facts {
  /** The host and node that were asked; undefined where none runs. */
  readonly host: string | undefined;
  readonly node: string | undefined;
  readonly version: string | null;
  readonly vhosts: readonly string[];
  /** Nowhere is there anything yet, so there is no policy either. */
  readonly virgin: boolean;
}

/** A policy of a virtual host. */
export default defineModule({
  name: 'rabbitmq-policy',
  aliases: ['community.rabbitmq.rabbitmq_policy', 'rabbitmq_policy'],
  summary: 'A RabbitMQ policy is there as described, or is not there.',
  notes: `
The policy is one of the whole cluster: let one host set it (\`run_once: true\`) and name the others in \`hosts\`.

Mirrored queues (RabbitMQ 3.x): \`{"ha-mode": "all"}\` alone, as guides have it, **loses messages**. The mirrors of a queue that is there already begin
empty and stay so: when its node dies, all that it held is gone. So add \`"ha-sync-mode": "automatic"\`, which copies the messages, and
\`"ha-promote-on-failure": "when-synced"\`, which rather waits for the node than goes on with a mirror that lacks some; and do not call it
done before the mirrors are in sync (\`wait_for_mirrors\`).

RabbitMQ 4 has no mirrored queues; this module refuses \`ha-\` keys there. Use quorum queues.

Definitions are compared as values, so neither order nor blanks matter.`,
  args,
  examples: [
    {
      title: 'Mirror all queues, without losing messages (RabbitMQ 3.x)',
      yaml: `- name: Queues are mirrored on all nodes
  rabbitmq-policy:
    name: ha-all
    pattern: '^(?!amq\\.).*'
    definition: {ha-mode: all, ha-sync-mode: automatic, ha-promote-on-failure: when-synced}
    hosts: "{{ groups['rabbitmq'] }}"
    wait_for_mirrors: 300
  run_once: true`,
    },
    {
      title: 'Limit some queues of a virtual host',
      yaml: `- rabbitmq-policy:
    name: short
    vhost: orders
    pattern: '^notify\\.'
    apply-to: queues
    priority: 10
    definition: {max-length: 1000, message-ttl: 60000}`,
    },
    { title: 'Remove one', yaml: '- rabbitmq-policy: {name: short, vhost: orders, state: absent}' },
  ],
  mistake: ({ state, pattern, definition }) => {
    if (state === 'absent') return undefined;
    if (pattern === undefined)
      return '`pattern` is missing: to which queues or exchanges does the policy apply?';
    if (typeof definition !== 'object' || definition === null || Array.isArray(definition))
      return '`definition` must be a mapping: what does the policy set?';
    return undefined;
  },
  probe: (given, { host }) =>
    map(askMembers(host, given.hosts ?? [host]), members => stateOf(given, members, host)),
  plan,
});

function stateOf({ name, vhost }: Args, members: readonly Member[], self: string): State {
  const running = homeOf(members).filter(member => member.condition === 'running');
  // The own node, if it is as good as any: no need of the network then.
  const asked = running.find(member => member.host === self) ?? running[0];
  const answer = asked?.broker?.answer;
  const found = answer?.policies?.find(policy => policy.name === name && policy.vhost === vhost);
  return {
    pattern: found?.pattern ?? null,
    'apply-to': found?.applyTo ?? null,
    priority: found?.priority ?? null,
    definition: found?.definition ?? null,
    facts: {
      host: asked?.host,
      node: asked?.node,
      version: answer?.version ?? null,
      vhosts: answer?.vhosts ?? [],
      virgin: members.every(({ condition, broker }) => condition === 'blank' && broker?.installed === null),
    },
  };
}

/** Where policies are at home: the largest cluster; while there is none, the first node that runs. */
function homeOf(members: readonly Member[]): readonly Member[] {
  const cluster = largestCluster(members);
  return cluster.length > 0
    ? cluster
    : members.filter(({ condition }) => condition === 'running').slice(0, 1);
}

function plan(given: Args, state: State): readonly Planned<State>[] {
  const { facts } = state;
  if (facts.node === undefined && !facts.virgin)
    return [{ doubt: `whether the policy ${given.name} is as described`, awaits: nobodyRuns }];
  if (given.state === 'absent') return state.pattern === null ? [] : [clear(given, facts)];
  const wanted = {
    pattern: given.pattern ?? '',
    'apply-to': given['apply-to'],
    priority: given.priority,
    definition: given.definition ?? {},
  };
  if (Object.entries(wanted).every(([field, value]) => isDeepStrictEqual(state[field as keyof State], value)))
    return [];
  refuseMirrors(given, facts);
  return [
    {
      title: `set the policy ${given.name}`,
      run: [
        rabbitmqctl(facts, [
          ...['set_policy', '-p', given.vhost, '--priority', String(given.priority)],
          ...['--apply-to', given['apply-to'], given.name, wanted.pattern, JSON.stringify(wanted.definition)],
        ]),
        ...(given.wait_for_mirrors > 0 ? [mirrorsInSync(facts, given.wait_for_mirrors)] : []),
      ],
      becomes: wanted,
      ...(facts.node === undefined
        ? { awaits: { what: 'the package rabbitmq-server', broughtBy: [PACKAGE] } }
        : !facts.vhosts.includes(given.vhost) && {
            awaits: {
              what: `the virtual host “${given.vhost}”`,
              broughtBy: [`broker:vhost:${given.vhost}`],
            },
          }),
    },
  ];
}

const nobodyRuns: Missing = { what: 'a running RabbitMQ node to ask', broughtBy: [UNIT, PACKAGE] };

/** RabbitMQ 4 has no mirrored queues and takes no policy for them. */
function refuseMirrors({ definition }: Args, { version }: Facts): void {
  const mirrors = Object.keys(Object(definition)).filter(key => key.startsWith('ha-'));
  if (mirrors.length === 0 || Number.parseInt(version ?? '', 10) < 4 || version === null) return;
  throw new Refusal(
    `RabbitMQ ${version} has no mirrored queues, so it knows no ${mirrors.join(', ')}`,
    'use quorum queues: make them the default of the virtual host (default_queue_type), or declare them so in the clients',
  );
}

function clear(given: Args, facts: Facts): Planned<State> {
  return {
    title: `remove the policy ${given.name}`,
    run: [rabbitmqctl(facts, ['clear_policy', '-p', given.vhost, given.name])],
    becomes: { pattern: null, 'apply-to': null, priority: null, definition: null },
  };
}

function rabbitmqctl({ node }: Facts, words: readonly string[]): Action {
  return command(
    sh`${tools}
ctl 60 -n ${node ?? ''} ${words}`,
    { timeoutSeconds: 90, shown: `rabbitmqctl ${words.join(' ')}` },
  );
}

function mirrorsInSync({ host }: Facts, timeoutSeconds: number): Action {
  return until({
    what: 'all mirrors are in sync',
    probe: host === undefined ? askBroker : on(host, askBroker),
    missing: ({ answer }) => {
      if (answer?.running !== true) return 'the node does not run';
      const lagging = answer.lagging;
      if (lagging === null || lagging.count === 0) return undefined;
      return `${lagging.count} queues lack mirrors in sync, such as ${lagging.names[0]}`;
    },
    timeoutSeconds,
  });
}
