import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laws } from '../../engine/kit/testing/index.ts';
import cookie from '../../modules/rabbitmq-cookie.ts';
import { anyState, HOSTS, type Host, planned, scripts, seen, UNREACHABLE } from './rabbitmq.ts';

const args = { hosts: [...HOSTS], timeout: 120 };
const plan = (host: Host, ...scenario: [string, Partial<Record<Host, string>>?]): unknown =>
  planned(cookie, args, host, seen(host, ...scenario));

const replaces = (donor: Host, becomes: object = {}, ...flags: string[]): object => ({
  step: `replace the Erlang cookie by that of ${donor}`,
  becomes: { cookieOf: donor, heeded: true, ...becomes },
  flags: ['settles', ...flags],
});

const MEMBER = ['upload /var/lib/rabbitmq/.erlang.cookie'];
const ALONE = [
  'timeout 120 systemctl stop rabbitmq-server.service',
  'upload /var/lib/rabbitmq/.erlang.cookie',
  expect.stringContaining('timeout 120 systemctl start rabbitmq-server.service'),
  'until the node answers with the new cookie',
];

describe('whose cookie', () => {
  test('the first host’s, where there is no cluster', () => {
    expect(plan('9lpo192', 'alone')).toEqual([]);
    expect(plan('9lpo134', 'alone')).toEqual([replaces('9lpo192')]);
    expect(plan('9lpo135', 'alone')).toEqual([replaces('9lpo192')]);
  });

  test('the same is said of virgin hosts', () => {
    expect(plan('9lpo192', 'virgin')).toEqual([]);
    expect(plan('9lpo134', 'virgin')).toEqual([replaces('9lpo192', {}, 'awaits')]);
  });

  test('that of the cluster, for a new machine in the first host’s place', () => {
    expect(plan('9lpo192', 'clustered', { '9lpo192': 'virgin' })).toEqual([
      replaces('9lpo134', {}, 'awaits'),
    ]);
    expect(plan('9lpo134', 'clustered', { '9lpo192': 'virgin' })).toEqual([]);
  });

  test('that of most files, where no node is up to vouch for one', () => {
    expect(plan('9lpo134', 'all-down')).toEqual([]);
    expect(plan('9lpo192', 'all-down')).toEqual([]);
  });

  test('one cookie needs nothing, whatever white space is behind it', () => {
    for (const host of HOSTS) expect(plan(host, 'clustered')).toEqual([]);
    expect(plan('9lpo134', 'clustered', { '9lpo134': 'trailing-space' })).toEqual([]);
    expect(plan('9lpo135', 'clustered', { '9lpo134': 'trailing-space' })).toEqual([]);
  });
});

describe('how it is replaced', () => {
  test('a node that runs apart is stopped with the old cookie, and started with the new one', () => {
    expect(scripts(cookie, args, '9lpo134', seen('9lpo134', 'alone'))).toEqual([ALONE]);
  });

  test('a member whose file alone differs goes on running', () => {
    for (const file of ['other-cookie', 'no-cookie']) {
      expect(plan('9lpo134', 'clustered', { '9lpo134': file })).toEqual([replaces('9lpo192')]);
      expect(scripts(cookie, args, '9lpo134', seen('9lpo134', 'clustered', { '9lpo134': file }))).toEqual([
        MEMBER,
      ]);
    }
    for (const file of ['other-open-cookie', 'unusable-cookie'])
      expect(scripts(cookie, args, '9lpo134', seen('9lpo134', 'clustered', { '9lpo134': file }))).toEqual([
        MEMBER,
      ]);
  });

  test('owner and mode are mended with it', () => {
    expect(plan('9lpo134', 'clustered', { '9lpo134': 'other-open-cookie' })).toEqual([
      replaces('9lpo192', { owner: 'rabbitmq', group: 'rabbitmq', mode: '0400' }),
    ]);
  });

  test('owner and mode alone are mended without a restart', () => {
    expect(plan('9lpo134', 'clustered', { '9lpo134': 'open-cookie' })).toEqual([
      {
        step: 'let only the broker read its Erlang cookie',
        becomes: { owner: 'rabbitmq', group: 'rabbitmq', mode: '0400' },
      },
    ]);
    expect(
      scripts(cookie, args, '9lpo134', seen('9lpo134', 'clustered', { '9lpo134': 'open-cookie' })),
    ).toEqual([
      [
        'chown rabbitmq:rabbitmq -- /var/lib/rabbitmq/.erlang.cookie && chmod 0400 -- /var/lib/rabbitmq/.erlang.cookie',
      ],
    ]);
  });

  test('a right cookie written under a running broker is taken by a restart', () => {
    const outputs = seen('9lpo134', 'alone', { '9lpo134': 'other-cookie' });
    const [, hashes = ''] = /usable\n([\s\S]*?)@@/.exec(String(outputs['broker@9lpo192'])) ?? [];
    const written = String(outputs['broker']).replace(/(usable\n)[\s\S]*?(@@)/, `$1${hashes}$2`);
    const alone = written.replace(/\{\[.*/, '{[rabbit@9lpo134],[rabbit@9lpo134]}.');
    expect(planned(cookie, args, '9lpo134', { ...outputs, broker: alone })).toEqual([
      {
        step: 'restart the broker, which runs with another cookie',
        becomes: { heeded: true },
        flags: ['settles'],
      },
    ]);
  });
});

describe('refused', () => {
  test('a donor out of reach', () => {
    expect(plan('9lpo134', 'alone', { '9lpo192': UNREACHABLE })).toMatchObject({
      refusal:
        'the cookie of 9lpo192 cannot be read: the script that asks for the broker did not run to its end',
    });
  });

  test('to cut a member off from its living cluster', () => {
    const outputs = seen('9lpo134', 'clustered');
    const apart = Object.fromEntries(
      Object.entries(outputs).map(([place, text]) => [
        place,
        place === 'broker' ? String(text).replace(/[0-9a-f]{64}/g, '0'.repeat(64)) : text,
      ]),
    );
    expect(planned(cookie, args, '9lpo134', apart)).toEqual({
      refusal:
        '9lpo134 is a member of a living cluster (rabbit@9lpo134, rabbit@9lpo135, rabbit@9lpo192) whose cookie is not that of 9lpo192',
      wayOut:
        'a new cookie would cut it off; the cookie of a living cluster is changed on all nodes at once, without a restart (erlang:set_cookie)',
    });
  });
});

test('nothing of the cookie is in what may be shown', () => {
  const outputs = seen('9lpo134', 'alone');
  const [hash = ''] = /[0-9a-f]{64}/.exec(String(outputs['broker@9lpo192'])) ?? [];
  const all = JSON.stringify([
    planned(cookie, args, '9lpo134', outputs),
    scripts(cookie, args, '9lpo134', outputs),
  ]);
  expect(hash).not.toBe('');
  expect(all).not.toContain(hash);
});

test('the laws hold', () => {
  laws(cookie, { args: fc.constant(args), state: anyState(cookie, args), runs: 3000 });
});
