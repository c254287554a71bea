import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laws } from '../../engine/kit/testing/index.ts';
import policy from '../../modules/rabbitmq-policy.ts';
import { anyState, capture, HOSTS, type Host, planned, scripts, seen, UNREACHABLE } from './rabbitmq.ts';

const pattern = '^(?!amq\\.).*';
const definition = {
  'ha-promote-on-failure': 'when-synced',
  'ha-mode': 'all',
  'ha-sync-mode': 'automatic',
};
const args = {
  name: 'ha-all',
  vhost: '/',
  pattern,
  definition,
  priority: 0,
  'apply-to': 'all',
  state: 'present',
  hosts: [...HOSTS],
  wait_for_mirrors: 60,
};
const plan = (given: object, host: Host, ...scenario: [string, Partial<Record<Host, string>>?]): unknown =>
  planned(policy, { ...args, ...given }, host, seen(host, ...scenario));

const sets = (name: string, becomes: object, ...flags: string[]): object => ({
  step: `set the policy ${name}`,
  becomes: { pattern, 'apply-to': 'all', priority: 0, definition, ...becomes },
  ...(flags.length > 0 && { flags }),
});

describe('present', () => {
  test('a policy that is so needs nothing, in whatever order it is written', () => {
    expect(plan({}, '9lpo192', 'clustered')).toEqual([]);
    expect(plan({ hosts: undefined }, '9lpo134', 'clustered')).toEqual([]);
  });

  test('every field counts', () => {
    expect(plan({ priority: 5 }, '9lpo192', 'clustered')).toEqual([sets('ha-all', { priority: 5 })]);
    expect(plan({ pattern: '.*' }, '9lpo192', 'clustered')).toEqual([sets('ha-all', { pattern: '.*' })]);
    expect(plan({ 'apply-to': 'queues' }, '9lpo192', 'clustered')).toEqual([
      sets('ha-all', { 'apply-to': 'queues' }),
    ]);
    expect(plan({ definition: { 'ha-mode': 'all' } }, '9lpo192', 'clustered')).toEqual([
      sets('ha-all', { definition: { 'ha-mode': 'all' } }),
    ]);
    expect(plan({ name: 'other' }, '9lpo192', 'clustered')).toEqual([sets('other', {})]);
  });

  test('it is set in one call, every word quoted, and the mirrors are waited for', () => {
    const [[script = '', ...rest] = []] = scripts(
      policy,
      { ...args, name: "it's" },
      '9lpo192',
      seen('9lpo192', 'clustered'),
    );
    expect(script.split('\n').at(-1)).toBe(
      `ctl 60 -n rabbit@9lpo192 set_policy -p / --priority 0 --apply-to all 'it'\\''s' '^(?!amq\\.).*' ` +
        `'{"ha-promote-on-failure":"when-synced","ha-mode":"all","ha-sync-mode":"automatic"}'`,
    );
    expect(rest).toEqual(['until all mirrors are in sync']);
    expect(
      scripts(
        policy,
        { ...args, name: 'x', wait_for_mirrors: 0 },
        '9lpo192',
        seen('9lpo192', 'clustered'),
      )[0],
    ).toHaveLength(1);
  });

  test('virgin hosts have none, so it will be set', () => {
    expect(plan({}, '9lpo192', 'virgin')).toEqual([sets('ha-all', {}, 'awaits')]);
  });

  test('a virtual host that is not there is awaited', () => {
    expect(plan({ vhost: 'orders' }, '9lpo192', 'clustered')).toEqual([sets('ha-all', {}, 'awaits')]);
  });
});

describe('the cluster is asked, not the host', () => {
  test('a first host that is new and alone, stopped, silent or out of reach does not count', () => {
    expect(plan({}, '9lpo192', 'first-reset')).toEqual([]);
    expect(plan({}, '9lpo192', 'clustered', { '9lpo192': 'virgin' })).toEqual([]);
    expect(plan({}, '9lpo134', 'app-stopped')).toEqual([]);
    expect(plan({}, '9lpo134', 'clustered', { '9lpo134': 'other-cookie' })).toEqual([]);
    expect(plan({}, '9lpo134', 'clustered', { '9lpo192': UNREACHABLE })).toEqual([]);
  });

  test('it is set through a member that runs', () => {
    const outputs = seen('9lpo192', 'first-reset');
    const [[script = ''] = []] = scripts(policy, { ...args, priority: 5 }, '9lpo192', outputs);
    expect(script).toContain('ctl 60 -n rabbit@9lpo134 set_policy');
  });

  test('a cluster of which nobody runs is not forgotten for a new node that does', () => {
    expect(plan({}, '9lpo134', 'all-down', { '9lpo134': 'reset' })).toMatchObject([
      { doubt: 'whether the policy ha-all is as described' },
    ]);
  });

  test('where none runs nothing is known', () => {
    expect(plan({}, '9lpo192', 'all-down')).toEqual([
      {
        doubt: 'whether the policy ha-all is as described',
        awaits: 'a running RabbitMQ node to ask',
      },
    ]);
  });
});

describe('absent', () => {
  test('what is not there needs nothing, on a virgin host neither', () => {
    expect(plan({ state: 'absent', name: 'x' }, '9lpo192', 'clustered')).toEqual([]);
    expect(plan({ state: 'absent' }, '9lpo192', 'virgin')).toEqual([]);
  });

  test('what is there is removed', () => {
    expect(plan({ state: 'absent' }, '9lpo192', 'clustered')).toEqual([
      {
        step: 'remove the policy ha-all',
        becomes: { pattern: null, 'apply-to': null, priority: null, definition: null },
      },
    ]);
  });
});

describe('mistakes', () => {
  test('mirrors on RabbitMQ 4, which has none', () => {
    expect(plan({}, '9lpo192', '4.0.5/clustered')).toEqual({
      refusal:
        'RabbitMQ 4.0.5 has no mirrored queues, so it knows no ha-promote-on-failure, ha-mode, ha-sync-mode',
      wayOut:
        'use quorum queues: make them the default of the virtual host (default_queue_type), or declare them so in the clients',
    });
  });

  test('arguments that say nothing', () => {
    expect(policy.mistake({ ...args, pattern: undefined })).toBe(
      '`pattern` is missing: to which queues or exchanges does the policy apply?',
    );
    expect(policy.mistake({ ...args, definition: ['ha-mode'] })).toBe(
      '`definition` must be a mapping: what does the policy set?',
    );
    expect(policy.mistake({ ...args, state: 'absent', pattern: undefined })).toBeUndefined();
  });
});

test('captures hold no passwords of the brokers', () => {
  expect(capture('held', '9lpo135')).not.toContain('secretpw1');
});

test('the laws hold', () => {
  const given = fc.record({
    name: fc.constantFrom('ha-all', 'x'),
    vhost: fc.constantFrom('/', 'orders'),
    pattern: fc.constantFrom('.*', 'y'),
    definition: fc.constantFrom({ 'max-length': 5 }, { 'max-length': 6 }),
    priority: fc.constantFrom(0, 1),
    'apply-to': fc.constantFrom('all', 'queues'),
    state: fc.constantFrom('present', 'absent'),
    hosts: fc.constant([...HOSTS]),
    wait_for_mirrors: fc.constant(0),
  });
  for (const name of ['ha-all', 'x'])
    laws(policy, {
      args: given.map(one => ({ ...one, name })),
      state: anyState(policy, { ...args, name }),
      runs: 1000,
    });
});
