import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Connection,
  type ConnectOptions,
  connect,
  type TransportError,
  type TransportWarning,
} from '../../engine/transport/index.ts';
import { fingerprint } from '../../engine/transport/ssh/known-hosts.ts';
import { eventually, processes, withWord } from './processes.ts';
import { startProxy } from './proxy.ts';
import { freePort, type HostKey, makeKey, noSshd, type Sshd, startSshd } from './sshd.ts';
import { makeUser, noUsers } from './users.ts';

const unique = (): string => `4${Math.floor(Math.random() * 1e9)}`;
const why = noSshd === undefined ? '' : `: ${noSshd}`;

function optionsFor(sshd: Sshd): ConnectOptions {
  return {
    name: 'web1',
    transport: 'ssh',
    address: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    privateKeyFile: sshd.userKey,
    knownHostsFile: sshd.knownHostsFile,
    hostKeyChecking: 'strict',
    sshConfigFile: false,
    connectTimeoutSeconds: 10,
  };
}

async function hello(options: ConnectOptions): Promise<string> {
  await using connection = await connect(options);
  const [result] = await connection.shell().run([{ script: 'echo hello' }]);
  return result?.stdout.toString() ?? '';
}

async function failure(work: Promise<unknown>): Promise<TransportError> {
  return work.then(
    () => expect.unreachable('it did not fail'),
    (reason: TransportError) => reason,
  );
}

async function told(work: Promise<unknown>): Promise<unknown> {
  const { name, host, unreachable, message, hint, details } = await failure(work);
  return { name, host, unreachable, message, hint, details };
}

/** The sshd process that serves a connection. */
function sessionOf(connection: Connection): number {
  const pid = connection.shell().hello?.pid;
  const parent = processes().find(one => one.pid === pid)?.parent;
  if (parent === undefined) throw new Error('no sshd serves this connection');
  return parent;
}

