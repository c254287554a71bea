import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../engine/kit/index.ts';
import { type Case, laws, type Outcome, outcomeOf, stateOf } from '../../engine/kit/testing/index.ts';
import fileContent from '../../modules/file-content.ts';

const withDefaults = (args: object): object => ({
  path: '/etc/app.conf',
  state: 'present',
  backup: false,
  ...args,
});
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const DIRECTORY = '41ed 4096 1795477231 0 0 root root';
const FILE = '81a0 6 1795477231 0 42 root shadow';
/** As the script prints it for /etc/app.conf (number 0) and /etc (number 1); GNU coreutils 9.1. */
const there = (text: string, stat = FILE): string =>
  `@@ stat 0 1\n${stat}\n${DIRECTORY}\n@@ sha256 0\n${sha256(text)}  /etc/app.conf\n`;
const ABSENT = `@@ stat 1\n${DIRECTORY}\n@@ sha256\n`;
const ACCOUNTS = '@@ passwd\nroot:x:0:0:root:/root:/bin/bash\n@@ group\nroot:x:0:\n';
const NO_DIRECTORY = '@@ stat\n@@ sha256\n';
const A_DIRECTORY = `@@ stat 0 1\n${DIRECTORY}\n${DIRECTORY}\n@@ sha256\n`;

function plan(args: object, files: string, more: Partial<Case> = {}): Outcome {
  const { outputs, ...rest } = more;
  return outcomeOf(fileContent, {
    name: '',
    args: withDefaults(args),
    outputs: { files, accounts: ACCOUNTS, ...outputs },
    ...rest,
  });
}

