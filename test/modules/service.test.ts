import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laws, type Outcome, outcomeOf, stateOf } from '../../engine/kit/testing/index.ts';
import service from '../../modules/service.ts';
import { fixture } from './fixture.ts';

const captured = (name: string): string => fixture(`systemd-252/${name}.txt`);

/** Every command begins with the same function that explains failures. */
const withoutPrelude = (text: string): string => text.slice(text.indexOf('\n') + 1);

function plan(args: object, output: string): Outcome {
  const outcome = outcomeOf(service, { name: '', args, outputs: { units: captured(output) } });
  if ('refusal' in outcome) return outcome;
  return outcome.map(entry => ('step' in entry ? { ...entry, runs: entry.runs.map(withoutPrelude) } : entry));
}

const START = `systemctl start -- app.service || explain
sleep 1
systemctl --quiet is-active -- app.service || explain`;

describe('started and stopped', () => {
  test('what is so needs nothing', () => {
    expect(plan({ name: 'app', state: 'started', enabled: true }, 'running')).toEqual([]);
    expect(plan({ name: 'app', state: 'stopped', enabled: false }, 'stopped')).toEqual([]);
    expect(plan({ name: 'app', state: 'stopped' }, 'failed')).toEqual([]);
    expect(plan({ name: 'app', enabled: false }, 'static')).toEqual([]);
    expect(plan({ name: 'getty@tty1', enabled: true }, 'template')).toEqual([]);
  });

  test('what is stopped is enabled and started, and looked at again', () => {
    expect(plan({ name: 'app', state: 'started', enabled: true }, 'stopped')).toEqual([
      {
        step: 'enable app',
        runs: ['systemctl enable -- app.service || explain'],
        becomes: { enabled: true },
        flags: ['hinges'],
      },
      { step: 'start app', runs: [START], becomes: { state: 'started' }, flags: ['settles', 'hinges'] },
    ]);
  });

  test('what runs is disabled and stopped; a service that exits with a code of its own is not left failed', () => {
    expect(plan({ name: 'app.service', state: 'stopped', enabled: false }, 'running')).toEqual([
      {
        step: 'disable app',
        runs: ['systemctl disable -- app.service || explain'],
        becomes: { enabled: false },
        flags: ['hinges'],
      },
      {
        step: 'stop app',
        runs: [
          `systemctl stop -- app.service || explain
systemctl --quiet is-failed -- app.service && systemctl reset-failed -- app.service
:`,
        ],
        becomes: { state: 'stopped' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('what failed may be started again at once', () => {
    expect(plan({ name: 'app', state: 'started' }, 'failed')).toEqual([
      {
        step: 'start app',
        runs: [`systemctl reset-failed -- app.service\n${START}`],
        becomes: { state: 'started' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('what is restarted by systemd over and over does not run', () => {
    expect(plan({ name: 'app', state: 'started' }, 'starting')).toMatchObject([{ step: 'start app' }]);
    expect(plan({ name: 'app', state: 'stopped' }, 'starting')).toMatchObject([{ step: 'stop app' }]);
  });

  test('a oneshot that remains is a state, one that does not is run each time', () => {
    expect(plan({ name: 'app', state: 'started' }, 'oneshot-remains')).toEqual([]);
    expect(plan({ name: 'app', state: 'started' }, 'oneshot')).toEqual([
      {
        step: 'start app',
        runs: ['systemctl start -- app.service || explain'],
        becomes: {},
        flags: ['repeats', 'settles'],
      },
    ]);
  });

  test('an old init script is enabled by its links', () => {
    expect(plan({ name: 'playold', enabled: true }, 'sysv')).toEqual([]);
    expect(plan({ name: 'playold', enabled: false }, 'sysv')).toMatchObject([{ step: 'disable playold' }]);
  });
});

describe('restarted and reloaded', () => {
  test('are done each time; changed unit files are read first', () => {
    expect(plan({ name: 'app', state: 'restarted' }, 'stale')).toEqual([
      {
        step: 'restart app',
        runs: [`systemctl daemon-reload || exit\n${START.replace('start', 'restart')}`],
        becomes: {},
        flags: ['repeats', 'settles'],
      },
    ]);
    expect(plan({ name: 'app', state: 'reloaded' }, 'running')).toEqual([
      {
        step: 'reload app',
        runs: ['systemctl reload -- app.service || explain'],
        becomes: {},
        flags: ['repeats'],
      },
    ]);
  });

  test('to reload what does not run is to start it', () => {
    const output = captured('stopped').replace('CanReload=no', 'CanReload=yes');
    const outcome = outcomeOf(service, {
      name: '',
      args: { name: 'app', state: 'reloaded' },
      outputs: { units: output },
    });
    expect(outcome).toMatchObject([{ step: 'start app', becomes: { state: 'started' } }]);
  });

  test('what cannot be reloaded is refused', () => {
    expect(plan({ name: 'app', state: 'reloaded' }, 'stopped')).toEqual({
      refusal: 'app.service cannot be reloaded: its unit file has no ExecReload=',
      wayOut: 'say `state: restarted`',
    });
  });
});

describe('a unit that is not there', () => {
  test('may be brought by a package, and then nobody knows', () => {
    expect(plan({ name: 'app', state: 'started', enabled: true }, 'not-found')).toEqual([
      { doubt: 'whether app has yet to be started and enabled', awaits: 'the unit app.service' },
    ]);
    expect(plan({ name: 'app.timer', enabled: false }, 'not-found')).toEqual([
      { doubt: 'whether app.timer has yet to be disabled', awaits: 'the unit app.timer' },
    ]);
  });

  test('but it will certainly be restarted', () => {
    expect(plan({ name: 'app', state: 'restarted' }, 'not-found')).toMatchObject([
      { step: 'restart app', becomes: {}, flags: ['repeats', 'settles', 'awaits'] },
    ]);
  });
});

describe('masked units', () => {
  const refused = {
    refusal: 'apt-daily.timer is masked: somebody wants nothing to start it',
    wayOut: 'if it shall be started all the same, say `masked: false`',
  };

  test('are left alone, unless it is said', () => {
    expect(plan({ name: 'apt-daily.timer', state: 'started' }, 'masked')).toEqual(refused);
    expect(plan({ name: 'apt-daily.timer', state: 'restarted' }, 'masked')).toEqual(refused);
    expect(plan({ name: 'apt-daily.timer', enabled: true }, 'masked')).toEqual(refused);
    expect(plan({ name: 'apt-daily.timer', state: 'stopped', enabled: false }, 'masked')).toEqual([]);
    expect(plan({ name: 'apt-daily.timer', state: 'started', masked: false }, 'masked')).toMatchObject([
      { step: 'unmask apt-daily.timer', becomes: { masked: false } },
      { step: 'start apt-daily.timer', becomes: { state: 'started' } },
    ]);
  });

  test('come about by masking', () => {
    expect(plan({ name: 'app', state: 'stopped', masked: true }, 'running')).toMatchObject([
      { step: 'stop app' },
      { step: 'mask app', becomes: { masked: true, enabled: false } },
    ]);
  });
});

test('a static unit cannot be enabled', () => {
  expect(plan({ name: 'dbus', enabled: true }, 'static')).toEqual({
    refusal: 'dbus.service cannot be enabled: its unit file has no [Install] section; other units start it',
    wayOut: 'leave `enabled` out',
  });
});

test('a host without systemd', () => {
  expect(plan({ name: 'app', state: 'started' }, 'none')).toEqual({
    refusal: 'systemd does not run on this host',
    wayOut: 'keep the task from such hosts by `when`',
  });
});

test('a step of one task does not make the next one of the same task unknown', () => {
  const args = { name: 'app', state: 'started', enabled: true };
  const state = stateOf(service, { name: '', args, outputs: { units: captured('stopped') } });
  const [enable, start] = service.plan(args, state);
  expect(enable).not.toHaveProperty('settles');
  expect(start).toMatchObject({ settles: ['unit:app'], hinges: ['package:app', 'unit:app'] });
});

test.each([
  [{ name: 'app' }, 'asks for nothing: give `state`, `enabled` or `masked`'],
  [
    { name: 'getty@.service', enabled: true },
    '“getty@.service” is a template: name an instance of it, e.g. `getty@tty1`',
  ],
  [{ name: 'app', masked: true, enabled: true }, 'what is masked can be neither started nor enabled'],
  [{ name: 'app', masked: true, state: 'started' }, 'what is masked can be neither started nor enabled'],
  [{ name: 'app', masked: true, state: 'stopped' }, undefined],
])('mistakes: %j', (args, mistake) => {
  expect(service.mistake(args)).toBe(mistake);
});

test('keeps the laws', () => {
  laws(service, {
    args: fc
      .record(
        {
          name: fc.constantFrom('app', 'app.timer'),
          state: fc.constantFrom('started', 'stopped', 'restarted', 'reloaded'),
          enabled: fc.boolean(),
          masked: fc.boolean(),
        },
        { requiredKeys: ['name'] },
      )
      .filter(args => service.mistake(args) === undefined),
    state: fc.record({
      state: fc.constantFrom('started', 'stopped', 'failed', 'starting', 'stopping'),
      enabled: fc.boolean(),
      masked: fc.boolean(),
      unit: fc.record({
        load: fc.constantFrom('loaded', 'not-found', 'masked'),
        active: fc.constantFrom('active', 'inactive', 'failed'),
        unitFile: fc.constantFrom('enabled', 'disabled', 'static', 'generated', 'masked', ''),
        type: fc.constantFrom('simple', 'notify', 'oneshot', ''),
        remainsAfterExit: fc.boolean(),
        canReload: fc.boolean(),
        isStale: fc.boolean(),
        isSysv: fc.boolean(),
        startsBySysv: fc.boolean(),
      }),
    }),
  });
});
