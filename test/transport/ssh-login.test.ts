import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import {
  type ConnectOptions,
  connect,
  type Question,
  type TransportError,
} from '../../engine/transport/index.ts';
import { fingerprint } from '../../engine/transport/ssh/known-hosts.ts';
import { type Agent, startAgent } from './agent.ts';
import { makeKey, noSshd, type Sshd, startSshd } from './sshd.ts';
import { makeUser, noUsers, type User } from './users.ts';

const PASSPHRASE = 'correct horse';

const publicLine = (key: string): string => readFileSync(`${key}.pub`, 'utf8').trim();
const print = (key: string): string =>
  fingerprint(Buffer.from(publicLine(key).split(' ')[1] ?? '', 'base64'));

/** Connects, runs one job and closes; what the job wrote. */
async function who(options: ConnectOptions): Promise<string> {
  await using connection = await connect(options);
  const [result] = await connection.shell().run([{ script: 'id -un' }]);
  return result?.stdout.toString().trim() ?? '';
}

/** What a refused connection says to people. */
async function refusal(options: ConnectOptions): Promise<unknown> {
  const error: TransportError = await who(options).then(
    () => expect.unreachable('it was let in'),
    (reason: TransportError) => reason,
  );
  const { name, code, host, unreachable, message, hint, details } = error;
  return { name, code, host, unreachable, message, hint, details };
}

