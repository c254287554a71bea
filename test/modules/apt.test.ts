import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Case, laws, type Outcome, outcomeOf, stateOf } from '../../engine/kit/testing/index.ts';
import apt from '../../modules/apt.ts';
import { fixture } from './fixture.ts';

/** Arguments as the engine hands them over: defaults filled in. */
const withDefaults = (args: object): object => ({
  state: 'present',
  purge: false,
  update_cache: false,
  only_upgrade: false,
  allow_downgrade: false,
  allow_change_held_packages: false,
  allow_removals: false,
  lock_timeout: 60,
  ...args,
});

function plan(args: object, output: string): Outcome {
  const row: Case = { name: '', args: withDefaults(args), outputs: { apt: output } };
  const outcome = outcomeOf(apt, row);
  if ('refusal' in outcome) return outcome;
  // Every command begins with the same function that waits for locks.
  return outcome.map(entry =>
    'step' in entry
      ? { ...entry, runs: entry.runs.map(text => text.slice(text.lastIndexOf('\n}\n') + 3)) }
      : entry,
  );
}

const captured = (name: string): string => fixture(`apt-2.6.1/${name}.txt`);

const OPTIONS =
  '-y -o APT::Cmd::Pattern-Only=true -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold';
const install = (words: string): string => `patiently apt-get -q --no-remove ${OPTIONS} install ${words}`;
const REFRESH = 'patiently apt-get -q -o APT::Update::Error-Mode=any update && touch /var/lib/apt/lists';

