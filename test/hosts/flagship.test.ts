import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesOf, doubtsOf, LabOfHosts, type Told, whyNoLab } from './lab-of-hosts.ts';

const reason = whyNoLab();
const lab = new LabOfHosts('t-flagship', 3);
const [first, second, third] = lab.hosts;

const TASK = {
  install: 'RabbitMQ is installed',
  configure: 'RabbitMQ is configured for three nodes',
  service: 'RabbitMQ runs, and starts with the host',
  restart: 'restart RabbitMQ',
  cookie: 'The nodes share one Erlang cookie',
  join: 'The nodes are in one cluster',
  policy: 'Queues are mirrored on all nodes',
} as const;

const check = (): Promise<Told> => lab.tell('rabbitmq-ha.yml', '--check');
const run = (): Promise<Told> => lab.tell('rabbitmq-ha.yml');

/** The processes of the broker: another one means that it was restarted. */
const brokerProcesses = async (): Promise<readonly string[]> =>
  Promise.all(
    lab.hosts.map(host => lab.on(host, 'systemctl show -p MainPID -p InvocationID rabbitmq-server')),
  );

const membersRunning = async (host: string): Promise<number> => {
  const status: { readonly running_nodes: readonly string[] } = JSON.parse(
    await lab.on(host, 'rabbitmqctl -q cluster_status --formatter json'),
  );
  return status.running_nodes.length;
};

