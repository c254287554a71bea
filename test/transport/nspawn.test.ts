import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../engine/transport/index.ts';
import { eventually } from './processes.ts';

const why =
  process.getuid?.() !== 0
    ? 'only root can start containers'
    : !existsSync('/usr/bin/systemd-nspawn')
      ? 'there is no systemd-nspawn (apt-get install systemd-container)'
      : !existsSync('/bin/busybox')
        ? 'there is no busybox (apt-get install busybox)'
        : undefined;

/** A root folder with nothing but busybox, and what it is linked to. */
function busyboxRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'play-root-'));
  chmodSync(root, 0o755);
  for (const folder of ['bin', 'etc', 'tmp', 'root', 'usr', 'proc', 'sys', 'dev'])
    mkdirSync(join(root, folder));
  const linked = execFileSync('ldd', ['/bin/busybox']).toString().match(/\/\S+/g) ?? [];
  for (const file of ['/bin/busybox', ...linked]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(file, join(root, file));
    chmodSync(join(root, file), 0o755);
  }
  writeFileSync(join(root, 'etc/os-release'), 'ID=test\n');
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  for (const applet of execFileSync('/bin/busybox', ['--list']).toString().trim().split('\n'))
    if (applet !== 'busybox') execFileSync('ln', ['-s', 'busybox', join(root, 'bin', applet)]);
  return root;
}

describe.skipIf(why !== undefined)(
  `a container with nothing but busybox${why === undefined ? '' : `: ${why}`}`,
  () => {
    const machine = `play-test-${process.pid}`;
    let root: string;
    let stop: () => Promise<void>;

    beforeAll(async () => {
      root = busyboxRoot();
      const args = ['--register=no', '--keep-unit', '-q', '-D', root, `--machine=${machine}`, '--as-pid2'];
      const child = spawn(
        'systemd-nspawn',
        [...args, '/bin/sh', '-c', 'echo up >/root/up; exec sleep 1000'],
        {
          stdio: 'ignore',
        },
      );
      const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
      stop = async () => {
        child.kill('SIGKILL');
        await ended;
        rmSync(root, { recursive: true, force: true });
      };
      await eventually('the container', () => child.exitCode !== null || existsSync(join(root, 'root/up')));
    });
    afterAll(() => stop());

    test('jobs, input, stops and uploads', async () => {
      await using connection = await connect({ name: 'box', transport: 'nspawn', address: machine });
      const shell = connection.shell();
      const results = await shell.run([
        { script: '. /etc/os-release; echo "$ID $HOME"; echo err >&2' },
        { script: 'cat', stdin: Buffer.from([0, 255, 7]) },
        { script: 'sleep 1000', timeoutSeconds: 0.3 },
        { script: 'ps | grep -c "[s]leep 1000"' },
      ]);
      expect(results.map(r => [r.stdout, r.stderr.toString(), r.exitCode, r.timedOut])).toEqual([
        [Buffer.from('test /root\n'), 'err\n', 0, false],
        [Buffer.from([0, 255, 7]), '', 0, false],
        [Buffer.from(''), '', null, true],
        // The container's own.
        [Buffer.from('1\n'), '', 0, false],
      ]);
      await shell.upload(Buffer.alloc(1_000_000, 'x'), '/root/upload');
      expect(readFileSync(join(root, 'root/upload')).length).toBe(1_000_000);
    });

    test('no such container', async () => {
      await expect(
        connect({ name: 'box', transport: 'nspawn', address: 'no-such-machine' }),
      ).rejects.toMatchObject({
        name: 'Unreachable',
        message: 'no container no-such-machine runs on this machine',
      });
    });
  },
);