describe.skipIf(noSshd !== undefined)(`host keys${why}`, () => {
  let sshd: Sshd;
  let files = 0;
  beforeAll(async () => {
    sshd = await startSshd({ hostKeyTypes: ['rsa', 'ecdsa', 'ed25519'] });
  });
  afterAll(() => sshd.stop());

  const known = (text: string): string => {
    const file = join(sshd.folder, `known${files++}`);
    writeFileSync(file, text);
    return file;
  };
  const name = (): string => `[127.0.0.1]:${sshd.port}`;
  const hostKey = (type: HostKey['type']): HostKey =>
    sshd.hostKeys.find(key => key.type === type) ?? expect.unreachable(type);
  const print = (publicKey: string): string =>
    `${publicKey.split(' ')[0]} ${fingerprint(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'))}`;

  test.each(['rsa', 'ecdsa', 'ed25519'] as const)(
    'of several keys the known one is asked for (%s)',
    async type => {
      const knownHostsFile = known(`${name()} ${hostKey(type).publicKey}\n`);
      expect(await hello({ ...optionsFor(sshd), knownHostsFile })).toBe('hello\n');
    },
  );

  test('an unknown one is refused, and the file stays', async () => {
    const knownHostsFile = known('');
    expect(await failure(hello({ ...optionsFor(sshd), knownHostsFile }))).toMatchObject({
      name: 'HostKeyUnknown',
      details: [`shown by the host: ${print(hostKey('ed25519').publicKey)}`],
    });
    expect(readFileSync(knownHostsFile, 'utf8')).toBe('');
  });

  test('accept-new learns it and says so, then it is known', async () => {
    const knownHostsFile = known('');
    const warnings: TransportWarning[] = [];
    const options: ConnectOptions = {
      ...optionsFor(sshd),
      knownHostsFile,
      hostKeyChecking: 'accept-new',
      warn: warning => warnings.push(warning),
    };
    expect(await Promise.all([hello(options), hello(options)])).toEqual(['hello\n', 'hello\n']);
    expect(readFileSync(knownHostsFile, 'utf8')).toBe(`${name()} ${hostKey('ed25519').publicKey}\n`);
    expect(warnings[0]).toEqual({
      host: 'web1',
      code: 'host-key-added',
      message: `the key of ${name()} was taken on trust and added to ${knownHostsFile}`,
    });
    expect(await hello({ ...options, hostKeyChecking: 'strict' })).toBe('hello\n');
  });

  test('a file that cannot be written is a warning, one that cannot be read an error', async () => {
    const warnings: TransportWarning[] = [];
    const unwritable = join(known(''), 'below a file');
    const options: ConnectOptions = {
      ...optionsFor(sshd),
      hostKeyChecking: 'accept-new',
      warn: w => warnings.push(w),
    };
    expect(await hello({ ...options, knownHostsFile: unwritable })).toBe('hello\n');
    expect(warnings).toEqual([
      {
        host: 'web1',
        code: 'host-key-not-saved',
        message: `the key of ${name()} was taken on trust but could not be written to ${unwritable}`,
      },
    ]);
    expect(await failure(hello({ ...options, knownHostsFile: sshd.folder }))).toMatchObject({
      name: 'Unreachable',
      reason: 'misconfigured',
      message: 'known_hosts cannot be read: EISDIR: illegal operation on a directory, read',
    });
  });

  test('a changed one is refused with the line, both fingerprints and the way out', async () => {
    const other = readFileSync(`${makeKey(sshd.folder, 'other')}.pub`, 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
    const knownHostsFile = known(`# first line\n${name()} ${other}\n`);
    const refused = {
      name: 'HostKeyChanged',
      host: 'web1',
      unreachable: true,
      message: `${name()} shows another key than the one known for it`,
      hint: `If the host was reinstalled, remove the old key: ssh-keygen -f ${knownHostsFile} -R '${name()}'. If not, somebody may sit in between: do not go on.`,
      details: [
        `known at ${knownHostsFile}:2: ${print(other)}`,
        `shown by the host: ${print(hostKey('ed25519').publicKey)}`,
      ],
    };
    for (const hostKeyChecking of ['strict', 'accept-new'] as const)
      expect(await told(hello({ ...optionsFor(sshd), knownHostsFile, hostKeyChecking }))).toEqual(refused);
    const warnings: TransportWarning[] = [];
    const off: ConnectOptions = {
      ...optionsFor(sshd),
      knownHostsFile,
      hostKeyChecking: 'off',
      warn: warning => warnings.push(warning),
    };
    expect(await hello(off)).toBe('hello\n');
    expect(warnings).toEqual([
      {
        host: 'web1',
        code: 'host-key-not-checked',
        message: `${name()} shows another key than the one known for it; connected all the same, because host keys are not checked`,
      },
    ]);
  });

  test('a revoked one is refused though it is known', async () => {
    const { publicKey } = hostKey('ed25519');
    const knownHostsFile = known(`${name()} ${publicKey}\n@revoked * ${publicKey}\n`);
    expect(
      await failure(hello({ ...optionsFor(sshd), knownHostsFile, hostKeyChecking: 'off' })),
    ).toMatchObject({
      name: 'HostKeyRevoked',
      details: [`revoked at ${knownHostsFile}:2: ${print(publicKey)}`],
    });
  });
});

describe.skipIf(noSshd !== undefined)(`reaching a host${why}`, () => {
  const servers: Sshd[] = [];
  const start = async (...config: string[]): Promise<Sshd> => {
    const sshd = await startSshd({ config });
    servers.push(sshd);
    return sshd;
  };
  afterAll(() => Promise.all(servers.map(server => server.stop())));

  test('nobody listens', async () => {
    const sshd = await start();
    const port = await freePort();
    expect(await told(connect({ ...optionsFor(sshd), port }))).toEqual({
      name: 'Unreachable',
      host: 'web1',
      unreachable: true,
      message: `127.0.0.1:${port} refused the connection`,
      hint: 'Is sshd running there, on that port (ansible_port)?',
      details: [],
    });
  });

  test('the name is not known', async () => {
    const sshd = await start();
    const error = await failure(connect({ ...optionsFor(sshd), address: 'no-such-host.invalid' }));
    expect(error).toMatchObject({ name: 'Unreachable', reason: 'unknown-name' });
  });

  test('a server that never speaks', async () => {
    const sshd = await start();
    const silent = createServer();
    const port = await new Promise<number>(resolve => {
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
    expect(await told(connect({ ...optionsFor(sshd), port, connectTimeoutSeconds: 1 }))).toEqual({
      name: 'Unreachable',
      host: 'web1',
      unreachable: true,
      message: `127.0.0.1:${port} did not let us in within 1 s`,
      hint: 'Is the host up, and does no firewall drop the packets? A slow one may need a longer ansible_ssh_timeout.',
      details: [],
    });
    silent.close();
  });

  test('a server that is none of SSH', async () => {
    const sshd = await start();
    const web = createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await new Promise<number>(resolve => {
      web.listen(0, '127.0.0.1', () => {
        const address = web.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
    const error = await failure(connect({ ...optionsFor(sshd), port }));
    expect(error).toMatchObject({ name: 'Unreachable', reason: 'no-handshake' });
    web.close();
  }, 30_000);

  test('many at once, though the server drops simultaneous handshakes', async () => {
    const sshd = await start('MaxStartups 4:100:4');
    const options = optionsFor(sshd);
    const all = await Promise.all(Array.from({ length: 20 }, () => hello(options)));
    expect(all).toEqual(Array(20).fill('hello\n'));
  }, 30_000);

  test('more users and uploads than the server has sessions for', async () => {
    const sshd = await start('MaxSessions 2');
    await using connection = await connect(optionsFor(sshd));
    const shell = connection.shell();
    const files = Array.from({ length: 6 }, (_, i) => join(sshd.folder, `upload${i}`));
    await Promise.all([
      shell.run([{ script: 'sleep 0.3' }]),
      ...files.map((file, i) => shell.upload(Buffer.alloc(200_000, i), file)),
    ]);
    expect(files.map(file => readFileSync(file).length)).toEqual(files.map(() => 200_000));
  }, 30_000);

  test('through jump hosts, which are shared', async () => {
    const [outer, inner, target] = [await start(), await start(), await start()];
    const all = join(outer.folder, 'all_known');
    writeFileSync(all, [outer, inner, target].map(one => readFileSync(one.knownHostsFile, 'utf8')).join(''));
    for (const server of [inner, target])
      writeFileSync(join(server.folder, 'authorized_keys'), readFileSync(`${outer.userKey}.pub`));
    const user = outer.user;
    const options: ConnectOptions = {
      ...optionsFor(target),
      privateKeyFile: outer.userKey,
      knownHostsFile: all,
      proxyJump: `${user}@127.0.0.1:${outer.port},${user}@127.0.0.1:${inner.port}`,
    };
    const connections = await Promise.all([connect(options), connect(options), connect(options)]);
    for (const connection of connections) {
      const [result] = await connection.shell().run([{ script: 'echo "$SSH_CONNECTION"' }]);
      expect(result?.stdout.toString().trim().split(' ')[3]).toBe(String(target.port));
    }
    const logins = (server: Sshd): number => server.log().match(/Accepted publickey/g)?.length ?? 0;
    expect([logins(outer), logins(inner), logins(target)]).toEqual([1, 1, 3]);
    await Promise.all(connections.map(connection => connection.close()));
    await eventually('the jump hosts are left', () => /Disconnected from user/.test(outer.log()));
    // Reached again, through a new connection.
    expect(await hello(options)).toBe('hello\n');
    expect(logins(outer)).toBe(2);
  }, 30_000);

  test('through a jump host of ssh_config', async () => {
    const [jump, target] = [await start(), await start()];
    const config = join(jump.folder, 'ssh_config');
    const all = join(jump.folder, 'all_known');
    writeFileSync(
      all,
      readFileSync(jump.knownHostsFile, 'utf8') + readFileSync(target.knownHostsFile, 'utf8'),
    );
    writeFileSync(
      config,
      `Host inside\n  HostName 127.0.0.1\n  Port ${target.port}\n  IdentityFile ${target.userKey}\n  ProxyJump door\n` +
        `Host door\n  HostName 127.0.0.1\n  Port ${jump.port}\n  IdentityFile ${jump.userKey}\n` +
        `Host *\n  IdentityAgent none\n  User ${jump.user}\n  UserKnownHostsFile ${all}\n`,
    );
    expect(await hello({ name: 'inside', transport: 'ssh', sshConfigFile: config })).toBe('hello\n');
  });

  test('a jump host that does not reach the target, or lets nobody through', async () => {
    const jump = await start();
    const closed = await start('AllowTcpForwarding no');
    const port = await freePort();
    const via = (server: Sshd): ConnectOptions => ({
      ...optionsFor(server),
      port,
      proxyJump: `127.0.0.1:${server.port}`,
    });
    expect(await failure(connect(via(jump)))).toMatchObject({
      name: 'Unreachable',
      reason: 'refused',
      message: `the jump host 127.0.0.1 did not connect to 127.0.0.1:${port}: Connection refused`,
    });
    expect(await failure(connect(via(closed)))).toMatchObject({
      name: 'Unreachable',
      reason: 'jump-refused',
    });
    const refused = { ...via(jump), privateKeyFile: makeKey(jump.folder, 'stranger') };
    expect(await failure(connect(refused))).toMatchObject({
      name: 'AuthenticationRefused',
      host: 'web1 (jump host 127.0.0.1)',
    });
  });
});

describe.skipIf(noSshd !== undefined)(`an ssh link${why}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  test('20 MB of output and 3 MB of errors, kept apart', async () => {
    await using connection = await connect(optionsFor(sshd));
    const script = 'head -c 20000000 /dev/zero & head -c 3000000 /dev/zero >&2; wait';
    const [result] = await connection.shell().run([{ script }]);
    expect([result?.stdout.length, result?.stderr.length]).toEqual([20_000_000, 3_000_000]);
  });

  test('an abort leaves nothing on the host', async () => {
    const word = unique();
    await using connection = await connect(optionsFor(sshd));
    const controller = new AbortController();
    const run = connection.shell().run([{ script: `echo begun; sleep ${word} & sleep ${word}` }], {
      signal: controller.signal,
      onOutput: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    expect(withWord(word)).toEqual([]);
  });

  test('a cut link is unreachable, never success, and leaves nothing on the host', async () => {
    const word = unique();
    const connection = await connect(optionsFor(sshd));
    const shell = connection.shell();
    await shell.run([{ script: 'true' }]);
    const run = shell.run([{ script: 'echo done' }, { script: `sleep ${word} & sleep ${word}` }]);
    const said = told(run);
    await eventually('the job', () => withWord(word).length > 0);
    process.kill(sessionOf(connection), 'SIGKILL');
    expect(await said).toEqual({
      name: 'Unreachable',
      host: 'web1',
      unreachable: true,
      message: 'the connection was lost: the host closed it',
      hint: 'What was running there was stopped. Run again: it goes on from the state that the host is in.',
      details: [],
    });
    await eventually('the end of the orphans', () => withWord(word).length === 0);
    expect(await connection.lost).toEqual(new Error('the host closed it'));
    expect(await failure(shell.run([{ script: 'true' }]))).toMatchObject({
      name: 'Unreachable',
      reason: 'link-lost',
    });
    expect(await failure(shell.upload(Buffer.alloc(100_000), '/tmp/x'))).toMatchObject({
      reason: 'link-lost',
    });
    await connection.close();
  });

  test('a link on which nothing comes through any more is lost', async () => {
    const proxy = await startProxy(sshd.port);
    const knownHostsFile = join(sshd.folder, 'known_proxy');
    writeFileSync(knownHostsFile, `[127.0.0.1]:${proxy.port} ${sshd.hostKeys[0]?.publicKey}\n`);
    const options = { ...optionsFor(sshd), port: proxy.port, knownHostsFile, keepaliveSeconds: 0.2 };
    const connection = await connect(options);
    const shell = connection.shell();
    await shell.run([{ script: 'true' }]);
    const run = shell.run([{ script: 'sleep 60' }]);
    proxy.swallow();
    expect(await failure(run)).toMatchObject({
      name: 'Unreachable',
      reason: 'link-lost',
      message: 'the connection was lost: Keepalive timeout',
    });
    await connection.close();
    await proxy.stop();
  });

  test('an upload that is cut off does not count as whole', async () => {
    const connection = await connect(optionsFor(sshd));
    await connection.shell().run([{ script: 'true' }]);
    const session = sessionOf(connection);
    // A pipe whose reader reads nothing: the upload comes to a stop in the middle.
    const pipe = join(sshd.folder, 'pipe');
    await connection.shell().run([{ script: `mkfifo ${pipe}` }]);
    const reader = spawn('sh', ['-c', `exec 3<${pipe}; sleep 1000`], { stdio: 'ignore', detached: true });
    const upload = failure(connection.shell().upload(Buffer.alloc(5_000_000), pipe));
    await eventually('the receiver', () => withWord('play_script').length > 0);
    process.kill(session, 'SIGKILL');
    expect(await upload).toMatchObject({ name: 'Unreachable', reason: 'link-lost' });
    process.kill(-(reader.pid ?? expect.unreachable('no reader')));
    await connection.close();
  });

  test('closing ends the far shell and what runs in it', async () => {
    const word = unique();
    const connection = await connect(optionsFor(sshd));
    const run = failure(connection.shell().run([{ script: `sleep ${word}` }]));
    await eventually('the job', () => withWord(word).length > 0);
    await connection.close();
    await run;
    await eventually('its end', () => withWord(word).length === 0);
    expect(await connection.lost).toBeUndefined();
  });

  test('a forced command is no shell', async () => {
    const key = makeKey(sshd.folder, 'forced');
    const forced = await startSshd({
      authorizedKeys: [`command="echo only this; exit 3" ${readFileSync(`${key}.pub`, 'utf8').trim()}`],
    });
    expect(await told(hello({ ...optionsFor(forced), privateKeyFile: key }))).toEqual({
      name: 'ShellBroken',
      host: 'web1',
      unreachable: true,
      message: 'logged in, but no POSIX shell came up there (exit code 3)',
      hint: 'The user needs a login shell that can run “sh”: no nologin shell, no forced command (command= in authorized_keys, ForceCommand in sshd_config).',
      details: ['only this'],
    });
    await forced.stop();
  });

  test.skipIf(noUsers !== undefined)('a login shell that is none, and one that chatters', async () => {
    const absent = makeUser({ shell: '/usr/sbin/nologin' });
    const chatty = makeUser({ files: { '.bashrc': 'echo welcome; echo oh no >&2\n' } });
    try {
      expect(await failure(hello({ ...optionsFor(sshd), user: absent.name }))).toMatchObject({
        name: 'ShellBroken',
        details: ['This account is currently not available.'],
      });
      await using connection = await connect({ ...optionsFor(sshd), user: chatty.name });
      const [result] = await connection.shell().run([{ script: 'id -un; echo err >&2' }]);
      expect([result?.stdout.toString(), result?.stderr.toString()]).toEqual([`${chatty.name}\n`, 'err\n']);
      const file = join(chatty.home, 'file');
      await connection.shell().upload(Buffer.alloc(100_000), file);
      expect(readFileSync(file).length).toBe(100_000);
    } finally {
      absent.remove();
      chatty.remove();
    }
  });
});
