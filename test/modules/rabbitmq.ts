import fc from 'fast-check';
import {
  type Ask,
  type Broker,
  type BrokerAnswer,
  type Held,
  type Module,
  ProbeError,
  Secret,
} from '../../engine/kit/index.ts';
import { type Captured, type Outcome, outcomeOf } from '../../engine/kit/testing/index.ts';
import { fixture } from './fixture.ts';

/** The hosts of all captures. */
export const HOSTS = ['9lpo192', '9lpo134', '9lpo135'] as const;
export type Host = (typeof HOSTS)[number];

/** What stands for a host that is out of reach: the script that asks did not run. */
export const UNREACHABLE = '';

/** What a host printed in a scenario, e.g. `clustered`, or `4.0.5/alone`. */
export function capture(scenario: string, host: Host): string {
  const [release, name] = scenario.includes('/') ? scenario.split('/') : ['3.10.8', scenario];
  return fixture(`rabbitmq-${release}/${name}/${host}.txt`);
}

/** All hosts as one of them sees them: in one scenario, but for those named. */
export function seen(
  from: Host,
  scenario: string,
  others: Partial<Readonly<Record<Host, string>>> = {},
): Readonly<Record<string, Captured>> {
  return Object.fromEntries(
    HOSTS.map(host => {
      const named = others[host];
      const text = named === UNREACHABLE ? UNREACHABLE : capture(named ?? scenario, host);
      return [host === from ? 'broker' : `broker@${host}`, text];
    }),
  );
}

/** What is planned, without the text of the scripts. */
export function planned(
  module: Module,
  args: object,
  host: Host,
  outputs: Readonly<Record<string, Captured>>,
): unknown {
  const outcome = outcomeOf(module, { name: '', args, host, outputs });
  return 'refusal' in outcome ? outcome : outcome.map(withoutScripts);
}

function withoutScripts(entry: Exclude<Outcome, { refusal: string }>[number]): unknown {
  if ('doubt' in entry) return entry;
  const { runs: _, ...rest } = entry;
  return rest;
}

/** The scripts of all steps that are planned. */
export function scripts(
  module: Module,
  args: object,
  host: Host,
  outputs: Readonly<Record<string, Captured>>,
): readonly (readonly string[])[] {
  const outcome = outcomeOf(module, { name: '', args, host, outputs });
  if ('refusal' in outcome) throw new Error(outcome.refusal);
  return outcome.map(entry => ('runs' in entry ? entry.runs : []));
}

const nodeOf = (host: string): string => `rabbit@${host}`;
const NODES = [...HOSTS.map(nodeOf), 'rabbit@stranger'];
const anyNodes = (own: string): fc.Arbitrary<readonly string[]> =>
  fc.subarray(NODES.filter(node => node !== own)).map(others => [own, ...others]);

const rarely = (text: string): fc.Arbitrary<readonly string[]> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.constant([text]) });

const listed = fc.constantFrom({ count: 0, names: [] }, { count: 1, names: ['mail in /'] });

function anyAnswer(node: string): fc.Arbitrary<BrokerAnswer> {
  return fc.record({
    node: fc.constant(node),
    running: fc.boolean(),
    starting: fc.constant(false),
    version: fc.constantFrom('3.10.8', '3.10.8', '4.0.5'),
    members: anyNodes(node),
    connected: anyNodes(node),
    runningNodes: anyNodes(node),
    partitions: rarely('rabbit@stranger'),
    alarms: rarely('disk on rabbit@stranger'),
    enabledFlags: fc.constant(['quorum_queue']),
    supportedFlags: fc.constant(['quorum_queue']),
    vhosts: fc.constantFrom(['/'], ['/', 'orders']),
    policies: fc.constantFrom(
      [],
      [
        {
          vhost: '/',
          name: 'ha-all',
          pattern: '.*',
          applyTo: 'all',
          priority: 0,
          definition: { 'max-length': 5 },
        },
      ],
    ),
    quorumCritical: listed,
    onlyCopies: listed,
    lagging: listed,
  });
}

function anyCookie(): fc.Arbitrary<Broker['cookie']> {
  const secret = fc.constantFrom('cookie-one', 'cookie-two').map(text => new Secret(text));
  return fc.option(
    fc.record({
      owner: fc.constantFrom('rabbitmq', 'root'),
      group: fc.constant('rabbitmq'),
      mode: fc.constantFrom('0400', '0644'),
      usable: fc.boolean(),
      fingerprint: secret,
      sha256: secret,
    }),
  );
}

function anyBroker(host: Host): fc.Arbitrary<Broker | undefined> {
  const node = nodeOf(host);
  const found = fc
    .record({
      installed: fc.constantFrom('3.10.8-1.1', null),
      unit: fc.constant(new Map<string, string>()),
      alive: fc.boolean(),
      node: fc.constant(node),
      onDisk: fc.option(anyNodes(node)),
      cookie: anyCookie(),
      answer: fc.option(anyAnswer(node)),
      holdings: fc.option(
        fc
          .subarray<Held>(['users', 'queues'])
          .map(kinds => new Map(kinds.map(kind => [kind, { count: 1, names: ['x'] }] as const))),
      ),
      rejects: fc.boolean(),
    })
    .map(({ rejects, ...broker }) => {
      const alive = broker.alive || broker.answer !== null;
      const silence =
        alive && broker.answer === null ? { reason: 'it is silent', rejectsCookie: rejects } : null;
      const alone = broker.answer?.members?.length === 1 && broker.answer.running;
      return { ...broker, alive, silence, holdings: alone ? broker.holdings : null };
    });
  return fc.option(found, { nil: undefined, freq: 8 });
}

/** Any brokers on the three hosts, however contradictory; undefined is a host out of reach. */
export const anyBrokers: fc.Arbitrary<ReadonlyMap<string, Broker | undefined>> = fc
  .tuple(...HOSTS.map(host => anyBroker(host)))
  .map(brokers => new Map(HOSTS.map((host, index) => [host, brokers[index]])));

/** The state that a module's probe reads from these brokers; undefined where its own host is out of reach. */
export function stateFrom(
  module: Module,
  args: object,
  self: Host,
  brokers: ReadonlyMap<string, Broker | undefined>,
): object | undefined {
  if (brokers.get(self) === undefined) return undefined;
  return module.probe(args, { host: self, diff: false }).read({
    get: <T>(question: Ask<T>): T => {
      const broker = brokers.get(question.host ?? self);
      if (broker === undefined) throw new ProbeError('the host is out of reach');
      // Only the broker is asked.
      return broker as T;
    },
  });
}

/** States of a module, from any brokers, as seen by any host. */
export function anyState(module: Module, args: object): fc.Arbitrary<object> {
  return fc
    .tuple(anyBrokers, fc.constantFrom(...HOSTS))
    .map(([brokers, self]) => stateFrom(module, args, self, brokers))
    .filter(state => state !== undefined);
}
