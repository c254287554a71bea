import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal, type Step } from '../../engine/kit/index.ts';
import { laws } from '../../engine/kit/testing/index.ts';
import join from '../../modules/rabbitmqctl-join.ts';
import {
  anyBrokers,
  anyState,
  HOSTS,
  type Host,
  planned,
  scripts,
  seen,
  stateFrom,
  UNREACHABLE,
} from './rabbitmq.ts';

const args = { hosts: [...HOSTS], timeout: 120 };
const plan = (host: Host, ...scenario: [string, Partial<Record<Host, string>>?]): unknown =>
  planned(join, args, host, seen(host, ...scenario));

const joins = (to: Host, ...flags: string[]): object => ({
  step: `join the cluster of ${to}`,
  becomes: { clusteredWith: to },
  ...(flags.length > 0 && { flags }),
});
const starts = {
  step: 'start the broker',
  becomes: { application: 'running' },
  flags: ['hinges'],
};

describe('nodes that are where they belong', () => {
  test('members that see each other need nothing', () => {
    for (const host of HOSTS) expect(plan(host, 'clustered')).toEqual([]);
    for (const host of HOSTS) expect(plan(host, '4.0.5/clustered')).toEqual([]);
  });

  test('a member whose application was stopped is started, not joined; the others need nothing', () => {
    expect(plan('9lpo134', 'app-stopped')).toEqual([
      { step: 'start the RabbitMQ application', becomes: { application: 'running' } },
    ]);
    expect(plan('9lpo192', 'app-stopped')).toEqual([]);
    expect(plan('9lpo135', 'app-stopped')).toEqual([]);
    expect(plan('9lpo134', '4.0.5/app-stopped')).toEqual([
      { step: 'start the RabbitMQ application', becomes: { application: 'running' } },
    ]);
  });

  test('a member whose VM is down is started, which an earlier task may do as well', () => {
    expect(plan('9lpo134', 'down')).toEqual([starts]);
    expect(plan('9lpo192', 'down')).toEqual([]);
  });

  test('when all are down each is started: what they wrote down says that they belong together', () => {
    for (const host of HOSTS) expect(plan(host, 'all-down')).toEqual([starts]);
  });

  test('a removed package leaves the data, so its node is still a member: no join is announced', () => {
    expect(plan('9lpo134', 'removed')).toEqual([starts]);
    expect(plan('9lpo192', 'removed')).toEqual([]);
  });

  test('a node that has paused in a minority is waited for, not started', () => {
    expect(plan('9lpo134', 'paused')).toEqual([
      {
        step: 'wait until the node runs, which starts or has paused by itself',
        becomes: { application: 'running' },
        flags: ['opaque'],
      },
    ]);
  });

  test('a member that does not answer, for its cookie file is not its own, is a member by the word of the others', () => {
    for (const cookie of ['other-cookie', 'other-open-cookie', 'no-cookie', 'unusable-cookie'])
      expect(plan('9lpo134', 'clustered', { '9lpo134': cookie })).toEqual([]);
    expect(plan('9lpo192', 'clustered', { '9lpo134': 'other-cookie' })).toEqual([]);
  });

  test('a member out of reach does not keep the others from being a cluster', () => {
    expect(plan('9lpo134', 'clustered', { '9lpo192': UNREACHABLE })).toEqual([]);
  });
});

