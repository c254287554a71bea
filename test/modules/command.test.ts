import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Module, Secret } from '../../engine/kit/index.ts';
import { type Case, laws, type Outcome, outcomeOf } from '../../engine/kit/testing/index.ts';
import command from '../../modules/command.ts';
import shell from '../../modules/shell.ts';

const withDefaults = (args: object): object => ({ stdin_add_newline: true, timeout: 3600, ...args });
const THERE = '@@ there 0\n';
const NOT_THERE = '';

function plan(args: object, outputs: Case['outputs'] = {}, module: Module = command): Outcome {
  return outcomeOf(module, { name: '', args: withDefaults(args), outputs });
}

describe('without a guard it is run each time, and nobody knows what it changes', () => {
  test('in one text, split into words as Ansible does', () => {
    expect(plan({ cmd: `ls 'a  b' "c\\"d" e\\ f $HOME | > ''` })).toEqual([
      {
        step: `run ls 'a  b' "c\\"d" e\\ f $HOME | > ''`,
        runs: [`exec ls 'a  b' 'c"d' 'e f' '$HOME' '|' '>' ''`],
        becomes: {},
        flags: ['repeats', 'opaque'],
      },
    ]);
  });

  test('as a list', () => {
    expect(plan({ argv: ['touch', 'a b'] })).toEqual([
      { step: 'run touch a b', runs: ["exec touch 'a b'"], becomes: {}, flags: ['repeats', 'opaque'] },
    ]);
  });

  test('as a shell script, in sh or another shell', () => {
    expect(plan({ cmd: 'a | b\nc' }, {}, shell)).toEqual([
      { step: 'run a | b …', runs: ['a | b\nc'], becomes: {}, flags: ['repeats', 'opaque'] },
    ]);
    expect(plan({ cmd: 'a | b', executable: '/bin/bash' }, {}, shell)).toMatchObject([
      { runs: ["exec /bin/bash -c 'a | b'"] },
    ]);
  });
});

describe('guards', () => {
  const steps = (becomes: object, flags: readonly string[] = ['settles', 'hinges']): Outcome => [
    { step: 'run make', runs: ['exec make'], becomes, flags },
  ];

  test('what it creates', () => {
    const args = { cmd: 'make', creates: '/srv/made' };
    expect(plan(args, { paths: NOT_THERE })).toEqual(steps({ creates: 'there' }));
    expect(plan(args, { paths: THERE })).toEqual([]);
  });

  test('what it removes', () => {
    const args = { cmd: 'make', removes: '/srv/made' };
    expect(plan(args, { paths: THERE })).toEqual(steps({ removes: 'not there' }));
    expect(plan(args, { paths: NOT_THERE })).toEqual([]);
  });

  test('what it answers to', () => {
    const args = { cmd: 'make', unless: 'make --question' };
    expect(plan(args, { 'make --question': { exitCode: 1 } })).toEqual([
      { step: 'run make', runs: ['exec make'], becomes: { unless: 'succeeds' } },
    ]);
    expect(plan(args, { 'make --question': { exitCode: 127 } })).toHaveLength(1);
    expect(plan(args, { 'make --question': { exitCode: 0 } })).toEqual([]);
  });

  test('a path is taken from the directory in which it runs', () => {
    const asks = (args: object): readonly string[] =>
      command
        .probe(withDefaults({ cmd: 'make', ...args }), { host: 'host', diff: false })
        .asks.map(ask => ask.key);
    expect(asks({ creates: 'made', chdir: '/srv/' })).toEqual(['/srv/made']);
    expect(asks({ creates: '/srv/made', chdir: '/tmp' })).toEqual(['/srv/made']);
    expect(asks({ removes: '~/made', chdir: '/tmp' })).toEqual(['~/made']);
  });

  test('what nobody may know is an error, not a “no”', () => {
    expect(() => plan({ cmd: 'make', creates: '/root/made' }, { paths: '@@ denied 0\n' })).toThrow(
      'permission denied: nobody but its owner can tell what is at /root/made',
    );
  });
});

test('what it reads, where and how long it runs', () => {
  const args = { cmd: 'cat', stdin: new Secret('swordfish'), chdir: '/srv', timeout: 5 };
  const [step] = command.plan(withDefaults(args), {});
  const [action] = step !== undefined && 'run' in step ? step.run : [];
  expect(action).toMatchObject({ directory: '/srv', timeoutSeconds: 5, shown: 'cat' });
  expect(action?.kind === 'command' && action.stdin instanceof Secret && action.stdin.reveal()).toBe(
    'swordfish\n',
  );
  expect(JSON.stringify(step)).not.toContain('swordfish');
});

describe('what `register` sees', () => {
  const output = { stdout: Buffer.from('a\nb\n'), stderr: Buffer.from(''), exitCode: 0 };

  test('of a command that ran', () => {
    expect(command.returns(withDefaults({ cmd: 'ls "a b"' }), {}, [output])).toEqual({
      cmd: ['ls', 'a b'],
      rc: 0,
      stdout: 'a\nb',
      stdout_lines: ['a', 'b'],
      stderr: '',
      stderr_lines: [],
    });
  });

  test('of one that had nothing to do', () => {
    const args = withDefaults({ cmd: 'make', creates: '/srv/made' });
    expect(shell.returns(args, { creates: 'there' }, [])).toEqual({
      cmd: 'make',
      rc: 0,
      stdout: '',
      stdout_lines: [],
      stderr: '',
      stderr_lines: [],
      msg: 'nothing to do: /srv/made is there',
    });
  });
});

test.each([
  [{}, 'give either `cmd` or `argv`'],
  [{ cmd: 'a', argv: ['a'] }, 'give either `cmd` or `argv`'],
  [{ cmd: 'echo "a' }, 'a quote is left open, or a backslash stands at the end'],
  [{ cmd: 'echo \\' }, 'a quote is left open, or a backslash stands at the end'],
  [{ cmd: ' ' }, 'there is no command'],
  [
    { cmd: 'make creates=/srv/made' },
    '`creates=` within the text: write `creates:` as an argument of its own',
  ],
  [{ cmd: 'dd if=/dev/zero of=/tmp/x' }, undefined],
])('mistakes: %j', (args, mistake) => {
  expect(command.mistake(withDefaults(args))).toBe(mistake);
});

test.each([
  ['command', command],
  ['shell', shell],
])('%s keeps the laws', (_name, module) => {
  const presence = fc.constantFrom('there', 'not there');
  laws(module, {
    args: fc
      .record(
        { creates: fc.constant('/a'), removes: fc.constant('/b'), unless: fc.constant('true') },
        { requiredKeys: [] },
      )
      .map(args => withDefaults({ cmd: 'make', ...args })),
    state: fc.record({ creates: presence, removes: presence, unless: fc.constantFrom('succeeds', 'fails') }),
  });
});