describe.skipIf(reason !== undefined)(
  `three hosts become one cluster${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    beforeAll(() => lab.fresh());
    afterAll(() => lab.gone());

    let announced: Told;

    test('a check on virgin hosts touches nothing', async () => {
      await lab.note();
      announced = await check();
      expect(announced.end.exitCode).toBe(0);
      expect(await lab.touched()).toEqual([]);
      expect(doubtsOf(announced)).toEqual(
        [first, second, third].toSorted().map(host => ({
          host,
          task: TASK.service,
          what: 'whether rabbitmq-server has yet to be started and enabled',
          until: TASK.install,
        })),
      );
      expect(Object.values(announced.end.recap).map(counts => counts.unknown)).toEqual([1, 1, 1]);
    });

    test('the run makes exactly the changes that were announced, field for field', async () => {
      const done = await run();
      expect(done.end.exitCode).toBe(0);
      const doubted = new Set(doubtsOf(announced).map(({ host, task }) => `${host} ${task}`));
      const certain = changesOf(done).filter(({ host, task }) => !doubted.has(`${host} ${task}`));
      expect(certain).toEqual(changesOf(announced));
      expect(certain.length).toBe(14);
      expect(await Promise.all(lab.hosts.map(membersRunning))).toEqual([3, 3, 3]);
    });

    test('a second run and a check change nothing, over one connection and at most three round trips a host', async () => {
      const processes = await brokerProcesses();
      for (const told of [await run(), await check()]) {
        expect(told.end.exitCode).toBe(0);
        expect(changesOf(told)).toEqual([]);
        expect(doubtsOf(told)).toEqual([]);
        expect(Object.values(told.end.recap).map(({ changed, unknown }) => changed + unknown)).toEqual([
          0, 0, 0,
        ]);
        for (const host of lab.hosts) {
          expect(told.events.filter(event => event.type === 'connected' && event.host === host)).toHaveLength(
            1,
          );
          const trips = told.events.flatMap(event =>
            event.type === 'survey' && event.host === host ? [event.roundTrips] : [],
          );
          expect(Math.max(...trips)).toBeLessThanOrEqual(3);
        }
      }
      expect(await brokerProcesses()).toEqual(processes);
    });

    const COOKIE = '/var/lib/rabbitmq/.erlang.cookie';
    /** One thing broken at a time: how, and where a check must see it. */
    const drifts: readonly {
      readonly name: string;
      readonly host: string;
      readonly break: string;
      readonly seen: readonly string[];
    }[] = [
      { name: 'the cookie’s mode', host: second, break: `chmod 0600 ${COOKIE}`, seen: [TASK.cookie] },
      {
        name: 'the cookie’s content on one node',
        host: third,
        break: `printf ABCDEFGHIJKLMNOPQRST > ${COOKIE}`,
        seen: [TASK.cookie],
      },
      {
        name: 'the policy is gone',
        host: first,
        break: 'rabbitmqctl -q clear_policy ha-all',
        seen: [TASK.policy],
      },
      {
        name: 'the policy’s priority',
        host: first,
        break: `HOME=/var/lib/rabbitmq /usr/lib/rabbitmq/bin/rabbitmqctl -q set_policy --priority 7 ha-all '^(?!amq\\.).*' '{"ha-mode":"all","ha-sync-mode":"automatic","ha-promote-on-failure":"when-synced"}'`,
        seen: [TASK.policy],
      },
      {
        name: 'the policy’s definition',
        host: first,
        break: `HOME=/var/lib/rabbitmq /usr/lib/rabbitmq/bin/rabbitmqctl -q set_policy ha-all '^(?!amq\\.).*' '{"ha-mode":"exactly","ha-params":2}'`,
        seen: [TASK.policy],
      },
      {
        name: 'the package is removed',
        host: third,
        break: 'DEBIAN_FRONTEND=noninteractive apt-get -qq remove -y rabbitmq-server >/dev/null 2>&1',
        seen: [TASK.install],
      },
      {
        name: 'the service is stopped',
        host: second,
        break: 'systemctl stop rabbitmq-server',
        seen: [TASK.service],
      },
      {
        name: 'the application is stopped on one node',
        host: third,
        break: 'rabbitmqctl -q stop_app',
        seen: [TASK.join],
      },
      {
        name: 'a node is reset and alone',
        host: third,
        break: 'rabbitmqctl -q stop_app && rabbitmqctl -q reset && rabbitmqctl -q start_app',
        seen: [TASK.join],
      },
      {
        name: 'a node is reset by force, and the others still list it',
        host: second,
        break: 'rabbitmqctl -q stop_app && rabbitmqctl -q force_reset && rabbitmqctl -q start_app',
        seen: [TASK.join],
      },
      {
        name: 'rabbitmq.conf is edited',
        host: second,
        break: 'echo "heartbeat = 5" >> /etc/rabbitmq/rabbitmq.conf',
        seen: [TASK.configure, TASK.restart],
      },
      {
        name: 'the unit is disabled',
        host: first,
        break: 'systemctl disable -q rabbitmq-server 2>/dev/null',
        seen: [TASK.service],
      },
    ];

    test.each(drifts)('drift: $name', async ({ host, break: script, seen }) => {
      await lab.on(host, script);
      const expected = seen
        .map(task => ({ host: task === TASK.policy ? first : host, task }))
        .toSorted((a, b) => a.task.localeCompare(b.task));
      const places = (told: Told) =>
        changesOf(told).map(change => ({ host: change.host, task: change.task }));

      const told = await check();
      expect(told.end.exitCode).toBe(0);
      expect(places(told)).toEqual(expected);
      expect(doubtsOf(told).filter(doubt => doubt.host !== host)).toEqual([]);

      const mended = await run();
      expect({
        code: mended.end.exitCode,
        failures: mended.results.flatMap(result => result.failure ?? []),
      }).toEqual({ code: 0, failures: [] });
      const doubted = doubtsOf(told).map(doubt => doubt.task);
      expect(places(mended).filter(place => !doubted.includes(place.task))).toEqual(expected);

      const clean = await check();
      expect({ changes: changesOf(clean), doubts: doubtsOf(clean) }).toEqual({ changes: [], doubts: [] });
      expect(await Promise.all(lab.hosts.map(membersRunning))).toEqual([3, 3, 3]);
    });

    test('a node that holds data of its own is refused, and its data stays', async () => {
      await lab.on(third, 'rabbitmqctl -q stop_app && rabbitmqctl -q reset && rabbitmqctl -q start_app');
      await lab.on(
        third,
        `rabbitmqctl -q add_vhost precious && rabbitmqctl -q add_user keeper secret-of-keeper && rabbitmqctl -q eval '
      Q = rabbit_misc:r(<<"precious">>, queue, <<"jobs">>), {new, _} = rabbit_amqqueue:declare(Q, true, false, [], none, <<"test">>), ok.'`,
      );
      for (const told of [await check(), await run()]) {
        expect(told.end.exitCode).toBe(2);
        const [failure] = told.results.filter(result => result.failure !== undefined);
        expect(failure).toMatchObject({
          host: third,
          task: { name: TASK.join },
          failure: { kind: 'Refusal' },
        });
        expect(failure?.failure?.message).toContain('vhosts precious');
        expect(failure?.failure?.message).toContain('users keeper');
        expect(failure?.failure?.message).toContain('jobs in precious');
        expect(failure?.failure?.hint).toContain('allow_data_loss');
      }
      expect(
        await lab.on(
          third,
          'rabbitmqctl -q list_vhosts --no-table-headers; rabbitmqctl -q list_users --no-table-headers; rabbitmqctl -q list_queues -p precious --no-table-headers name',
        ),
      ).toMatch(/precious[\s\S]*keeper[\s\S]*jobs/);
      await lab.on(third, 'rabbitmqctl -q delete_vhost precious && rabbitmqctl -q delete_user keeper');
      expect((await run()).end.exitCode).toBe(0);
      expect(await membersRunning(third)).toBe(3);
    });
  },
);
