import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const SSHD = '/usr/sbin/sshd';

/** Why tests against a real sshd cannot run here; undefined if they can. */
export const noSshd: string | undefined = !existsSync(SSHD)
  ? `there is no ${SSHD} (apt-get install openssh-server)`
  : process.getuid?.() !== 0
    ? 'sshd lets others than root in only when root started it'
    : undefined;

/** One host key of a test server. */
export interface HostKey {
  readonly type: 'ed25519' | 'ecdsa' | 'rsa';
  /** The private key; the public one is beside it with `.pub`. */
  readonly file: string;
  /** `ssh-ed25519 AAAA…`, as known_hosts has it behind the name. */
  readonly publicKey: string;
}

export interface SshdOptions {
  /** Types of the host keys; ed25519 alone by default. */
  readonly hostKeyTypes?: readonly HostKey['type'][];
  /** Further lines of sshd_config; the first value of a keyword counts, so these overrule the defaults. */
  readonly config?: readonly string[];
  /** Further public keys (whole lines, options included) that let the user in. */
  readonly authorizedKeys?: readonly string[];
}

/** A real sshd on loopback, with keys and files of its own. */
export interface Sshd {
  readonly port: number;
  readonly user: string;
  readonly hostKeys: readonly HostKey[];
  /** Holds the host keys under `[127.0.0.1]:PORT`. */
  readonly knownHostsFile: string;
  /** A private key that lets the user in. */
  readonly userKey: string;
  /** Everything of the server is in this folder, which goes with it; tests may put their files here. */
  readonly folder: string;
  /** Process id of the listening sshd. */
  readonly pid: number;
  /** What sshd logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Makes a key pair without a passphrase unless one is given; returns the private key's path. */
export function makeKey(folder: string, name: string, type = 'ed25519', passphrase = ''): string {
  const file = join(folder, name);
  const args = ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', file];
  execFileSync('ssh-keygen', type === 'rsa' ? [...args, '-b', '2048'] : args);
  return file;
}

/** A port of loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(),
      );
    });
  });
}

async function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts an sshd that lets in the user who runs the tests. Stop it when done. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'play-sshd-'));
  // sshd reads authorized_keys as the user who logs in.
  chmodSync(folder, 0o755);
  // sshd insists on its privilege separation folder.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const hostKeys = (options.hostKeyTypes ?? (['ed25519'] as const)).map((type): HostKey => {
    const file = makeKey(folder, `host_${type}`, type);
    const [name, key] = readFileSync(`${file}.pub`, 'utf8').split(' ');
    return { type, file, publicKey: `${name} ${key}` };
  });
  const userKey = makeKey(folder, 'user');
  const knownHostsFile = join(folder, 'known_hosts');
  writeFileSync(knownHostsFile, hostKeys.map(key => `[127.0.0.1]:${port} ${key.publicKey}\n`).join(''));
  const authorized = [readFileSync(`${userKey}.pub`, 'utf8').trim(), ...(options.authorizedKeys ?? [])];
  writeFileSync(join(folder, 'authorized_keys'), `${authorized.join('\n')}\n`);
  const config = [
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map(key => `HostKey ${key.file}`),
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/pid`,
    'StrictModes no',
    'PermitRootLogin yes',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PrintMotd no',
    'LogLevel VERBOSE',
  ];
  writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  const child = spawn(SSHD, ['-D', '-E', join(folder, 'log'), '-f', join(folder, 'sshd_config')], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const log = (): string =>
    existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
  const started = Date.now();
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() - started > 10_000)
      throw new Error(`sshd did not start:\n${log()}`);
    await pause(20);
  }
  return {
    port,
    user: userInfo().username,
    hostKeys,
    knownHostsFile,
    userKey,
    folder,
    pid: child.pid ?? 0,
    log,
    stop: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
