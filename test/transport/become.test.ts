import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import {
  type Become,
  type Connection,
  type ConnectOptions,
  connect,
  type TransportError,
} from '../../engine/transport/index.ts';
import { processes, withWord } from './processes.ts';
import { noSshd, type Sshd, startSshd } from './sshd.ts';
import { makeUser, noSudo, type User, type UserOptions } from './users.ts';

const why = noSshd ?? noSudo;
const PASSWORD = `p4ss 'word' "$`;

describe.skipIf(why !== undefined)(`becoming another user${why === undefined ? '' : `: ${why}`}`, () => {
  let sshd: Sshd;
  const open: { user?: User; connection?: Connection } = {};

  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  afterEach(async () => {
    await open.connection?.close();
    open.user?.remove();
    delete open.connection;
    delete open.user;
  });

  async function asUser(options: UserOptions): Promise<Connection> {
    open.user = makeUser(options);
    const to: ConnectOptions = {
      name: 'web1',
      transport: 'ssh',
      address: '127.0.0.1',
      port: sshd.port,
      user: open.user.name,
      privateKeyFile: sshd.userKey,
      knownHostsFile: sshd.knownHostsFile,
      sshConfigFile: false,
    };
    open.connection = await connect(to);
    return open.connection;
  }

  async function who(connection: Connection, become?: Become): Promise<string> {
    const [result] = await connection.shell(become).run([{ script: 'echo "$(id -un) $HOME $LOGNAME"' }]);
    return result?.stdout.toString() ?? '';
  }

  async function refusal(connection: Connection, become: Become): Promise<unknown> {
    const error: TransportError = await who(connection, become).then(
      () => expect.unreachable('it was allowed'),
      (reason: TransportError) => reason,
    );
    const { name, code, host, unreachable, message, hint, details } = error;
    return { name, code, host, unreachable, message, hint, details };
  }

  const root: Become = { method: 'sudo', user: 'root' };
  const withPassword: Become = { ...root, password: new Secret(PASSWORD) };

  test('sudo without a password', async () => {
    const connection = await asUser({ sudoers: ['USER ALL=(ALL) NOPASSWD: ALL'] });
    expect(await who(connection, root)).toBe('root /root root\n');
    expect(await who(connection)).toMatch(/^play-/);
    expect(connection.shell(root)).toBe(connection.shell({ ...root }));
    // One for connecting, one for each user's first job.
    expect(connection.roundTrips).toBe(3);
    expect(await who(connection, { ...root, user: 'nobody' })).toMatch(/^nobody /);
  });

  test('a password that sudo does not ask for is not taken for a command', async () => {
    const connection = await asUser({ sudoers: ['USER ALL=(ALL) NOPASSWD: ALL'] });
    const [result] = await connection.shell(withPassword).run([{ script: 'id -un' }]);
    expect([result?.stdout.toString(), result?.stderr.toString()]).toEqual(['root\n', '']);
  });

  test('sudo with a password, which no process shows', async () => {
    const connection = await asUser({ password: PASSWORD, sudoers: ['USER ALL=(ALL) ALL'] });
    const seen: string[] = [];
    const look = setInterval(() => seen.push(...processes().map(one => one.command)), 2);
    expect(await who(connection, withPassword)).toBe('root /root root\n');
    clearInterval(look);
    expect(seen.some(command => command.includes('sudo -S'))).toBe(true);
    expect(seen.filter(command => command.includes('p4ss'))).toEqual([]);
  });

  test('uploads are the other user’s, with and without a password', async () => {
    const connection = await asUser({ password: PASSWORD, sudoers: ['USER ALL=(ALL) ALL'] });
    const content = Buffer.alloc(300_000, 'abc\0');
    const file = `${open.user?.home}/upload`;
    await connection.shell(withPassword).upload(content, file);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(statSync(file)).toMatchObject({ uid: 0 });
    const [result] = await connection.shell(withPassword).run([{ script: 'wc -c', stdin: content }]);
    expect(result?.stdout.toString().trim()).toBe('300000');
  });

  test('a stopped job of the other user is gone', async () => {
    const connection = await asUser({ sudoers: ['USER ALL=(ALL) NOPASSWD: ALL'] });
    const word = `5${Math.floor(Math.random() * 1e9)}`;
    const [result] = await connection.shell(root).run([{ script: `sleep ${word}`, timeoutSeconds: 0.5 }]);
    expect(result?.timedOut).toBe(true);
    expect(withWord(word)).toEqual([]);
  });

  test('more users than channels: idle ones make room', async () => {
    const connection = await asUser({ sudoers: ['USER ALL=(ALL) NOPASSWD: ALL'] });
    const users = ['root', 'nobody', 'daemon', 'bin', 'sys', 'games'];
    for (const round of [1, 2]) {
      const seen = [];
      for (const user of users) seen.push((await who(connection, { method: 'sudo', user })).split(' ')[0]);
      expect([round, seen]).toEqual([round, users]);
    }
    const together = users.map(user => who(connection, { method: 'sudo', user }));
    expect((await Promise.all(together)).map(line => line.split(' ')[0])).toEqual(users);
  });

  test('a wrong password', async () => {
    const connection = await asUser({ password: 'another', sudoers: ['USER ALL=(ALL) ALL'] });
    expect(await refusal(connection, withPassword)).toEqual({
      name: 'SudoPasswordWrong',
      code: 'sudo-password-wrong',
      host: 'web1',
      unreachable: false,
      message: 'sudo does not take the password for becoming root',
      hint: 'Give the right one: ansible_become_password in the inventory (in a vault), or -K to be asked for it.',
      details: [],
    });
  });

  test('a wrong password where only one try is allowed', async () => {
    const connection = await asUser({
      password: 'another',
      sudoers: ['Defaults:USER passwd_tries=1', 'USER ALL=(ALL) ALL'],
    });
    expect(await refusal(connection, withPassword)).toMatchObject({ name: 'SudoPasswordWrong', details: [] });
  });

  test('a password is needed', async () => {
    const connection = await asUser({ password: PASSWORD, sudoers: ['USER ALL=(ALL) ALL'] });
    expect(await refusal(connection, root)).toEqual({
      name: 'SudoPasswordNeeded',
      code: 'sudo-password-needed',
      host: 'web1',
      unreachable: false,
      message: 'sudo asks for a password to become root',
      hint: 'Give it: ansible_become_password in the inventory (in a vault), or -K to be asked for it; or allow it without (NOPASSWD in sudoers).',
      details: ['sudo: a password is required'],
    });
  });

  test('not in the sudoers', async () => {
    const connection = await asUser({ password: PASSWORD });
    expect(await refusal(connection, withPassword)).toEqual({
      name: 'SudoDenied',
      code: 'sudo-denied',
      host: 'web1',
      unreachable: false,
      message: 'sudo does not let this user become root',
      hint: "Allow it in the host's sudoers, or connect as a user who may (ansible_user).",
      details: [`${open.user?.name} is not in the sudoers file.`],
    });
  });

  test('not for that user, and a user that is not there', async () => {
    const connection = await asUser({ sudoers: ['USER ALL=(nobody) NOPASSWD: ALL'] });
    expect(await refusal(connection, { ...root, user: 'daemon' })).toMatchObject({
      name: expect.stringMatching(/^Sudo/),
    });
    expect(await refusal(connection, { ...root, user: 'no-such-user' })).toMatchObject({
      name: 'SudoDenied',
      details: expect.arrayContaining([expect.stringContaining('no-such-user')]),
    });
    expect(await who(connection, { ...root, user: 'nobody' })).toMatch(/^nobody /);
  });

  test('a terminal is required', async () => {
    const connection = await asUser({
      sudoers: ['Defaults:USER requiretty', 'USER ALL=(ALL) NOPASSWD: ALL'],
    });
    expect(await refusal(connection, root)).toMatchObject({
      name: 'SudoDenied',
      message: 'sudo on the host works from a terminal only',
      hint: `Remove “requiretty” for this user from the host's sudoers (visudo: Defaults:USER !requiretty).`,
    });
  });

  test('there is no sudo', async () => {
    const connection = await asUser({
      files: {
        '.bashrc': 'PATH=/nowhere\nenv() { /usr/bin/env PATH=/nowhere "$@"; }\nexec() { /usr/bin/"$@"; }\n',
      },
    });
    expect(await refusal(connection, root)).toMatchObject({
      name: 'SudoMissing',
      message: 'there is no sudo on the host',
      hint: 'Install sudo there, connect as root (ansible_user), or set ansible_become_method.',
    });
  });

  test('su with the other user’s password', async () => {
    const other = makeUser({ password: PASSWORD });
    try {
      const connection = await asUser({});
      const su: Become = { method: 'su', user: other.name, password: new Secret(PASSWORD) };
      expect(await who(connection, su)).toMatch(new RegExp(`^${other.name} `));
      const wrong = { ...su, user: 'root', password: new Secret('wrong') };
      expect(await refusal(connection, wrong)).toMatchObject({
        name: 'SudoPasswordWrong',
        message: 'su does not take the password for becoming root',
      });
      expect(await refusal(connection, { method: 'su', user: 'root' })).toMatchObject({
        name: 'SudoPasswordNeeded',
      });
    } finally {
      other.remove();
    }
  });

  test('root by su needs no password', async () => {
    await using connection = await connect({ name: 'here', transport: 'local' });
    const user = makeUser();
    try {
      expect(await who(connection, { method: 'su', user: user.name })).toMatch(new RegExp(`^${user.name} `));
    } finally {
      user.remove();
    }
  });

  test('the login shell and its language do not matter', async () => {
    const connection = await asUser({
      sudoers: ['USER ALL=(ALL) ALL'],
      files: { '.bashrc': 'export LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LANGUAGE=de\n' },
    });
    expect(await refusal(connection, root)).toMatchObject({ name: 'SudoPasswordNeeded' });
    expect(execFileSync('id', ['-un']).toString()).toBe('root\n');
  });
});
