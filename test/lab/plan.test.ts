import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Found, type FoundHost, planUp } from '../../engine/lab/plan.ts';

const fine: FoundHost = {
  name: '9lpo192',
  disk: true,
  mounted: true,
  neighbours: true,
  on: true,
  plugged: true,
  answers: true,
};
const standing: Found = { base: true, key: true, bridge: true, proxy: true, hosts: [fine] };
const off = { on: false, plugged: false, answers: false };
const nothing: Found = {
  base: false,
  key: false,
  bridge: false,
  proxy: false,
  hosts: [{ ...fine, ...off, disk: false, mounted: false, neighbours: false }],
};

const withHost = (host: Partial<FoundHost>): Found => ({ ...standing, hosts: [{ ...fine, ...host }] });

test('a lab where all is well needs nothing', () => {
  expect(planUp(standing)).toEqual({ lab: [], hosts: new Map() });
});

test('a lab of which nothing is there needs all', () => {
  expect(planUp(nothing)).toEqual({
    lab: ['make-base', 'make-key', 'make-bridge', 'start-proxy'],
    hosts: new Map([['9lpo192', ['pull-plug', 'make-disk', 'switch-on']]]),
  });
});

test('no base image is made where every host has its disk', () => {
  expect(planUp({ ...standing, base: false }).lab).toEqual([]);
});

test.each<[string, Partial<FoundHost>, readonly string[]]>([
  ['is off', off, ['switch-on']],
  [
    'is off and not mounted',
    { ...off, mounted: false, neighbours: false },
    ['mount-disk', 'write-hosts', 'switch-on'],
  ],
  ['is cut off', { plugged: false, answers: false }, ['plug-in', 'revive']],
  ['is silent', { answers: false }, ['revive']],
  ['does not know a new neighbour', { neighbours: false }, ['write-hosts']],
  ['runs on a disk that was never finished', { disk: false }, ['pull-plug', 'make-disk', 'switch-on']],
])('a host that %s', (_, host, actions) => {
  expect(planUp(withHost(host))).toEqual({ lab: [], hosts: new Map([['9lpo192', actions]]) });
});

test('doing what the plan says, whatever was found, leaves nothing to do', () => {
  const host = fc.record<FoundHost>({
    name: fc.constant('9lpo192'),
    disk: fc.boolean(),
    mounted: fc.boolean(),
    neighbours: fc.boolean(),
    on: fc.boolean(),
    plugged: fc.boolean(),
    answers: fc.boolean(),
  });
  const possible = host.filter(
    one =>
      (one.on || !one.plugged) &&
      (one.plugged || !one.answers) &&
      (one.disk || !one.mounted) &&
      (one.mounted || !one.neighbours),
  );
  const found = fc.record<Found>({
    base: fc.boolean(),
    key: fc.boolean(),
    bridge: fc.boolean(),
    proxy: fc.boolean(),
    hosts: possible.map(one => [one]),
  });
  fc.assert(
    fc.property(found, before => {
      expect(planUp(done(before))).toEqual({ lab: [], hosts: new Map() });
    }),
  );
});

/** What is found after a plan was carried out. */
function done(found: Found): Found {
  const plan = planUp(found);
  const hosts = found.hosts.map(host =>
    (plan.hosts.get(host.name) ?? []).reduce<FoundHost>(afterHostAction, host),
  );
  return {
    base: found.base || plan.lab.includes('make-base'),
    key: found.key || plan.lab.includes('make-key'),
    bridge: found.bridge || plan.lab.includes('make-bridge'),
    proxy: found.proxy || plan.lab.includes('start-proxy'),
    hosts,
  };
}

function afterHostAction(host: FoundHost, action: string): FoundHost {
  const needs = (holds: boolean) => expect(holds, `${action} comes too early`).toBe(true);
  switch (action) {
    case 'pull-plug':
      return { ...host, ...off };
    case 'make-disk':
      needs(!host.on);
      return { ...host, disk: true, mounted: true, neighbours: true };
    case 'mount-disk':
      return { ...host, mounted: true };
    case 'write-hosts':
      needs(host.mounted);
      return { ...host, neighbours: true };
    case 'switch-on':
      needs(host.mounted && !host.on);
      return { ...host, on: true, plugged: true, answers: true };
    case 'plug-in':
      return { ...host, plugged: true };
    case 'revive':
      needs(host.plugged);
      return { ...host, on: true, plugged: true, answers: true };
    default:
      throw new Error(action);
  }
}