describe('nodes that join', () => {
  test('fresh nodes join the first host, which founds the cluster by doing nothing', () => {
    expect(plan('9lpo192', 'alone')).toEqual([]);
    expect(plan('9lpo134', 'alone')).toEqual([joins('9lpo192', 'awaits')]);
    expect(plan('9lpo135', '4.0.5/alone')).toEqual([joins('9lpo192', 'awaits')]);
  });

  test('the same is said of virgin hosts, where all of it is still to come', () => {
    expect(plan('9lpo192', 'virgin')).toEqual([]);
    expect(plan('9lpo134', 'virgin')).toEqual([joins('9lpo192', 'awaits')]);
  });

  test('a node that was reset joins again, the first host too', () => {
    expect(plan('9lpo134', 'reset')).toEqual([joins('9lpo192')]);
    expect(plan('9lpo192', 'reset')).toEqual([]);
    expect(plan('9lpo192', 'first-reset')).toEqual([joins('9lpo134')]);
    expect(plan('9lpo134', 'first-reset')).toEqual([]);
  });

  test('a node that its cluster still lists is forgotten there before it joins', () => {
    expect(plan('9lpo134', 'force-reset')).toEqual([joins('9lpo192')]);
    const forgets = (scenario: string): boolean =>
      (scripts(join, args, '9lpo134', seen('9lpo134', scenario))[0]?.[0] ?? '').includes(
        'ctl 60 -n rabbit@9lpo192 forget_cluster_node rabbit@9lpo134',
      );
    expect(forgets('force-reset')).toBe(true);
    expect(forgets('reset')).toBe(false);
    expect(plan('9lpo134', '4.0.5/force-reset')).toEqual([joins('9lpo192')]);
  });

  test('a new machine in place of a member joins the cluster that is there', () => {
    expect(plan('9lpo192', 'clustered', { '9lpo192': 'virgin' })).toEqual([joins('9lpo134', 'awaits')]);
    expect(plan('9lpo134', 'clustered', { '9lpo192': 'virgin' })).toEqual([]);
  });

  test('where the first host is out of reach, any running member will do', () => {
    const outputs = seen('9lpo134', 'reset', { '9lpo192': UNREACHABLE });
    expect(planned(join, args, '9lpo134', outputs)).toEqual([joins('9lpo135')]);
    expect(scripts(join, args, '9lpo134', outputs)[0]?.[0]).toContain('join_cluster rabbit@9lpo135 || {');
  });

  test('what a stopped node holds nobody can know: it is started, and joins if it is fresh', () => {
    const outputs = seen('9lpo135', 'alone', { '9lpo135': 'held-stopped' });
    expect(planned(join, args, '9lpo135', outputs)).toEqual([
      { step: 'start the RabbitMQ application', becomes: { application: 'running' } },
      joins('9lpo192', 'opaque', 'awaits'),
    ]);
  });
});

