import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import { type ConnectOptions, connect, type TransportError } from '../../engine/transport/index.ts';
import { eventually, processes, withWord } from './processes.ts';
import { freePort, makeKey, noSshd, type Sshd, startSshd } from './sshd.ts';
import { makeUser, noSudo } from './users.ts';

const unique = (): string => `6${Math.floor(Math.random() * 1e9)}`;
const why =
  noSshd ?? (existsSync('/usr/bin/ssh') ? undefined : 'there is no ssh (apt-get install openssh-client)');

describe.skipIf(why !== undefined)(
  `the ssh program as transport${why === undefined ? '' : `: ${why}`}`,
  () => {
    let sshd: Sshd;
    let base: ConnectOptions;
    beforeAll(async () => {
      sshd = await startSshd();
      base = {
        name: 'web1',
        transport: 'openssh',
        address: '127.0.0.1',
        port: sshd.port,
        user: sshd.user,
        privateKeyFile: sshd.userKey,
        knownHostsFile: sshd.knownHostsFile,
        hostKeyChecking: 'strict',
        sshConfigFile: false,
        sshArguments: ['-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none'],
      };
    });
    afterAll(() => sshd.stop());

    async function hello(options: ConnectOptions): Promise<string> {
      await using connection = await connect(options);
      const [result] = await connection.shell().run([{ script: 'echo hello' }]);
      return result?.stdout.toString() ?? '';
    }

    async function failure(options: ConnectOptions): Promise<TransportError> {
      return hello(options).then(
        () => expect.unreachable('it did not fail'),
        (reason: TransportError) => reason,
      );
    }

    test('jobs, input, uploads', async () => {
      await using connection = await connect(base);
      const shell = connection.shell();
      const results = await shell.run([
        { script: 'echo out; echo err >&2; exit 3' },
        { script: 'cat', stdin: Buffer.from([0, 255, 10]) },
      ]);
      expect(results.map(r => [r.stdout, r.stderr.toString(), r.exitCode])).toEqual([
        [Buffer.from('out\n'), 'err\n', 3],
        [Buffer.from([0, 255, 10]), '', 0],
      ]);
      const file = join(sshd.folder, 'upload');
      await shell.upload(Buffer.alloc(1_000_000, 'x'), file);
      expect(readFileSync(file).length).toBe(1_000_000);
      expect(connection.roundTrips).toBe(3);
    });

    test.skipIf(noSudo !== undefined)('sudo with a password', async () => {
      const user = makeUser({ password: 'secret word', sudoers: ['USER ALL=(ALL) ALL'] });
      try {
        await using connection = await connect({ ...base, user: user.name });
        const become = { method: 'sudo', user: 'root' } as const;
        const [result] = await connection
          .shell({ ...become, password: new Secret('secret word') })
          .run([{ script: 'id -un' }]);
        expect(result?.stdout.toString()).toBe('root\n');
        const refused = connection.shell(become).run([{ script: 'id -un' }]);
        await expect(refused).rejects.toMatchObject({ name: 'SudoPasswordNeeded' });
      } finally {
        user.remove();
      }
    });

    test('what ssh2 cannot: a host key that a certificate authority vouches for', async () => {
      const authority = makeKey(sshd.folder, 'authority');
      const certified = await startSshd();
      const [hostKey] = certified.hostKeys;
      execFileSync('ssh-keygen', [
        '-q',
        '-s',
        authority,
        '-I',
        'host',
        '-h',
        '-n',
        '127.0.0.1',
        `${hostKey?.file}.pub`,
      ]);
      const config = join(certified.folder, 'sshd_config');
      const withCertificate = await startSshd({
        config: [`HostKey ${hostKey?.file}`, `HostCertificate ${hostKey?.file}-cert.pub`],
        authorizedKeys: [readFileSync(`${sshd.userKey}.pub`, 'utf8').trim()],
      });
      expect(existsSync(config)).toBe(true);
      const knownHostsFile = join(sshd.folder, 'known_authority');
      writeFileSync(
        knownHostsFile,
        `@cert-authority [127.0.0.1]:* ${readFileSync(`${authority}.pub`, 'utf8')}`,
      );
      const options = { ...base, port: withCertificate.port, knownHostsFile };
      expect(await hello(options)).toBe('hello\n');
      const { sshArguments: _none, ...plain } = options;
      await expect(connect({ ...plain, transport: 'ssh' })).rejects.toMatchObject({
        name: 'HostKeyUnknown',
        hint: 'Certificates are checked by OpenSSH itself: set ansible_connection: openssh for this host.',
      });
      await Promise.all([certified.stop(), withCertificate.stop()]);
    });

    test('through a jump host', async () => {
      const target = await startSshd({
        authorizedKeys: [readFileSync(`${sshd.userKey}.pub`, 'utf8').trim()],
      });
      const knownHostsFile = join(sshd.folder, 'known_both');
      writeFileSync(
        knownHostsFile,
        readFileSync(sshd.knownHostsFile, 'utf8') + readFileSync(target.knownHostsFile, 'utf8'),
      );
      const config = join(sshd.folder, 'jump_config');
      writeFileSync(
        config,
        `IdentityFile ${sshd.userKey}\nUserKnownHostsFile ${knownHostsFile}\nIdentityAgent none\n`,
      );
      const proxyJump = `${sshd.user}@127.0.0.1:${sshd.port}`;
      expect(
        await hello({ ...base, port: target.port, knownHostsFile, sshConfigFile: config, proxyJump }),
      ).toBe('hello\n');
      await target.stop();
    });

    test('its errors are told by their human cause', async () => {
      const other = readFileSync(`${makeKey(sshd.folder, 'other')}.pub`, 'utf8').trim();
      const known = (text: string): string => {
        const file = join(sshd.folder, `known-${unique()}`);
        writeFileSync(file, text);
        return file;
      };
      const at = `[127.0.0.1]:${sshd.port}`;
      const publicKey = sshd.hostKeys[0]?.publicKey;
      const changed = known(`# comment\n${at} ${other}\n`);
      expect(await failure({ ...base, knownHostsFile: changed })).toMatchObject({
        name: 'HostKeyChanged',
        host: 'web1',
        message: `the host shows another key than the one known for it, ${changed}:2`,
      });
      expect(await failure({ ...base, knownHostsFile: known('') })).toMatchObject({ name: 'HostKeyUnknown' });
      const revoked = known(`${at} ${publicKey}\n@revoked * ${publicKey}\n`);
      expect(await failure({ ...base, knownHostsFile: revoked })).toMatchObject({ name: 'HostKeyRevoked' });
      expect(await failure({ ...base, privateKeyFile: join(sshd.folder, 'other') })).toMatchObject({
        name: 'AuthenticationRefused',
        message: `${sshd.user}@127.0.0.1: Permission denied (publickey).`,
      });
      expect(await failure({ ...base, privateKeyFile: '/no/key' })).toMatchObject({ name: 'KeyUnusable' });
      const port = await freePort();
      expect(await failure({ ...base, port })).toMatchObject({
        name: 'Unreachable',
        reason: 'refused',
        message: `connect to host 127.0.0.1 port ${port}: Connection refused`,
      });
      expect(await failure({ ...base, address: 'no-such-host.invalid' })).toMatchObject({
        reason: 'unknown-name',
      });
      expect(await failure({ ...base, sshArguments: ['-o', 'NoSuchOption=1'] })).toMatchObject({
        reason: 'misconfigured',
      });
      expect(await failure({ ...base, password: new Secret('x') })).toMatchObject({
        reason: 'misconfigured',
        message: 'the ssh program takes no password from a program',
      });
    });

    test('accept-new learns the key', async () => {
      const knownHostsFile = join(sshd.folder, 'learnt');
      expect(await hello({ ...base, knownHostsFile, hostKeyChecking: 'accept-new' })).toBe('hello\n');
      expect(await hello({ ...base, knownHostsFile })).toBe('hello\n');
    });

    test('a forced command is no shell', async () => {
      const key = makeKey(sshd.folder, 'forced');
      const line = `command="echo only this; exit 3" ${readFileSync(`${key}.pub`, 'utf8').trim()}`;
      const forced = await startSshd({ authorizedKeys: [line] });
      const options = {
        ...base,
        port: forced.port,
        knownHostsFile: forced.knownHostsFile,
        privateKeyFile: key,
      };
      expect(await failure(options)).toMatchObject({ name: 'ShellBroken', details: ['only this'] });
      await forced.stop();
    });

    test('a cut link is unreachable, and leaves nothing on the host', async () => {
      const word = unique();
      await using connection = await connect(base);
      const shell = connection.shell();
      await shell.run([{ script: 'true' }]);
      const run = shell.run([{ script: `sleep ${word} & sleep ${word}` }]);
      const failed = expect(run).rejects.toMatchObject({ name: 'Unreachable', reason: 'link-lost' });
      await eventually('the job', () => withWord(word).length > 0);
      const session = processes().find(one => one.pid === shell.hello?.pid)?.parent;
      process.kill(session ?? expect.unreachable('no sshd'), 'SIGKILL');
      await failed;
      await eventually('the end of the orphans', () => withWord(word).length === 0);
    });

    test('a stopped job, and closing, leave nothing on the host', async () => {
      const [first, second] = [unique(), unique()];
      const connection = await connect(base);
      const [result] = await connection.shell().run([{ script: `sleep ${first}`, timeoutSeconds: 0.3 }]);
      expect([result?.timedOut, withWord(first)]).toEqual([true, []]);
      const run = connection.shell().run([{ script: `sleep ${second}` }]);
      const failed = expect(run).rejects.toMatchObject({ unreachable: true });
      await eventually('the job', () => withWord(second).length > 0);
      await connection.close();
      await failed;
      await eventually('its end', () => withWord(second).length === 0);
    });
  },
);