describe.skipIf(noSshd !== undefined)(`logging in by ssh${noSshd === undefined ? '' : `: ${noSshd}`}`, () => {
  let sshd: Sshd;
  let agent: Agent;
  let base: ConnectOptions;
  let locked: string;
  let stranger: string;
  /** An ssh_config that names the agent. */
  let agentConfig: string;

  beforeAll(async () => {
    sshd = await startSshd();
    const { folder } = sshd;
    agent = await startAgent(folder);
    locked = makeKey(folder, 'locked', 'ed25519', PASSPHRASE);
    stranger = makeKey(folder, 'stranger');
    const keys = [locked, makeKey(folder, 'rsa', 'rsa'), makeKey(folder, 'ecdsa', 'ecdsa')];
    writeFileSync(
      join(folder, 'authorized_keys'),
      [sshd.userKey, ...keys].map(key => `${publicLine(key)}\n`).join(''),
    );
    agentConfig = join(folder, 'agent_config');
    writeFileSync(agentConfig, `IdentityAgent ${agent.socket}\nIdentityFile ${folder}/none\n`);
    base = {
      name: 'web1',
      transport: 'ssh',
      address: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      knownHostsFile: sshd.knownHostsFile,
      hostKeyChecking: 'strict',
      sshConfigFile: false,
    };
  });
  afterAll(async () => {
    agent.stop();
    await sshd.stop();
  });

  test.each(['user', 'rsa', 'ecdsa'])('with a key in a file (%s)', async name => {
    expect(await who({ ...base, privateKeyFile: join(sshd.folder, name) })).toBe(sshd.user);
  });

  test('connecting and the first jobs are two round trips', async () => {
    await using connection = await connect({ ...base, privateKeyFile: sshd.userKey });
    expect(connection.roundTrips).toBe(1);
    const shell = connection.shell();
    await shell.run([{ script: 'true' }, { script: 'true' }]);
    expect([connection.roundTrips, shell.roundTrips]).toEqual([2, 2]);
    expect(shell.hello).toEqual({ user: sshd.user, home: process.env['HOME'], pid: expect.any(Number) });
  });

  test('a refused key', async () => {
    expect(await refusal({ ...base, privateKeyFile: stranger })).toEqual({
      name: 'AuthenticationRefused',
      code: 'authentication-refused',
      host: 'web1',
      unreachable: true,
      message: `127.0.0.1:${sshd.port} does not let ${sshd.user} in`,
      hint: `Check the user (ansible_user), and that the user's ~/.ssh/authorized_keys on the host holds one of the keys; or name another key (ansible_ssh_private_key_file).`,
      details: [`tried: key ${stranger} (${print(stranger)})`, 'the host takes: publickey'],
    });
  });

  test('nothing to offer', async () => {
    const config = join(sshd.folder, 'nothing');
    writeFileSync(config, `IdentityAgent none\nIdentityFile ${sshd.folder}/none\n`);
    expect(await refusal({ ...base, sshConfigFile: config })).toMatchObject({
      name: 'AuthenticationRefused',
      details: ['tried: nothing: there was no key, agent or password to offer'],
    });
  });

  test('keys that cannot be used are told before connecting', async () => {
    const open = makeKey(sshd.folder, 'open');
    chmodSync(open, 0o644);
    const garbage = join(sshd.folder, 'garbage');
    writeFileSync(garbage, 'not a key\n', { mode: 0o600 });
    const nowhere = { ...base, port: 1 };
    const said = async (options: Partial<ConnectOptions>): Promise<unknown> => {
      const told = await refusal({ ...nowhere, ...options });
      expect(told).toMatchObject({ name: 'KeyUnusable', host: 'web1' });
      return (told as TransportError).message;
    };
    expect(await said({ privateKeyFile: '/no/key' })).toBe(
      'the private key /no/key cannot be used: there is no such file',
    );
    expect(await said({ privateKeyFile: open })).toBe(
      `the private key ${open} cannot be used: its mode is 0644: others than its owner may use it`,
    );
    expect(await said({ privateKeyFile: garbage })).toBe(
      `the private key ${garbage} cannot be used: Unsupported key format`,
    );
    expect(await said({ privateKeyFile: locked })).toBe(
      `the private key ${locked} cannot be used: it is encrypted, and its passphrase is not known`,
    );
    expect(await said({ privateKeyFile: locked, privateKeyPassphrase: new Secret('wrong') })).toBe(
      `the private key ${locked} cannot be used: its passphrase is another one`,
    );
  });

  test('with an encrypted key and its passphrase', async () => {
    const options = { ...base, privateKeyFile: locked, privateKeyPassphrase: new Secret(PASSPHRASE) };
    expect(await who(options)).toBe(sshd.user);
  });

  test('a passphrase is asked for once, however many hosts need the key', async () => {
    const questions: Question[] = [];
    const answers = ['wrong', PASSPHRASE];
    const options: ConnectOptions = {
      ...base,
      privateKeyFile: locked,
      prompt: async question => {
        questions.push(question);
        return new Secret(answers.shift() ?? '');
      },
    };
    expect(await Promise.all([who(options), who({ ...options, name: 'web2' }), who(options)])).toEqual(
      Array(3).fill(sshd.user),
    );
    expect(await who(options)).toBe(sshd.user);
    // Whichever host comes first asks, for all of them.
    expect(questions).toEqual(
      Array(2).fill({
        host: expect.stringMatching(/^web[12]$/),
        prompt: `Passphrase of ${locked}: `,
        echo: false,
      }),
    );
  });

  test('nobody answers for the passphrase', async () => {
    const other = makeKey(sshd.folder, 'other', 'ed25519', PASSPHRASE);
    const told = await refusal({ ...base, privateKeyFile: other, prompt: async () => undefined });
    expect(told).toMatchObject({
      name: 'KeyUnusable',
      hint: `Add it to an agent (ssh-add ${other}), or run where the passphrase can be asked for.`,
    });
  });

  test('with an agent', async () => {
    expect(await refusal({ ...base, sshConfigFile: agentConfig })).toMatchObject({
      name: 'AuthenticationRefused',
    });
    agent.add(stranger);
    agent.add(join(sshd.folder, 'rsa'));
    expect(await who({ ...base, sshConfigFile: agentConfig })).toBe(sshd.user);
  });

  test('with an encrypted key that the agent holds', async () => {
    agent.add(locked, PASSPHRASE);
    const copy = join(sshd.folder, 'locked-copy');
    writeFileSync(copy, readFileSync(locked), { mode: 0o600 });
    expect(await who({ ...base, privateKeyFile: copy, sshConfigFile: agentConfig })).toBe(sshd.user);
  });

  test('IdentitiesOnly keeps the agent’s other keys back', async () => {
    const config = join(sshd.folder, 'only');
    writeFileSync(config, `IdentityAgent ${agent.socket}\nIdentitiesOnly yes\nIdentityFile ${stranger}\n`);
    expect(await refusal({ ...base, sshConfigFile: config })).toMatchObject({
      details: [`tried: agent: stranger (${print(stranger)})`],
    });
  });

  test('more keys than the server lets us try', async () => {
    const strict = await startSshd({ config: ['MaxAuthTries 2'] });
    const full = await startAgent(strict.folder);
    for (const name of ['a', 'b', 'c']) full.add(makeKey(strict.folder, name));
    const config = join(strict.folder, 'full_config');
    writeFileSync(config, `IdentityAgent ${full.socket}\nIdentityFile ${strict.folder}/none\n`);
    const options = {
      ...base,
      port: strict.port,
      knownHostsFile: strict.knownHostsFile,
      sshConfigFile: config,
    };
    expect(await refusal(options)).toMatchObject({ name: 'AuthenticationRefused' });
    full.stop();
    await strict.stop();
  });

  test('an agent that is gone is as none', async () => {
    const config = join(sshd.folder, 'gone');
    writeFileSync(config, `IdentityAgent ${sshd.folder}/no-agent\nIdentityFile ${sshd.userKey}\n`);
    expect(await who({ ...base, sshConfigFile: config })).toBe(sshd.user);
  });

  test('without what relies on ssh2’s insides', async () => {
    const { vi } = await import('vitest');
    vi.resetModules();
    vi.stubEnv('PLAY_SSH2_PRIVATE', 'off');
    const plain = await import('../../engine/transport/index.ts');
    vi.unstubAllEnvs();
    for (const key of ['user', 'rsa', 'ecdsa']) {
      await using connection = await plain.connect({ ...base, privateKeyFile: join(sshd.folder, key) });
      const [result] = await connection.shell().run([{ script: 'cat', stdin: 'x'.repeat(60_000) }]);
      expect(result?.stdout.length).toBe(60_000);
    }
  });
});

