import { expect, test } from 'vitest';
import { runLocal } from '../../engine/transport/index.ts';
import { eventually, withWord } from './processes.ts';

const unique = (): string => `7${Math.floor(Math.random() * 1e9)}`;

test('output, errors and the exit code are told', async () => {
  const result = await runLocal(['sh', '-c', 'cat; echo err >&2; echo "$A $(pwd)"; exit 3'], {
    stdin: 'in\n',
    cwd: '/usr',
    environment: { PATH: process.env['PATH'], A: 'b' },
  });
  expect(result).toEqual({
    stdout: Buffer.from('in\nb /usr\n'),
    stderr: Buffer.from('err\n'),
    exitCode: 3,
    timedOut: false,
  });
});

test('no shell touches the arguments', async () => {
  const { stdout } = await runLocal(['printf', '%s|', `a b`, '$HOME', "'"]);
  expect(stdout.toString()).toBe("a b|$HOME|'|");
});

test('a program that is not there, or may not be run, is the system’s error', async () => {
  await expect(runLocal(['/no/such/program'])).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(runLocal(['/etc/passwd'])).rejects.toMatchObject({ code: 'EACCES' });
});

test('a program that takes too long is stopped with its children', async () => {
  const word = unique();
  const result = await runLocal(['sh', '-c', `echo begun; sleep ${word} & sleep ${word}`], {
    timeoutSeconds: 0.3,
  });
  expect(result).toEqual({
    stdout: Buffer.from('begun\n'),
    stderr: Buffer.from(''),
    exitCode: null,
    signal: 'SIGTERM',
    timedOut: true,
  });
  await eventually('the children are gone', () => withWord(word).length === 0);
});

test('one that ignores TERM is killed', async () => {
  const result = await runLocal(['sh', '-c', `trap '' TERM; while :; do sleep 0.1; done`], {
    timeoutSeconds: 0.2,
  });
  expect(result).toMatchObject({ signal: 'SIGKILL', timedOut: true });
});

test('an abort rejects with its reason', async () => {
  const word = unique();
  const controller = new AbortController();
  const run = runLocal(['sh', '-c', `echo begun; sleep ${word}`], {
    signal: controller.signal,
    onOutput: () => controller.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
  await eventually('it is gone', () => withWord(word).length === 0);
});

test('a process that it leaves behind does not hold the result back', async () => {
  const word = unique();
  const { stdout } = await runLocal(['sh', '-c', `echo done; sleep ${word} & exit 0`]);
  expect(stdout.toString()).toBe('done\n');
  const [left] = withWord(word);
  if (left !== undefined) process.kill(left.pid);
});
