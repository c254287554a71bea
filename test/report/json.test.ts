import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import { EVENTS, eventsSchema } from '../../engine/report/events-schema.ts';
import { eventLine, jsonReporter } from '../../engine/report/json.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { lines, result, taskRef, told, wholeRun } from './run.ts';
import { story } from './story.ts';

const json = async (events: readonly RunEvent[]) =>
  await told(streams => jsonReporter({ ...streams, columns: () => 80, colour: false, verbosity: 0 }), events);

const formats = { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) };
const closed = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, formats }).compile(
  eventsSchema(true),
);
const open = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, formats }).compile(
  eventsSchema(),
);

test('standard output is the events, one a line, and nothing else', async () => {
  const events = story(true);
  const { out } = await json(events);
  expect(out.endsWith('\n')).toBe(true);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toEqual(events);
});

test('warnings and the recap go to standard error', async () => {
  const end = { interrupted: true, stoodAt: { '9lpo134': 'Join' } };
  const warning: RunEvent = { type: 'warning', message: 'the clock is off', host: '9lpo192' };
  expect((await json(wholeRun(true, [warning, warning], end))).err).toBe(lines`
    |[WARNING]: [9lpo192] the clock is off
    |
    |Interrupted. It stood at:
    |  9lpo134: Join
    |Run it again to go on: what is done is not done twice.
    |
    |PLAY RECAP *********************************************************************
    |9lpo134                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0    unknown=0
    |9lpo135                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0    unknown=0
    |9lpo192                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0    unknown=0
    |
  `);
});

test('a secret that slipped into an event is masked, and cannot break its shape', () => {
  new Secret('hunter2-hunter2');
  new Secret('result');
  new Secret('message');
  const event = result('a', taskRef(1, 'First'), { message: 'the password is hunter2-hunter2, a result' });
  expect(JSON.parse(eventLine(event))).toEqual({ ...event, message: 'the password is ********, a ********' });
});

test('the story holds every event', () => {
  expect(new Set(story(false).map(event => event.type))).toEqual(new Set(Object.keys(EVENTS)));
});

test.each(story(true).map(event => [event.type, event] as const))(
  '%s is as the schema says',
  (_type, event) => {
    expect([closed(event), closed.errors]).toEqual([true, null]);
    expect([open(event), open.errors]).toEqual([true, null]);
  },
);

test.each<[string, object]>([
  ['no type', {}],
  ['a field is missing', { type: 'play-end' }],
  ['a field is of another type', { type: 'play-end', play: 1 }],
  ['a status that is none', { ...result('a', taskRef(1, 'First')), status: 'fine' }],
  ['a task without a place', { ...result('a', taskRef(1, 'First')), task: { id: 1, name: 'First' } }],
])('refused by the schema: %s', (_name, event) => {
  expect(open(event)).toBe(false);
  expect(closed(event)).toBe(false);
});

test('events and fields of later releases pass the published schema', () => {
  expect(open({ type: 'comet' })).toBe(true);
  expect(open({ type: 'play-end', play: 'p', colour: 'red' })).toBe(true);
  expect(closed({ type: 'comet' })).toBe(false);
  expect(closed({ type: 'play-end', play: 'p', colour: 'red' })).toBe(false);
});
