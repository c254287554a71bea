import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import { type Connection, connect, type Shell, UploadFailed } from '../../engine/transport/index.ts';
import { eventually, processes, withWord } from './processes.ts';

const SHELLS = [
  { name: 'dash', program: 'dash', path: '/bin/dash' },
  { name: 'bash', program: 'bash', path: '/bin/bash' },
  { name: 'busybox', program: 'busybox sh', path: '/bin/busybox' },
];

/** A word that is in no other process's command line. */
const unique = (): string => `3${Math.floor(Math.random() * 1e9)}`;

describe.each(SHELLS)('a shell on this machine, $name', ({ name, program, path }) => {
  if (!existsSync(path)) {
    test.skip(`there is no ${path} (apt-get install ${name})`, () => undefined);
    return;
  }
  let connection: Connection;
  let shell: Shell;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'play-shell-'));
    connection = await connect({ name: 'here', transport: 'local', shellProgram: program });
    shell = connection.shell();
  });
  afterAll(async () => {
    await connection.close();
    rmSync(folder, { recursive: true });
  });

  test('it is that shell, with a plain setting', async () => {
    const script = `readlink /proc/$$/exe; echo "$LC_ALL|$PATH|\${ENV-unset}|\${CDPATH-unset}"; umask`;
    const [result] = await shell.run([{ script }]);
    const [executable, setting, umask] = result?.stdout.toString().split('\n') ?? [];
    expect(executable).toBe(execFileSync('readlink', ['-f', path]).toString().trim());
    expect(setting).toBe('C|/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|unset|unset');
    expect(umask).toBe('0022');
  });

  test('many jobs of one call are one round trip, each with its own output and exit code', async () => {
    const before = connection.roundTrips;
    const jobs = Array.from({ length: 50 }, (_, i) => ({
      script: `echo out ${i}; echo err ${i} >&2; exit ${i}`,
    }));
    const results = await shell.run(jobs);
    expect(connection.roundTrips - before).toBe(1);
    expect(results.map(r => [r.stdout.toString(), r.stderr.toString(), r.exitCode])).toEqual(
      jobs.map((_, i) => [`out ${i}\n`, `err ${i}\n`, i]),
    );
  });

  test('whatever a job does to its shell ends with it', async () => {
    const results = await shell.run([
      { script: 'cd /; X=1; set -e; umask 077; exec >&-; exec 2>&-; false; echo never' },
      { script: 'cat' },
      { script: 'read line; echo "[$line]"' },
      { script: 'exit 7' },
      { script: 'exec sh -c "exit 8"' },
      { script: 'trap "echo bye" EXIT; play_end() { :; }; PATH=/nowhere' },
      { script: `echo "\${X-unset}"; pwd; umask` },
    ]);
    expect(results.map(r => [r.exitCode, r.stdout.toString()])).toEqual([
      [1, ''],
      [0, ''],
      [0, '[]\n'],
      [7, ''],
      [8, ''],
      [0, 'bye\n'],
      [0, `unset\n${process.cwd()}\n0022\n`],
    ]);
  });

  test.each(['echo "open quote', 'if true; then', ')', 'cat <<END'])(
    'bad syntax fails its job alone: %s',
    async script => {
      const [bad, next] = await shell.run([{ script }, { script: 'echo next' }]);
      // A here-document without its end is only a warning to all three.
      expect(bad?.exitCode === 0).toBe(script === 'cat <<END');
      expect(next?.stdout.toString()).toBe('next\n');
    },
  );

  test('a command that is not there, and a signal within the job, are exit codes', async () => {
    const results = await shell.run([{ script: 'no-such-command' }, { script: `sh -c 'kill -9 $$'` }]);
    expect(results.map(r => [r.exitCode, r.signal])).toEqual([
      [127, undefined],
      [137, undefined],
    ]);
  });

  test('a job that kills its whole shell fails alone', async () => {
    const results = await shell.run([
      { script: 'echo one' },
      { script: 'echo two; kill -9 $$' },
      { script: 'echo three' },
    ]);
    expect(results.map(r => [r.stdout.toString(), r.stderr.toString(), r.exitCode, r.signal])).toEqual([
      ['one\n', '', 0, undefined],
      ['two\n', '', null, 'SIGKILL'],
      ['three\n', '', 0, undefined],
    ]);
  });

  test('directory and environment are the job’s own', async () => {
    const value = `it's "$HOME" \\n\n\tgrüße`;
    const results = await shell.run([
      {
        script: 'pwd; printf %s "$VALUE"; sh -c \'printf %s "$VALUE"\'',
        cwd: '/usr',
        environment: { VALUE: new Secret(value) },
      },
      { script: `echo "\${VALUE-unset}"` },
      { script: 'echo never', cwd: '/no/such folder' },
    ]);
    expect(results[0]?.stdout.toString()).toBe(`/usr\n${value}${value}`);
    expect(results[1]?.stdout.toString()).toBe('unset\n');
    expect(results[2]?.stdout.toString()).toBe('');
    expect(results[2]?.exitCode).toBe(1);
    expect(results[2]?.stderr.toString()).toContain('/no/such folder');
  });

  test('arbitrary bytes go in by standard input and come out the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
        async inputs => {
          const results = await shell.run(inputs.map(stdin => ({ script: 'cat', stdin })));
          expect(results.map(r => r.stdout)).toEqual(inputs.map(input => Buffer.from(input)));
        },
      ),
      { numRuns: 60 },
    );
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const withoutNul = Buffer.concat([every.subarray(1), every.subarray(1).reverse()]);
    const results = await shell.run([every, withoutNul].map(stdin => ({ script: 'cat', stdin })));
    expect(results.map(r => r.stdout)).toEqual([every, withoutNul]);
  });

  test('arbitrary text in scripts and variables arrives as it is', async () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom("'", '"', '\\', '$', '`', '\n', '!', ' ', '%'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(text, text, async (value, word) => {
        fc.pre(!value.includes('\0') && !word.includes('\0'));
        const quoted = `'${word.replaceAll("'", `'\\''`)}'`;
        const [result] = await shell.run([
          { script: `printf '%s|%s' "$VALUE" ${quoted}`, environment: { VALUE: value } },
        ]);
        expect(result?.stdout.toString()).toBe(`${value}|${word}`);
      }),
      { numRuns: 60 },
    );
  });

  test('a big script, and megabytes on both streams', async () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `echo ${i} >/dev/null`).join('\n');
    const [big, noisy] = await shell.run([
      { script: `${words}\necho done` },
      { script: 'head -c 20000000 /dev/zero & head -c 3000000 /dev/zero >&2; wait' },
    ]);
    expect(big?.stdout.toString()).toBe('done\n');
    expect([noisy?.stdout.length, noisy?.stderr.length]).toEqual([20_000_000, 3_000_000]);
  });

  test('output beyond the limit is dropped, and that is said', async () => {
    const [result] = await shell.run([{ script: 'echo 123456789; echo x >&2', maxOutputBytes: 4 }]);
    expect([result?.stdout.toString(), result?.stderr.toString(), result?.truncated]).toEqual([
      '1234',
      'x\n',
      true,
    ]);
  });

  test('output comes while the job runs', async () => {
    const seen: string[] = [];
    const file = join(folder, 'go');
    // The job goes on only when its first line was seen.
    const run = shell.run(
      [{ script: `echo first; while [ ! -e ${file} ]; do sleep 0.05; done; echo second >&2` }],
      {
        onOutput: (index, stream, chunk) => {
          seen.push(`${index} ${stream} ${chunk}`);
          if (seen.length === 1) execFileSync('touch', [file]);
        },
      },
    );
    await run;
    expect(seen).toEqual(['0 stdout first\n', '0 stderr second\n']);
  });

  test('a job that takes too long is stopped with its children, those behind it still run', async () => {
    const word = unique();
    const results = await shell.run([
      { script: `echo begun; sleep ${word} & sleep ${word}`, timeoutSeconds: 0.3 },
      { script: 'echo next' },
    ]);
    expect(results.map(r => [r.stdout.toString(), r.exitCode, r.timedOut])).toEqual([
      ['begun\n', null, true],
      ['next\n', 0, false],
    ]);
    expect(withWord(word)).toEqual([]);
  });

  test('a job that ignores TERM is killed', async () => {
    const word = unique();
    const script = `trap '' TERM; sh -c 'trap "" TERM; while :; do sleep 0.1; done' ${word} & while :; do sleep 0.1; done`;
    const [result] = await shell.run([{ script, timeoutSeconds: 0.3 }]);
    expect([result?.exitCode, result?.timedOut]).toEqual([null, true]);
    expect(withWord(word)).toEqual([]);
  });

  test('an abort stops the job with its children, and the shell goes on', async () => {
    const word = unique();
    const controller = new AbortController();
    const run = shell.run([{ script: `echo begun; sleep ${word} & sleep ${word}` }], {
      signal: controller.signal,
      onOutput: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    expect(withWord(word)).toEqual([]);
    const [next] = await shell.run([{ script: 'echo still here' }]);
    expect(next?.stdout.toString()).toBe('still here\n');
  });

  test('an abort before the shell is open runs nothing', async () => {
    const other = await connect({ name: 'here', transport: 'local', shellProgram: program });
    const file = join(folder, 'never');
    await expect(
      other.shell().run([{ script: `touch ${file}` }], { signal: AbortSignal.abort(new Error('no')) }),
    ).rejects.toThrow('no');
    await other.close();
    expect(existsSync(file)).toBe(false);
  });

  test('closing the connection stops what runs', async () => {
    const word = unique();
    const other = await connect({ name: 'here', transport: 'local', shellProgram: program });
    const run = other.shell().run([{ script: `sleep ${word}` }]);
    const failed = expect(run).rejects.toMatchObject({ code: 'shell-broken' });
    await eventually('the job', () => withWord(word).length > 0);
    await other.close();
    await failed;
    await eventually('its end', () => withWord(word).length === 0);
  });

  test('secrets are in no process’s arguments', async () => {
    const secret = `s3cret-${unique()}`;
    const seen: string[] = [];
    const look = setInterval(() => seen.push(...processes().map(one => one.command)), 1);
    const file = join(folder, 'secret');
    await shell.run([
      {
        script: `sleep 0.2; cat >/dev/null; : ${secret}`,
        stdin: new Secret(secret),
        environment: { TOKEN: new Secret(secret) },
      },
      { script: 'cat >/dev/null', stdin: Buffer.from(`\0${secret}`) },
    ]);
    await shell.upload(new Secret(secret), file);
    await shell.upload(Buffer.from(secret.repeat(20_000)), file);
    clearInterval(look);
    expect(seen.length).toBeGreaterThan(0);
    expect(
      seen.filter(
        command =>
          command.includes(secret) || command.includes(Buffer.from(secret).toString('base64').slice(0, 12)),
      ),
    ).toEqual([]);
  });

  test('uploads of any size arrive whole, new files for the owner alone', async () => {
    for (const size of [0, 1, 65_536, 65_537, 5_000_000]) {
      const file = join(folder, `upload '${size}`);
      const content = Buffer.alloc(size, Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
      const before = connection.roundTrips;
      await shell.upload(content, file);
      expect(connection.roundTrips - before).toBe(1);
      expect(readFileSync(file).equals(content)).toBe(true);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  test('an upload that the host cannot keep fails', async () => {
    for (const size of [10, 100_000]) {
      await expect(shell.upload(Buffer.alloc(size), '/no/such/folder/file')).rejects.toThrow(UploadFailed);
      await expect(shell.upload(Buffer.alloc(size), '/dev/full')).rejects.toThrow(UploadFailed);
    }
  });

  test('an upload that takes too long, or is stopped, ends at once', async () => {
    // A pipe that nobody reads.
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const size of [10, 100_000]) {
      const late = shell.upload(Buffer.alloc(size), pipe, { timeoutSeconds: 0.2 });
      await expect(late).rejects.toMatchObject({
        name: 'CommandTimedOut',
        host: 'here',
        message: `writing ${pipe} took longer than 0.2 s`,
      });
      const controller = new AbortController();
      const stopped = shell.upload(Buffer.alloc(size), pipe, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 100);
      await expect(stopped).rejects.toThrow('enough');
    }
    execFileSync('timeout', ['5', 'cat', pipe], { stdio: 'pipe' });
  });

  test('another shell of the same user runs beside the first', async () => {
    const file = join(folder, 'released');
    const waiting = shell.run([{ script: `while [ ! -e ${file} ]; do sleep 0.02; done; echo released` }]);
    const beside = connection.shell(undefined, 'beside');
    expect(beside).not.toBe(shell);
    expect(connection.shell()).toBe(shell);
    await beside.run([{ script: `touch ${file}` }]);
    expect((await waiting)[0]?.stdout.toString()).toBe('released\n');
    await beside.close();
  });

  test('many shells that upload at once do not wait for one another for ever', async () => {
    const shells = Array.from({ length: 6 }, (_, i) => connection.shell(undefined, `uploader ${i}`));
    await Promise.all(
      shells.map(async (one, i) => {
        await one.run([{ script: 'true' }]);
        await one.upload(Buffer.alloc(100_000, i), join(folder, `together${i}`));
      }),
    );
    expect(shells.map((_, i) => readFileSync(join(folder, `together${i}`)).length)).toEqual(
      Array(6).fill(100_000),
    );
  });

  test('large input reaches a job, and leaves nothing behind', async () => {
    const input = Buffer.alloc(1_000_000, 'play\0');
    const [result] = await shell.run([{ script: 'cat; ls -l /proc/self/fd/0 >&2', stdin: input }]);
    expect(result?.stdout.equals(input)).toBe(true);
    const [, file] = /-> (\S+) \(deleted\)/.exec(result?.stderr.toString() ?? '') ?? [];
    expect(file).toMatch(/^\/tmp\/\.play-[0-9a-f]{24}$/);
    expect(existsSync(file ?? '')).toBe(false);
  });

  test('calls wait for one another', async () => {
    const runs = Array.from({ length: 10 }, (_, i) =>
      shell.run([{ script: `sleep 0.0${9 - i}; echo ${i}` }]),
    );
    const results = await Promise.all(runs);
    expect(results.map(([r]) => r?.stdout.toString())).toEqual(
      Array.from({ length: 10 }, (_, i) => `${i}\n`),
    );
  });

  test('a shell whose channel was killed reopens', async () => {
    await shell.run([{ script: 'true' }]);
    const { pid } = shell.hello ?? {};
    const run = shell.run([{ script: `kill -9 ${pid}; sleep 2` }]);
    await expect(run).rejects.toMatchObject({ code: 'shell-broken', host: 'here' });
    const [next] = await shell.run([{ script: 'echo again' }]);
    expect(next?.stdout.toString()).toBe('again\n');
  });

  test('what no shell can hold is refused', async () => {
    await expect(shell.run([{ script: 'a\0b' }])).rejects.toThrow('a script cannot hold a NUL byte');
    await expect(shell.run([{ script: 'a', environment: { 'A-B': 'c' } }])).rejects.toThrow(
      'not a name of an environment variable: "A-B"',
    );
    await expect(shell.run([{ script: 'a', environment: { A: '\0' } }])).rejects.toThrow(
      'the environment variable A cannot hold a NUL byte',
    );
  });
});
