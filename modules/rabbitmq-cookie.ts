import {
  type Action,
  command,
  defineModule,
  type Infer,
  type Missing,
  map,
  type Planned,
  Refusal,
  type Secret,
  sh,
  until,
} from '../engine/kit/index.ts';
import { askBroker } from './sources/broker.ts';
import { COOKIE_FILE, copyCookie, PACKAGE, startBroker, stopBroker, UNIT } from './sources/broker-actions.ts';
import { COOKIE } from './sources/broker-shell.ts';
import {
  answers,
  askMembers,
  clustersOf,
  isRunning,
  type Member,
  memberOf,
  selfOf,
} from './sources/cluster.ts';
import { cookieOf, donorOf } from './sources/cookie-donor.ts';

const args = {
  type: 'object',
  properties: {
    hosts: {
      type: 'array',
      items: { type: 'string', format: 'host' },
      minItems: 1,
      description:
        'All hosts that share the cookie, by their names in the inventory. The cookie is that of a node that is in a cluster already, otherwise the first one’s.',
    },
    timeout: {
      type: 'integer',
      default: 120,
      minimum: 10,
      description: 'Seconds for the broker to stop, and to start again with the new cookie.',
    },
  },
  required: ['hosts'],
} as const;
type Args = Infer<typeof args>;

interface State {
  /** The host whose cookie it is, if it is the right one. */
  readonly cookieOf: string | null;
  /** Of the file; null where there is none. */
  readonly owner: string | null;
  readonly group: string | null;
  readonly mode: string | null;
  /** Whether the node runs with the cookie in the file; true where none runs. */
  readonly heeded: boolean;
  readonly facts: Facts;
}

/** What the plan rests on beside the fields that it changes. */
interface Facts {
  readonly donor: string;
  /** Of the donor's file; null where it has no usable one. */
  readonly sha256: Secret | null;
  readonly awaits: Missing | undefined;
  /** The host is to give its cookie to the others, but has none itself. */
  readonly isBare: boolean;
  /** Why the cookie must not be replaced. */
  readonly refusal: string | undefined;
  /** `apart`: a node runs, with another cookie than the donor's; `together`: it runs with the donor's, whatever the file says. */
  readonly node: 'apart' | 'together' | 'down';
}

/** One Erlang cookie for all nodes. */
export default defineModule({
  name: 'rabbitmq-cookie',
  summary: 'The RabbitMQ nodes of all hosts share one Erlang cookie.',
  notes: `
The cookie is the key to the cluster: who has it can run any code on all nodes. It goes from host to host through \`play\`'s memory alone and is
never shown, not as a difference either.

- Where the cookie differs, the broker is stopped (that takes the old cookie), the file replaced as a whole, the broker started. Written under a
  running broker, another cookie would lock every \`rabbitmqctl\` out, \`systemctl stop\` included.
- Where only the file differs, while the node runs in the cluster, the file is mended without a restart; so are its owner and mode.
- White space behind the cookie means nothing to Erlang, nor to this module.
- It refuses to change the cookie of a living cluster's member: the others could no longer talk to it.`,
  args,
  examples: [
    {
      title: 'The first host’s cookie for all hosts of the play',
      yaml: `- name: The nodes share one cookie
  rabbitmq-cookie:
    hosts: "{{ groups['rabbitmq'] }}"`,
    },
    {
      title: 'A slow host gets more time to start again',
      yaml: `- rabbitmq-cookie:
    hosts: [9lpo192, 9lpo134, 9lpo135]
    timeout: 600`,
    },
  ],
  probe: ({ hosts }, { host }) => map(askMembers(host, hosts), members => stateOf(members, host, hosts)),
  plan,
  returns: (_args, { facts }) => ({ donor: facts.donor }),
});

function stateOf(members: readonly Member[], self: string, hosts: readonly string[]): State {
  const me = selfOf(members, self);
  const donor = donorOf(me, members, hosts);
  const own = me.broker?.cookie ?? null;
  const given = cookieOf(donor) === undefined ? null : (donor.broker?.cookie ?? null);
  const same = me === donor || (cookieOf(me) !== undefined && cookieOf(me) === cookieOf(donor));
  return {
    cookieOf: same ? donor.host : null,
    owner: own?.owner ?? null,
    group: own?.group ?? null,
    mode: own?.mode ?? null,
    heeded: !(same && me.broker?.silence?.rejectsCookie === true),
    facts: {
      donor: donor.host,
      sha256: given?.sha256 ?? null,
      awaits: awaited(me, donor, given !== null),
      isBare: me === donor && given === null && me.broker?.installed !== null,
      refusal: refusalFor(me, donor, members, same),
      node:
        me.broker?.alive !== true ? 'down' : isRunning(me, members) && !answers(me) ? 'together' : 'apart',
    },
  };
}

