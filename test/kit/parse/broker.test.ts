import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../engine/kit/errors.ts';
import { type Broker, parseBroker } from '../../../engine/kit/parse/broker.ts';

/** What the script of the source `broker` printed on a real host. */
function captured(release: string, scenario: string, host = '9lpo134'): string {
  const path = ['..', '..', 'modules', 'fixtures', `rabbitmq-${release}`, scenario, `${host}.txt`];
  return readFileSync(join(import.meta.dirname, ...path), 'utf8');
}
const parsed = (release: string, scenario: string, host?: string): Broker =>
  parseBroker(captured(release, scenario, host));

describe('a host without RabbitMQ', () => {
  test('is a state as good as any', () => {
    expect(parsed('3.10.8', 'virgin')).toMatchObject({
      installed: null,
      alive: false,
      node: 'rabbit@9lpo134',
      onDisk: null,
      cookie: null,
      answer: null,
      holdings: null,
      silence: null,
    });
  });

  test('whose package was removed still has its data and its cookie', () => {
    const { installed, onDisk, cookie } = parsed('3.10.8', 'removed');
    expect(installed).toBeNull();
    expect(onDisk).toEqual(['rabbit@9lpo134', 'rabbit@9lpo135', 'rabbit@9lpo192']);
    expect(cookie).toMatchObject({ owner: 'rabbitmq', group: 'rabbitmq', mode: '0400', usable: true });
  });
});

describe('a node that runs', () => {
  test.each([
    ['3.10.8', '3.10.8-1.1+deb12u1'],
    ['4.0.5', '4.0.5-6+deb13u2'],
  ])('alone and fresh, %s', (release, installed) => {
    const broker = parsed(release, 'alone');
    expect(broker).toMatchObject({ installed, alive: true, silence: null, holdings: new Map() });
    expect(broker.answer).toMatchObject({
      node: 'rabbit@9lpo134',
      running: true,
      starting: false,
      version: release,
      members: ['rabbit@9lpo134'],
      runningNodes: ['rabbit@9lpo134'],
      partitions: [],
      alarms: [],
      vhosts: ['/'],
      policies: [],
      quorumCritical: { count: 0, names: [] },
      lagging: { count: 0, names: [] },
    });
  });

  test('with data of its own', () => {
    expect(Object.fromEntries(parsed('3.10.8', 'held', '9lpo135').holdings ?? [])).toMatchObject({
      vhosts: { count: 1, names: ['orders'] },
      users: { count: 1, names: ['app'] },
      permissions: { count: 2, names: ['app in orders', 'app on topics in orders'] },
      queues: { count: 1, names: ['jobs in /'] },
      exchanges: { count: 1, names: ['ev.€😀 in orders'] },
      policies: { count: 2, names: ['op in /', 'ttl in orders'] },
      parameters: { count: 1, names: ['vhost-limits limits in orders'] },
      limits: { count: 1, names: ['app'] },
    });
    expect([...(parsed('4.0.5', 'held', '9lpo135').holdings?.keys() ?? [])]).toEqual([
      'vhosts',
      'users',
      'permissions',
      'policies',
    ]);
  });

  test('in a cluster: what it holds is not the question', () => {
    const { answer, holdings } = parsed('3.10.8', 'clustered', '9lpo192');
    expect(holdings).toBeNull();
    expect(answer?.policies).toEqual([
      {
        vhost: '/',
        name: 'ha-all',
        pattern: '^(?!amq\\.).*',
        applyTo: 'all',
        priority: 0,
        definition: {
          'ha-mode': 'all',
          'ha-sync-mode': 'automatic',
          'ha-promote-on-failure': 'when-synced',
        },
      },
    ]);
  });

  test('with alarms, partitions, queues that rest on it', () => {
    expect(parsed('3.10.8', 'alarm').answer?.alarms).toEqual(['disk on rabbit@9lpo192']);
    expect(parsed('3.10.8', 'partitioned', '9lpo192').answer?.partitions).toEqual(['rabbit@9lpo134']);
    const only = { count: 1, names: ['mail in /'] };
    expect(parsed('3.10.8', 'unsynchronised', '9lpo192').answer).toMatchObject({
      onlyCopies: only,
      lagging: only,
    });
    expect(parsed('3.10.8', 'quorum-critical', '9lpo192').answer?.quorumCritical).toEqual({
      count: 1,
      names: ['bills in /'],
    });
  });
});

describe('a node without its application', () => {
  test('knows its members, and otherwise nothing, which is not the same as none', () => {
    const { answer, holdings } = parsed('3.10.8', 'held-stopped', '9lpo135');
    expect(answer).toMatchObject({ running: false, starting: false, members: ['rabbit@9lpo135'] });
    expect(answer).toMatchObject({ vhosts: null, policies: null, quorumCritical: null });
    expect(holdings).toBeNull();
  });

  test('that has paused will run by itself', () => {
    expect(parsed('3.10.8', 'paused').answer).toMatchObject({ running: false, starting: true });
  });
});

describe('a node that does not answer', () => {
  test('because it is down: that is no silence', () => {
    expect(parsed('3.10.8', 'down')).toMatchObject({ alive: false, answer: null, silence: null });
  });

  test.each([
    [
      'other-cookie',
      "connected to epmd (port 4369) on 9lpo134; epmd reports node 'rabbit' uses port 25672 for inter-node and CLI tool traffic; TCP connection succeeded but Erlang distribution failed",
    ],
    ['other-open-cookie', 'it does not accept the Erlang cookie in its file, which others may read besides'],
    ['no-cookie', 'its Erlang cookie is missing'],
    ['unusable-cookie', 'its Erlang cookie is empty or begins with white space'],
  ])('because of its cookie: %s', (scenario, reason) => {
    expect(parsed('3.10.8', scenario)).toMatchObject({
      alive: true,
      answer: null,
      silence: { reason, rejectsCookie: true },
    });
  });
});

describe('cookies', () => {
  test('white space behind one does not matter, though the file is another', () => {
    const [one, other] = ['clustered', 'trailing-space'].map(scenario => parsed('3.10.8', scenario).cookie);
    expect(other?.fingerprint.reveal()).toBe(one?.fingerprint.reveal());
    expect(other?.sha256.reveal()).not.toBe(one?.sha256.reveal());
  });

  test('are never shown', () => {
    const { cookie } = parsed('3.10.8', 'clustered');
    expect(JSON.stringify(cookie)).toBe(
      '{"owner":"rabbitmq","group":"rabbitmq","mode":"0400","usable":true,"fingerprint":"********","sha256":"********"}',
    );
  });

  test('no capture has a hash of one that rabbitmqctl prints', () => {
    expect(captured('3.10.8', 'other-cookie')).not.toMatch(/cookie hash/i);
  });
});

describe('what is no answer is an error', () => {
  const whole = captured('3.10.8', 'clustered');

  test.each([
    ['', 'the script that asks for the broker did not run to its end'],
    [whole.replace('broker {', 'broker ['), 'the broker’s answer is not JSON'],
    [
      whole.replace(/"members":\[[^\]]*\]/, '"members":{}'),
      'the broker’s answer has another “members” than was asked for',
    ],
    [whole.replace(/^[0-9a-f]{64}.*\n/gm, ''), 'the Erlang cookie cannot be read'],
  ])('%#', (text, message) => {
    expect(() => parseBroker(text)).toThrow(new ProbeError(message));
  });
});
