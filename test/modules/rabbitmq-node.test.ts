import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laws } from '../../engine/kit/testing/index.ts';
import node from '../../modules/rabbitmq-node.ts';
import { anyState, HOSTS, type Host, planned, scripts, seen } from './rabbitmq.ts';

const args = { hosts: [...HOSTS], state: 'restarted', timeout: 300 };
const plan = (host: Host, ...scenario: [string, Partial<Record<Host, string>>?]): unknown =>
  planned(node, args, host, seen(host, ...scenario));

const restarts = (...flags: string[]): object[] => [
  { step: 'restart the broker', becomes: {}, flags: ['repeats', ...flags] },
];

describe('restarted', () => {
  test('a member that the others can spare for a while', () => {
    for (const host of HOSTS) {
      expect(plan(host, 'clustered')).toEqual(restarts());
      expect(plan(host, 'synchronised')).toEqual(restarts());
      expect(plan(host, '4.0.5/clustered')).toEqual(restarts());
    }
  });

  test('a node that is alone, even with data', () => {
    expect(plan('9lpo134', 'alone')).toEqual(restarts());
    expect(plan('9lpo135', 'alone', { '9lpo135': 'held' })).toEqual(restarts());
  });

  test('a node that does not run: it is started', () => {
    expect(plan('9lpo134', 'down')).toEqual(restarts('settles'));
    expect(plan('9lpo134', 'app-stopped')).toEqual(restarts('settles'));
  });

  test('announced of a host where the package is still to come', () => {
    expect(plan('9lpo134', 'virgin')).toEqual(restarts('settles', 'awaits'));
  });

  test('and then it is waited for', () => {
    expect(scripts(node, args, '9lpo134', seen('9lpo134', 'clustered'))[0]?.[1]).toBe(
      'until the node is back in its cluster, and all mirrors are in sync',
    );
  });
});

describe('refused', () => {
  test('where the node has the only complete copy of a queue; the others can be spared', () => {
    expect(plan('9lpo192', 'unsynchronised')).toEqual({
      refusal: 'rabbit@9lpo192 holds the only complete copy of the queue mail in /',
      wayOut:
        'wait until its mirrors are in sync (`ha-sync-mode: automatic`, or `rabbitmqctl sync_queue`), then play again',
    });
    expect(plan('9lpo134', 'unsynchronised')).toEqual(restarts());
  });

  test('where too few members would be left', () => {
    expect(plan('9lpo192', 'down')).toEqual({
      refusal:
        '1 of the 3 members does not run already: without rabbit@9lpo192, the rest would be a minority, which pauses',
      wayOut: 'start the others first',
    });
  });

  test('where a quorum queue would lose its majority', () => {
    const outputs = seen('9lpo192', 'synchronised');
    const critical = String(outputs['broker']).replace(
      '"quorum_critical":{"count":0,"names":[]}',
      '"quorum_critical":{"count":21,"names":["bills in /"]}',
    );
    expect(planned(node, args, '9lpo192', { ...outputs, broker: critical })).toEqual({
      refusal: 'without rabbit@9lpo192 there is no majority for 21 queues: bills in / and 20 more',
      wayOut: 'start the other members, or give the queues more (`rabbitmq-queues grow`), then play again',
    });
  });

  test('in a partition, or under a resource alarm', () => {
    expect(plan('9lpo134', 'partitioned')).toMatchObject({
      refusal: '9lpo192 is in a network partition: it was cut off from rabbit@9lpo134',
    });
    expect(plan('9lpo134', 'alarm')).toEqual({
      refusal: 'there are resource alarms: disk on rabbit@9lpo192',
      wayOut: 'free memory or disk space there first',
    });
  });
});

test('one node of a cluster at a time', () => {
  expect(node.exclusive(args)).toBe('rabbitmq-9lpo134');
});

test('the laws hold', () => {
  laws(node, { args: fc.constant(args), state: anyState(node, args), runs: 1000 });
});