function awaited(me: Member, donor: Member, isGiven: boolean): Missing | undefined {
  if (me.broker?.installed === null) return { what: 'the package rabbitmq-server', broughtBy: [PACKAGE] };
  if (isGiven || donor.broker === undefined) return undefined;
  return { what: `the Erlang cookie of ${donor.host}`, broughtBy: [PACKAGE, UNIT] };
}

function refusalFor(
  me: Member,
  donor: Member,
  members: readonly Member[],
  same: boolean,
): string | undefined {
  if (donor.broker === undefined) return `the cookie of ${donor.host} cannot be read: ${donor.reason}`;
  const mine = clustersOf(members).find(cluster => cluster.includes(me));
  if (mine === undefined || isRunning(me, members) === false) return undefined;
  const other = mine.filter(member => member !== me && member.condition === 'running');
  const splits = !same && answers(me) && (other.length > 0 || !mine.includes(donor));
  return splits
    ? `${me.host} is a member of a living cluster (${[...me.members].sort().join(', ')}) whose cookie is not that of ${donor.host}`
    : undefined;
}

function plan(given: Args, state: State): readonly Planned<State>[] {
  const { facts } = state;
  if (facts.refusal !== undefined)
    throw new Refusal(
      facts.refusal,
      'a new cookie would cut it off; the cookie of a living cluster is changed on all nodes at once, without a restart (erlang:set_cookie)',
    );
  if (state.cookieOf === null) return [replace(given, state)];
  if (facts.isBare && facts.awaits !== undefined)
    return [{ doubt: 'the cookie that the broker makes when it starts', awaits: facts.awaits }];
  return [...(isPrivate(state) ? [] : [restrict()]), ...(state.heeded ? [] : [heed(given)])];
}

const RIGHT = { owner: 'rabbitmq', group: 'rabbitmq', mode: '0400' } as const;

/** A file that is not there yet is made as it must be. */
function isPrivate({ owner, group, mode }: State): boolean {
  return owner === null || (owner === RIGHT.owner && group === RIGHT.group && mode === RIGHT.mode);
}

function replace({ timeout }: Args, state: State): Planned<State> {
  const { donor, sha256, awaits, node } = state.facts;
  const copy = copyCookie(donor, sha256?.reveal() ?? '');
  const start: readonly Action[] = [startBroker(timeout), runs(timeout)];
  return {
    title: `replace the Erlang cookie by that of ${donor}`,
    run: node === 'apart' ? [stopBroker(timeout), copy, ...start] : [copy],
    ...(node === 'apart' && { onFailure: [startBroker(timeout)] }),
    becomes: { cookieOf: donor, heeded: true, ...(isPrivate(state) ? {} : RIGHT) },
    settles: [COOKIE_FILE],
    ...(awaits && { awaits }),
  };
}

function restrict(): Planned<State> {
  return {
    title: 'let only the broker read its Erlang cookie',
    run: [command(sh`chown rabbitmq:rabbitmq -- ${COOKIE} && chmod 0400 -- ${COOKIE}`)],
    becomes: RIGHT,
  };
}

/** Somebody has written the right cookie under a running broker. The way to stop it needs the old one, so systemd ends it. */
function heed({ timeout }: Args): Planned<State> {
  return {
    title: 'restart the broker, which runs with another cookie',
    run: [stopBroker(timeout), startBroker(timeout), runs(timeout)],
    becomes: { heeded: true },
    settles: [COOKIE_FILE],
  };
}

function runs(timeoutSeconds: number): Action {
  return until({
    what: 'the node answers with the new cookie',
    probe: askBroker,
    missing: broker => {
      const { condition, reason } = memberOf('', { ok: true, value: broker });
      return condition === 'running' ? undefined : (reason ?? `it is ${condition}`);
    },
    timeoutSeconds,
  });
}