describe('refused before anything is touched', () => {
  test('a node that holds data: all of it is listed, with the argument that gives it up', () => {
    const outputs = seen('9lpo135', 'alone', { '9lpo135': 'held' });
    expect(planned(join, args, '9lpo135', outputs)).toEqual({
      refusal:
        'rabbit@9lpo135 holds data of its own, which joining would destroy: vhosts orders; users app; ' +
        'permissions app in orders, app on topics in orders; queues jobs in /; exchanges ev.€😀 in orders; ' +
        'bindings ev.€😀 to ev.€😀 in orders; policies op in /, ttl in orders; parameters vhost-limits limits in orders; limits app',
      wayOut:
        'move it to the cluster first (`rabbitmqctl export_definitions` saves all but messages), or give it up with ' +
        '`allow_data_loss: [vhosts, users, permissions, queues, exchanges, bindings, policies, parameters, limits]`',
    });
  });

  test('what is allowed to be lost is no reason, the rest still is', () => {
    const outputs = seen('9lpo135', '4.0.5/alone', { '9lpo135': '4.0.5/held' });
    const allowing = (...kinds: string[]): unknown =>
      planned(join, { ...args, allow_data_loss: kinds }, '9lpo135', outputs);
    expect(allowing('vhosts', 'users')).toEqual({
      refusal:
        'rabbit@9lpo135 holds data of its own, which joining would destroy: permissions app in orders; policies ttl in orders',
      wayOut:
        'move it to the cluster first (`rabbitmqctl export_definitions` saves all but messages), or give it up with ' +
        '`allow_data_loss: [vhosts, users, permissions, policies]`',
    });
    expect(allowing('vhosts', 'users', 'permissions', 'policies')).toEqual([joins('9lpo192', 'awaits')]);
  });

  test('a member of another cluster', () => {
    expect(plan('9lpo192', 'clustered', { '9lpo134': 'first-reset', '9lpo135': 'first-reset' })).toEqual({
      refusal:
        'there are separate clusters: rabbit@9lpo134, rabbit@9lpo135, rabbit@9lpo192; and rabbit@9lpo134, rabbit@9lpo135',
      wayOut: 'decide which one stays, save what the other holds, and reset its nodes (rabbitmqctl reset)',
    });
  });

  test('a database that the cluster has forgotten; with consent it is set aside', () => {
    expect(plan('9lpo134', 'forgotten')).toEqual({
      refusal:
        'the cluster no longer knows rabbit@9lpo134, which takes itself for a member: it cannot start, and what its database holds cannot be looked into',
      wayOut:
        'give that database up with `allow_data_loss: [database]`: it is set aside on the host, and the node joins as a new one',
    });
    const outputs = seen('9lpo134', 'forgotten');
    expect(planned(join, { ...args, allow_data_loss: ['database'] }, '9lpo134', outputs)).toEqual([
      {
        step: 'set the database of the forgotten member aside',
        becomes: { database: 'own', application: 'running' },
      },
      joins('9lpo192'),
    ]);
    expect(plan('9lpo192', 'forgotten')).toEqual([]);
  });

  test('a founder that may be a second cluster, for another host cannot be asked', () => {
    expect(plan('9lpo192', 'alone', { '9lpo135': UNREACHABLE })).toEqual({
      refusal:
        '9lpo192 is alone, and so may be a second cluster: 9lpo135 cannot be asked (the script that asks for the broker did not run to its end)',
      wayOut: 'bring 9lpo135 back, or leave it out of `hosts` if it is gone for good',
    });
    expect(plan('9lpo134', 'alone', { '9lpo192': UNREACHABLE })).toEqual({
      refusal:
        'no member of the cluster to join is known to run: 9lpo192 cannot be asked (the script that asks for the broker did not run to its end)',
      wayOut: 'bring 9lpo192 back, or leave it out of `hosts` if it is gone for good',
    });
  });

  test('a network that is cut, and a partition that came of it', () => {
    expect(plan('9lpo192', 'cut')).toEqual({
      refusal: '9lpo192 does not see rabbit@9lpo134, though that runs',
      wayOut: 'mend the network between them, then play again; a node that has paused comes back by itself',
    });
    expect(plan('9lpo192', 'partitioned')).toEqual({
      refusal: '9lpo192 is in a network partition: it was cut off from rabbit@9lpo134',
      wayOut: 'restart the nodes of the side whose changes may be lost, then play again',
    });
  });

  test('resource alarms keep nodes from joining, and nothing from staying', () => {
    expect(plan('9lpo134', 'alarm', { '9lpo134': 'reset' })).toEqual({
      refusal: 'there are resource alarms: disk on rabbit@9lpo192',
      wayOut: 'free memory or disk space there; a broker in alarm takes no messages',
    });
    expect(plan('9lpo134', 'alarm')).toEqual([]);
  });

  test('another release', () => {
    expect(plan('9lpo134', 'alone', { '9lpo134': '4.0.5/alone' })).toEqual({
      refusal: '9lpo134 has RabbitMQ 4.0.5, but 9lpo192 has 3.10.8',
      wayOut: 'install one release on all hosts',
    });
  });

  test('feature flags that only one of both knows', () => {
    const outputs = seen('9lpo134', 'alone');
    const aged = String(outputs['broker']).replaceAll('"stream_queue",', '');
    expect(planned(join, args, '9lpo134', { ...outputs, broker: aged })).toEqual({
      refusal: 'the feature flag stream_queue is known only to one of 9lpo134 and 9lpo192',
      wayOut: 'install one release, with the same plugins, on all hosts',
    });
  });
});

