import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { hostLayout, layoutOf } from './layout.ts';
import { removeFolder } from './mounts.ts';

/** The host keys that Debian's openssh-server makes. */
const hostKeyTypes = ['rsa', 'ecdsa', 'ed25519'] as const;

/** Makes the key pair that logs in to a lab's hosts, unless it is there. */
export async function makeLabKey(name: string): Promise<void> {
  const { privateKey, publicKey } = layoutOf(name);
  if (existsSync(privateKey) && existsSync(publicKey)) return;
  await run(['rm', '-f', privateKey, publicKey]);
  await generate('ed25519', privateKey, `play lab ${name}`);
}

/** Makes a host's ssh host keys, unless they are there: before its first boot, so that it is known before the first connection. */
export async function makeHostKeys(name: string, host: string): Promise<void> {
  const { keys } = hostLayout(name, host);
  if (existsSync(keys)) return;
  const building = `${keys}.building`;
  await removeFolder(building);
  mkdirSync(building, { recursive: true, mode: 0o700 });
  await Promise.all(
    hostKeyTypes.map(type => generate(type, join(building, `ssh_host_${type}_key`), `root@${host}`)),
  );
  renameSync(building, keys);
}

async function generate(type: string, file: string, comment: string): Promise<void> {
  await run(['ssh-keygen', '-q', '-t', type, '-N', '', '-C', comment, '-f', file]);
}

/** The host key files of a host: file name to content. */
export function hostKeysOf(name: string, host: string): ReadonlyMap<string, string> {
  const { keys } = hostLayout(name, host);
  return new Map(readdirSync(keys).map(file => [file, readFileSync(join(keys, file), 'utf8')]));
}

/** The public host keys of a host, one line each; none where they are not made yet. */
export function publicHostKeysOf(name: string, host: string): readonly string[] {
  if (!existsSync(hostLayout(name, host).keys)) return [];
  return [...hostKeysOf(name, host)].filter(([file]) => file.endsWith('.pub')).map(([, content]) => content);
}