describe('what is missing is installed in one call', () => {
  test('on a host that has no package lists yet: they are fetched first, and nothing is said of what comes along', () => {
    expect(plan({ name: ['cowsay', 'hello'] }, captured('no-lists'))).toEqual([
      {
        step: 'install cowsay, hello',
        runs: [REFRESH, install('cowsay hello')],
        becomes: { 'package cowsay': 'present', 'package hello': 'present' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('with package lists: the same promise, and a note of what apt says it would bring along', () => {
    const args = withDefaults({ name: ['cowsay', 'hello'] });
    const state = stateOf(apt, { name: '', args, outputs: { apt: captured('absent') } });
    expect(apt.plan(args, state)).toMatchObject([
      {
        title: 'install cowsay, hello',
        becomes: { 'package cowsay': 'present', 'package hello': 'present' },
        settles: ['package:cowsay', 'package:hello', 'package:libtext-charwidth-perl'],
        hinges: ['package:cowsay', 'package:hello', 'package:*'],
        notes: ['apt also installs libtext-charwidth-perl 0.04-11'],
      },
    ]);
  });

  test('and only that', () => {
    expect(plan({ name: ['cowsay', 'hello'] }, captured('one-of-two'))).toEqual([
      {
        step: 'install hello',
        runs: [install('hello')],
        becomes: { 'package hello': 'present' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('a package whose configuration files are all that is left', () => {
    expect(plan({ name: ['nano'] }, captured('configuration-files'))).toMatchObject([
      { step: 'install nano' },
    ]);
  });
});

describe('what is so needs nothing', () => {
  test.each([
    ['installed', { name: ['cowsay'] }, 'one-of-two'],
    ['provided by another package', { name: ['awk'] }, 'provided'],
    ['in a version that matches', { name: ['curl=7.88.*'] }, 'version'],
    ['in the newest version', { name: ['curl'], state: 'latest' }, 'latest'],
    ['installed, however old the lists are', { name: ['cowsay'], cache_valid_time: 0 }, 'one-of-two'],
    ['not there', { name: ['hello'], state: 'absent' }, 'one-of-two'],
    ['removed, its configuration files kept', { name: ['nano'], state: 'absent' }, 'configuration-files'],
    ['only to be upgraded, but not installed', { name: ['hello'], only_upgrade: true }, 'one-of-two'],
  ])('%s', (_what, args, output) => {
    expect(plan(args, captured(output))).toEqual([]);
  });
});

describe('versions', () => {
  test('what is outdated is upgraded, what is missing installed', () => {
    expect(plan({ name: ['curl', 'hello'], state: 'latest' }, captured('outdated'))).toEqual([
      {
        step: 'install the latest curl, hello',
        runs: [install('curl hello')],
        becomes: { 'package curl': 'latest', 'package hello': 'latest' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('with old lists nobody knows what is the latest', () => {
    expect(plan({ name: ['curl'], state: 'latest', cache_valid_time: 0 }, captured('latest'))).toEqual([
      {
        step: 'upgrade curl, if there are newer versions',
        runs: [REFRESH, install('curl')],
        becomes: {},
        flags: ['repeats', 'opaque', 'settles'],
      },
    ]);
  });

  test('an older one is refused, in words that say how it is allowed', () => {
    const name = ['curl=7.88.1-10+deb12u5', 'libcurl4=7.88.1-10+deb12u5'];
    expect(plan({ name }, captured('downgrade'))).toEqual({
      refusal:
        'apt would not install curl=7.88.1-10+deb12u5, libcurl4=7.88.1-10+deb12u5:\nPackages were downgraded and -y was used without --allow-downgrades.',
      wayOut: 'if that is meant, say `allow_downgrade: true`',
    });
  });

  test('one on hold is refused', () => {
    expect(plan({ name: ['curl'], state: 'latest' }, captured('held'))).toEqual({
      refusal:
        'apt would not install the latest curl:\nHeld packages were changed and -y was used without --allow-change-held-packages.',
      wayOut: 'if that is meant, say `allow_change_held_packages: true`, or `apt-mark unhold` it',
    });
  });

  test('one that cannot be installed is refused in the words of apt', () => {
    expect(plan({ name: ['curl=7.88.1-10+deb12u5'] }, captured('unmet'))).toEqual({
      refusal: `apt would not install curl=7.88.1-10+deb12u5:
The following packages have unmet dependencies:
 curl : Depends: libcurl4 (= 7.88.1-10+deb12u5) but 7.88.1-10+deb12u15 is to be installed
Unable to correct problems, you have held broken packages.`,
      wayOut: 'make it possible by hand, or ask for something else',
    });
  });
});

describe('what apt does not know', () => {
  const awaited = (args: object, output: string): unknown => {
    const whole = withDefaults(args);
    const [step] = apt.plan(
      whole,
      stateOf(apt, { name: '', args: whole, outputs: { apt: captured(output) } }),
    );
    return step?.awaits;
  };

  test('a name waits for a task that brings it', () => {
    expect(awaited({ name: ['nosuchpkg', 'hello'] }, 'unknown')).toEqual({
      what: 'what apt lacks (it says “Unable to locate package nosuchpkg”)',
      broughtBy: [],
    });
  });

  test('and so does a version', () => {
    expect(awaited({ name: ['curl=9.*'] }, 'no-such-version')).toEqual({
      what: "what apt lacks (it says “Version '9.*' for 'curl' was not found”)",
      broughtBy: [],
    });
  });

  test('but lists that are to be fetched may have it', () => {
    expect(awaited({ name: ['nosuchpkg', 'hello'], update_cache: true }, 'unknown')).toBeUndefined();
  });

  test('of several that provide a virtual package, one must be chosen', () => {
    expect(plan({ name: ['mail-transport-agent'] }, captured('virtual'))).toEqual({
      refusal: `apt would not install mail-transport-agent:
Package mail-transport-agent is a virtual package provided by:
  ssmtp 2.64-11
  sendmail-bin 8.17.1.9-2+deb12u2
  postfix 3.7.11-0+deb12u1
  opensmtpd 6.8.0p2-4+b4
  nullmailer 1:2.2-4
  msmtp-mta 1.8.23-1
  exim4-daemon-light 4.96-15+deb12u10
  exim4-daemon-heavy 4.96-15+deb12u10
  esmtp-run 1.2-18
  dma 0.13-1+b1
  courier-mta 1.0.16-3+b6
Package 'mail-transport-agent' has no installation candidate`,
      wayOut: 'name one of these instead',
    });
  });
});

describe('removals', () => {
  test('what is named goes', () => {
    expect(plan({ name: ['cowsay'], state: 'absent' }, captured('removal'))).toEqual([
      {
        step: 'remove cowsay',
        runs: [`patiently apt-get -q ${OPTIONS} remove cowsay`],
        becomes: { 'package cowsay': 'absent' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('configuration files go, too, where that is said', () => {
    expect(plan({ name: ['nano'], state: 'absent', purge: true }, captured('configuration-files'))).toEqual([
      {
        step: 'purge nano',
        runs: [`patiently apt-get -q ${OPTIONS} purge nano`],
        becomes: { 'package nano': 'absent' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('what is not named stays, unless that is allowed', () => {
    const args = { name: ['libtext-charwidth-perl'], state: 'absent' };
    expect(plan(args, captured('removal-drags'))).toEqual({
      refusal: 'to remove libtext-charwidth-perl, apt would remove cowsay 3.03+dfsg2-8, too',
      wayOut: 'if that is meant, say `allow_removals: true`',
    });
    expect(plan({ ...args, allow_removals: true }, captured('removal-drags'))).toMatchObject([
      { step: 'remove libtext-charwidth-perl' },
    ]);
  });

  test('an installation removes nothing either', () => {
    expect(plan({ name: ['dma'] }, captured('conflict'))).toEqual({
      refusal: 'to install dma, apt would remove msmtp-mta 1.8.23-1, too',
      wayOut: 'if that is meant, say `allow_removals: true`',
    });
    expect(plan({ name: ['dma'], allow_removals: true }, captured('conflict'))).toMatchObject([
      { step: 'install dma', runs: [`patiently apt-get -q ${OPTIONS} install dma`] },
    ]);
  });

  test('what the host cannot do without stays', () => {
    expect(plan({ name: ['perl-base'], state: 'absent' }, captured('essential'))).toEqual({
      refusal:
        'apt would not remove perl-base:\nEssential packages were removed and -y was used without --allow-remove-essential.',
      wayOut: 'the host would not work without them; nothing permits that here',
    });
  });
});

describe('an interrupted dpkg is put right first', () => {
  const FINISH = `
patiently dpkg --force-confdef --force-confold --configure -a ||
patiently apt-get -q -y --no-remove -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --fix-broken install`;

  test('where it was about the package itself', () => {
    expect(plan({ name: ['cowsay'] }, captured('unpacked'))).toMatchObject([
      { step: 'install cowsay', becomes: { 'package cowsay': 'present' } },
    ]);
  });

  test('where it was about another one', () => {
    expect(plan({ name: ['hello'] }, captured('interrupted'))).toEqual([
      {
        step: 'install hello',
        runs: [FINISH, install('hello')],
        becomes: { 'package hello': 'present' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });
});

describe('package lists by themselves', () => {
  const age = (seconds: number): string =>
    captured('no-names').replace(/@@ lists \d+/, `@@ lists ${seconds}`);

  test.each([
    [
      'are fetched when they are old',
      { cache_valid_time: 3600 },
      3600,
      [{ becomes: { 'package-lists': 'fresh' }, flags: ['settles'] }],
    ],
    ['are left when they are not', { cache_valid_time: 3600 }, 3599, []],
    [
      'are fetched each time where no age is said',
      { update_cache: true },
      0,
      [{ becomes: {}, flags: ['repeats', 'settles'] }],
    ],
  ])('%s', (_what, args, seconds, steps) => {
    expect(plan(args, age(seconds))).toEqual(
      steps.map(step => ({ step: 'fetch the package lists', runs: [REFRESH], ...step })),
    );
  });
});

test('a host without apt', () => {
  expect(plan({ name: ['curl'] }, '@@ none\n')).toEqual({
    refusal: 'there is no apt on this host',
    wayOut: 'apt is the package manager of Debian and its kin; keep the task from other hosts by `when`',
  });
});

test.each([
  [{}, 'names no package, and does not ask for fresh package lists either: give `name` or `update_cache`'],
  [{ state: 'absent', update_cache: true }, 'names no package to remove: give `name`'],
  [{ name: ['curl=7'], state: 'latest' }, '“curl=7” names a version, which does not go with `state: latest`'],
  [{ name: ['curl'], purge: true }, '`purge` goes with `state: absent` only'],
  [{ name: ['curl=7'] }, undefined],
])('mistakes: %j', (args, mistake) => {
  expect(apt.mistake(withDefaults(args))).toBe(mistake);
});

const PACKAGES = ['curl', 'jq', 'nginx'] as const;
const change = fc.record({
  name: fc.constantFrom(...PACKAGES, 'libjq1'),
  version: fc.constantFrom('1', '2'),
});

test('keeps the laws', () => {
  laws(apt, {
    args: fc
      .record({
        name: fc.uniqueArray(fc.constantFrom(...PACKAGES), { minLength: 1 }),
        state: fc.constantFrom('present', 'latest', 'absent'),
        purge: fc.boolean(),
        update_cache: fc.boolean(),
        only_upgrade: fc.boolean(),
        allow_removals: fc.boolean(),
      })
      .map(withDefaults),
    state: fc
      .record({
        fields: fc.tuple(
          ...PACKAGES.map(() => fc.constantFrom('present', 'latest', 'absent', '1.0', 'half-configured')),
        ),
        lists: fc.constantFrom('fresh', 'old', 'missing'),
        interrupted: fc.subarray(['dpkg', 'perl']),
        simulation: fc.option(
          fc.record({
            installs: fc.array(change),
            removes: fc.array(change),
            errors: fc.subarray(['Unable to locate package jq', 'Unmet dependencies.']),
            explanation: fc.constant([]),
          }),
          { nil: undefined },
        ),
      })
      .map(({ fields, lists, interrupted, simulation }) => ({
        ...Object.fromEntries(PACKAGES.map((name, index) => [`package ${name}`, fields[index]])),
        'package-lists': lists,
        answer: { rows: [], architecture: 'amd64', listsAge: 0, interrupted, simulation },
      })),
  });
});