describe('what cannot be told', () => {
  test('a node with another cookie that no member lists as running', () => {
    expect(plan('9lpo134', 'reset', { '9lpo134': 'other-cookie' })).toMatchObject({
      refusal: expect.stringContaining('the cluster no longer knows rabbit@9lpo134'),
    });
    expect(plan('9lpo134', 'down', { '9lpo134': 'other-cookie' })).toEqual([
      {
        doubt: 'whether its node runs',
        awaits:
          'an answer of the node on 9lpo134 (connected to epmd (port 4369) on 9lpo134; epmd reports node ' +
          "'rabbit' uses port 25672 for inter-node and CLI tool traffic; TCP connection succeeded but Erlang distribution failed)",
      },
    ]);
  });
});

describe('the join itself', () => {
  const script = (): string =>
    scripts(join, { ...args, allow_data_loss: ['users'] }, '9lpo134', seen('9lpo134', 'reset'))[0]?.[0] ?? '';

  test('looks once more for data before it stops anything, but for what may be lost', () => {
    const kinds = /for kind in (.*); do/.exec(script())?.[1];
    expect(kinds).toBe('vhosts permissions queues exchanges bindings policies parameters limits');
    expect(script().indexOf('for kind in')).toBeLessThan(script().indexOf('stop_app'));
  });

  test('waits until all members see each other', () => {
    expect(scripts(join, args, '9lpo134', seen('9lpo134', 'reset'))[0]?.[1]).toBe(
      'until all running members see each other',
    );
  });

  test('never runs twice at once, whichever hosts are named', () => {
    expect(join.exclusive(args)).toBe('rabbitmq-9lpo134');
    expect(join.exclusive({ ...args, hosts: ['9lpo192', '9lpo134'] })).toBe('rabbitmq-9lpo134');
  });
});

describe('whatever the hosts say', () => {
  const allowing = { ...args, allow_data_loss: ['users', 'queues', 'database'] };
  const titlesOf = (
    given: object,
    host: Host,
    brokers: Parameters<typeof stateFrom>[3],
  ): readonly string[] => {
    const state = stateFrom(join, given, host, brokers);
    if (state === undefined) return [];
    try {
      return join.plan(given, state).flatMap(entry => ('title' in entry ? [entry.title] : []));
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  };

  test('the laws hold', () => {
    laws(join, { args: fc.constantFrom(args, allowing), state: anyState(join, args), runs: 3000 });
  });

  test('no two nodes join each other', () => {
    fc.assert(
      fc.property(anyBrokers, brokers => {
        const [a, b, c] = HOSTS.map(host => titlesOf(allowing, host, brokers));
        const joining = (titles: readonly string[] | undefined, to: Host): boolean =>
          titles?.includes(`join the cluster of ${to}`) === true;
        expect(joining(a, '9lpo134') && joining(b, '9lpo192')).toBe(false);
        expect(joining(a, '9lpo135') && joining(c, '9lpo192')).toBe(false);
        expect(joining(b, '9lpo135') && joining(c, '9lpo134')).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  test('no node that is known to hold data joins without consent', () => {
    fc.assert(
      fc.property(anyBrokers, fc.constantFrom(...HOSTS), (brokers, host) => {
        const held = brokers.get(host)?.holdings?.size ?? 0;
        fc.pre(held > 0);
        expect(titlesOf(args, host, brokers).filter(title => title.startsWith('join'))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('no node joins whose data is unknown, unless its script looks and the check says so', () => {
    fc.assert(
      fc.property(anyBrokers, fc.constantFrom(...HOSTS), (brokers, host) => {
        const broker = brokers.get(host);
        fc.pre(broker !== undefined && broker.installed !== null && broker.holdings === null);
        const state = stateFrom(join, args, host, brokers);
        if (state === undefined) return;
        let entries: ReturnType<typeof join.plan> = [];
        try {
          entries = join.plan(args, state);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
        const step = entries.find(
          (entry): entry is Step<Record<string, unknown>> =>
            'title' in entry && entry.title.startsWith('join'),
        );
        if (step !== undefined) expect(step.opaque).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