describe('content', () => {
  test('what is so needs nothing', () => {
    const wanted = { content: 'hello\n', owner: 'root', group: '42', mode: '640' };
    expect(plan(wanted, there('hello\n'))).toEqual([]);
    expect(plan({ src: { path: 'x.j2', content: 'hello\n' } }, there('hello\n'))).toEqual([]);
    expect(plan({ src_raw: { path: 'x', content: Buffer.from('hello\n') } }, there('hello\n'))).toEqual([]);
  });

  test('a new file', () => {
    expect(plan({ content: 'hello\n', mode: '0600' }, ABSENT)).toEqual([
      {
        step: 'write /etc/app.conf',
        runs: ['upload /etc/app.conf'],
        becomes: { state: 'present', content: `sha256:${sha256('hello\n')}`, mode: '0600' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });

  test('another content; what is not named stays as it is', () => {
    expect(plan({ content: 'hello\n' }, there('bye\n'))).toMatchObject([
      { step: 'write /etc/app.conf', becomes: { state: 'present', content: `sha256:${sha256('hello\n')}` } },
    ]);
  });

  test('a link to nothing is followed', () => {
    const dangling = `@@ dangling 0\n${ABSENT}`;
    expect(plan({ content: 'hello\n' }, dangling)).toMatchObject([{ step: 'write /etc/app.conf' }]);
  });

  test('the old one is kept, where that is said', () => {
    expect(plan({ content: 'hello\n', backup: true }, there('bye\n'))).toMatchObject([
      {
        runs: [
          `copy=/etc/app.conf.$(date +%Y-%m-%d@%H:%M:%S)~; cp -p -- /etc/app.conf "$copy" && printf '%s\\n' "$copy"`,
          'upload /etc/app.conf',
        ],
      },
    ]);
    expect(plan({ content: 'hello\n', backup: true }, ABSENT)).toMatchObject([
      { runs: ['upload /etc/app.conf'] },
    ]);
  });

  test('only owner and mode differ', () => {
    expect(
      plan({ content: 'hello\n', owner: 'root', group: 'root', mode: '0644' }, there('hello\n')),
    ).toEqual([
      {
        step: 'set group, mode of /etc/app.conf',
        runs: ['chown -- root /etc/app.conf && chgrp -- root /etc/app.conf && chmod -- 0644 /etc/app.conf'],
        becomes: {
          state: 'present',
          content: `sha256:${sha256('hello\n')}`,
          owner: 'root',
          group: 'root',
          mode: '0644',
        },
        flags: ['settles', 'hinges'],
      },
    ]);
  });
});

describe('diffs', () => {
  const text = (content: string): Partial<Case> => ({
    diff: true,
    outputs: { texts: `@@ text 0\n${Buffer.from(content, 'latin1').toString('base64')}\n` },
  });
  const state = (args: object, files: string, more: Partial<Case>): object => {
    const outputs = { files, texts: '', ...more.outputs };
    return stateOf(fileContent, { name: '', args: withDefaults(args), diff: true, outputs });
  };

  test('show the text itself', () => {
    expect(state({ content: 'hello\n' }, there('bye\n'), text('bye\n'))).toMatchObject({
      content: 'bye\n',
      wanted: 'hello\n',
    });
    expect(state({ content: 'hello\n' }, ABSENT, {})).toMatchObject({
      content: undefined,
      wanted: 'hello\n',
    });
  });

  test.each([
    ['bytes that are no text', 'hello\n', '\xff\xfe'],
    ['bytes that are to become text', 'hel\0lo\n', 'text'],
  ])('but not %s', (_what, wanted, now) => {
    expect(state({ content: wanted }, there(now), text(now))).toMatchObject({
      content: `sha256:${sha256(now)}`,
      wanted: `sha256:${sha256(wanted)}`,
    });
  });
});

describe('secrets', () => {
  const args = { content: new Secret('swordfish') };

  test('show only whether it is the one', () => {
    expect(plan(args, there('swordfish'))).toEqual([]);
    const differs = withDefaults(args);
    const state = stateOf(fileContent, {
      name: '',
      args: differs,
      diff: true,
      outputs: { files: there('guess') },
    });
    expect(state).toMatchObject({ content: 'not as wanted (secret)', wanted: 'as wanted (secret)' });
    expect(fileContent.plan(differs, state)).toMatchObject([{ becomes: { content: 'as wanted (secret)' } }]);
    expect(JSON.stringify(fileContent.plan(differs, state))).not.toMatch(/swordfish|[0-9a-f]{64}/);
  });

  test('are not asked for', () => {
    const { asks } = fileContent.probe(withDefaults(args), { host: 'host', diff: true });
    expect(asks.map(({ source, key }) => `${source.name} ${key}`)).toEqual([
      'files /etc/app.conf',
      'files /etc',
    ]);
  });
});

describe('a file of another host', () => {
  const args = { from: { host: 'first', path: '/etc/key' } };
  const origin = (text: string): Partial<Case> => ({
    outputs: { 'files@first': `@@ stat 0\n${FILE}\n@@ sha256 0\n${sha256(text)}  /etc/key\n` },
  });

  test('is copied if it is another', () => {
    expect(plan(args, there('a'), origin('a'))).toEqual([]);
    expect(plan(args, there('a'), origin('b'))).toMatchObject([
      { step: 'write /etc/app.conf', becomes: { content: 'as on first' } },
    ]);
    const whole = withDefaults(args);
    const outputs = { files: there('a'), ...origin('b').outputs };
    expect(fileContent.plan(whole, stateOf(fileContent, { name: '', args: whole, outputs }))).toMatchObject([
      { run: [{ kind: 'upload', content: { host: 'first', path: '/etc/key', sha256: sha256('b') } }] },
    ]);
  });

  test('may not be there yet', () => {
    expect(plan(args, there('a'), { outputs: { 'files@first': NO_DIRECTORY } })).toEqual([
      { doubt: 'what /etc/app.conf will hold', awaits: 'the file /etc/key on first' },
    ]);
  });
});

describe('what must be there first', () => {
  const awaits = (args: object, files: string, accounts = '@@ passwd\n@@ group\n'): unknown => {
    const whole = withDefaults({ content: 'x', ...args });
    const [step] = fileContent.plan(
      whole,
      stateOf(fileContent, { name: '', args: whole, outputs: { files, accounts } }),
    );
    return step?.awaits;
  };

  test('the directory, the owner, the group', () => {
    expect(awaits({}, NO_DIRECTORY)).toEqual({ what: 'the directory /etc', broughtBy: [] });
    expect(awaits({ owner: 'app', group: 'web' }, ABSENT)).toEqual({
      what: 'the user app and the group web',
      broughtBy: [],
    });
    expect(awaits({ owner: '1234', group: '0' }, ABSENT)).toBeUndefined();
    const accounts = '@@ passwd\napp:x:998:998::/:/bin/false\n@@ group\nweb:x:33:\n';
    expect(awaits({ owner: 'app', group: 'web' }, ABSENT, accounts)).toBeUndefined();
  });
});

describe('absent', () => {
  const args = { state: 'absent' };

  test('what is not there needs nothing', () => {
    expect(plan(args, ABSENT)).toEqual([]);
    expect(plan(args, NO_DIRECTORY)).toEqual([]);
  });

  test.each([
    ['a file', there('x')],
    ['a link to nothing', `@@ dangling 0\n${ABSENT}`],
  ])('%s goes', (_what, files) => {
    expect(plan(args, files)).toEqual([
      {
        step: 'remove /etc/app.conf',
        runs: ['rm -f -- /etc/app.conf'],
        becomes: { state: 'absent' },
        flags: ['settles', 'hinges'],
      },
    ]);
  });
});

describe('refusals and errors', () => {
  test.each([{ state: 'absent' }, { content: 'x' }])('a directory in its place: %j', args => {
    expect(plan(args, A_DIRECTORY)).toEqual({
      refusal: '/etc/app.conf is a directory',
      wayOut: 'name a file in it, or remove it by hand',
    });
  });

  test('a device in its place', () => {
    const device = `@@ stat 0 1\n21b6 0 1795305295 0 0 root root\n${DIRECTORY}\n@@ sha256\n`;
    expect(plan({ content: 'x' }, device)).toEqual({
      refusal: '/etc/app.conf is neither a file nor a directory',
      wayOut: 'name a file, or remove it by hand',
    });
  });

  test.each([
    ['below a directory that may not be searched', `@@ denied 0\n@@ denied 1\n@@ stat\n@@ sha256\n`],
    ['a file that may not be read', `@@ stat 0 1\n${FILE}\n${DIRECTORY}\n@@ sha256\n`],
  ])('%s', (_what, files) => {
    expect(() => plan({ content: 'x' }, files)).toThrow(
      'permission denied: nobody but its owner can tell what is at /etc/app.conf',
    );
  });

  test('a file that vanishes while it is looked at', () => {
    const files = { stdout: '@@ stat 0 1\n@@ sha256\n', stderr: "stat: cannot statx '/etc/app.conf'\n" };
    expect(() =>
      outcomeOf(fileContent, { name: '', args: withDefaults({ content: 'x' }), outputs: { files } }),
    ).toThrow("stat did not answer for every file: stat: cannot statx '/etc/app.conf'");
  });
});

test.each([
  [{}, 'give one of `content`, `src`, `src_raw` and `from`'],
  [{ content: 'x', src: 'y' }, 'give one of `content`, `src`, `src_raw` and `from`'],
  [{ state: 'absent', content: 'x' }, '`content` does not go with `state: absent`'],
  [{ content: 'x', mode: 'u+x' }, 'the mode “u+x” is not octal digits such as 0644'],
  [{ content: '', mode: '0644' }, undefined],
])('mistakes: %j', (args, mistake) => {
  expect(fileContent.mistake(withDefaults(args))).toBe(mistake);
});

test('keeps the laws', () => {
  const contents = fc.constantFrom(undefined, 'sha256:a', 'sha256:b', 'not as wanted (secret)');
  const access = {
    owner: fc.constantFrom('root', 'app', '0'),
    group: fc.constantFrom('root', 'app'),
    mode: fc.constantFrom('0644', '600'),
  };
  laws(fileContent, {
    args: fc
      .record({ content: fc.constant('x'), backup: fc.boolean(), ...access }, { requiredKeys: ['content'] })
      .chain(args => fc.constantFrom(args, { state: 'absent', backup: args.backup ?? false }))
      .map(withDefaults),
    state: fc.record({
      state: fc.constantFrom('present', 'absent', 'dangling', 'directory'),
      content: contents,
      wanted: fc.constantFrom('sha256:a', 'sha256:b'),
      ...access,
      lacking: fc.subarray(['the directory /etc', 'the user app']),
      facts: fc.constant({ type: 'absent' }),
    }),
  });
});