describe.skipIf((noSshd ?? noUsers) !== undefined)(
  `logging in by password${noUsers === undefined ? '' : `: ${noUsers}`}`,
  () => {
    const PASSWORD = 'p4ss "word"';
    let user: User;
    const servers: Sshd[] = [];
    beforeAll(() => {
      user = makeUser({ password: PASSWORD });
    });
    afterAll(async () => {
      await Promise.all(servers.map(server => server.stop()));
      user.remove();
    });

    async function options(...config: string[]): Promise<ConnectOptions> {
      const sshd = await startSshd({ config });
      servers.push(sshd);
      return {
        name: 'web1',
        transport: 'ssh',
        address: '127.0.0.1',
        port: sshd.port,
        user: user.name,
        knownHostsFile: sshd.knownHostsFile,
        hostKeyChecking: 'strict',
        sshConfigFile: false,
      };
    }

    test('the password method', async () => {
      const base = await options('PasswordAuthentication yes');
      expect(await who({ ...base, password: new Secret(PASSWORD) })).toBe(user.name);
      expect(await refusal({ ...base, password: new Secret('wrong one') })).toMatchObject({
        name: 'AuthenticationRefused',
        details: ['tried: password', 'the host takes: publickey, password'],
      });
    });

    test('a password that the person types', async () => {
      const base = await options('PasswordAuthentication yes');
      const asked: string[] = [];
      const prompt = async ({ prompt }: Question): Promise<Secret> => {
        asked.push(prompt);
        return new Secret(PASSWORD);
      };
      expect(await who({ ...base, prompt })).toBe(user.name);
      expect(asked).toEqual([`${user.name}@127.0.0.1's password: `]);
    });

    test('keyboard-interactive', async () => {
      const base = await options('UsePAM yes', 'KbdInteractiveAuthentication yes');
      expect(await who({ ...base, password: new Secret(PASSWORD) })).toBe(user.name);
      const asked: Question[] = [];
      const prompt = async (question: Question): Promise<Secret> => {
        asked.push(question);
        return new Secret(PASSWORD);
      };
      expect(await who({ ...base, prompt })).toBe(user.name);
      expect(asked).toEqual([{ host: 'web1', prompt: expect.stringMatching(/password: $/i), echo: false }]);
    });

    test.each(['publickey,password', 'password,publickey'])('two factors, %s', async methods => {
      const base = await options('PasswordAuthentication yes', `AuthenticationMethods ${methods}`);
      const key = servers.at(-1)?.userKey ?? '';
      expect(await who({ ...base, privateKeyFile: key, password: new Secret(PASSWORD) })).toBe(user.name);
      expect(await refusal({ ...base, privateKeyFile: key })).toMatchObject({
        name: 'AuthenticationRefused',
      });
    });
  },
);
