import type { ParsedKey } from 'ssh2';
import type { Secret } from '../../kit/secret.ts';
import { KeyUnusable } from '../errors.ts';
import type { ConnectOptions } from '../options.ts';
import { agentKeys, SelectiveAgent } from './agent.ts';
import { type KeyFile, type KeyProblem, loadKey } from './keys.ts';
import { fingerprint } from './known-hosts.ts';
import type { Target } from './target.ts';

/** One way to prove who we are; `label` is how messages list it. */
export type Attempt = { readonly label: string } & (
  | { readonly method: 'publickey'; readonly key: ParsedKey }
  | { readonly method: 'publickey'; readonly agent: SelectiveAgent }
  | { readonly method: 'password' | 'keyboard-interactive'; readonly password: Secret | undefined }
);

/** Asks the person; pauses the clock. */
export type AskPerson = (prompt: string, echo: boolean) => Promise<Secret | undefined>;

const WAYS_OUT: Readonly<Record<KeyProblem, string>> = {
  missing: 'Check ansible_ssh_private_key_file.',
  unreadable: 'Check the owner and mode of the file.',
  'open-to-others': 'Give it mode 0600 (chmod 600 FILE): ssh refuses such keys too.',
  encrypted: 'Add it to an agent (ssh-add FILE), or run where the passphrase can be asked for.',
  'wrong-passphrase': 'Check the passphrase (ssh-keygen -y -f FILE asks for it).',
  unsupported: 'For FIDO keys (sk-…) and certificates set ansible_connection: openssh.',
};

const keyLabel = (path: string, key: ParsedKey): string => `key ${path} (${fingerprint(key.getPublicSSH())})`;

async function identities(target: Target): Promise<readonly ParsedKey[]> {
  if (target.agentSocket === undefined) return [];
  // An agent that is gone is as none: many shells keep a stale SSH_AUTH_SOCK.
  return agentKeys(target.agentSocket).catch(() => []);
}

/** The key that was asked for by name, usable, or with the agent that has it; undefined if none was. Throws KeyUnusable. */
export async function namedKey(
  target: Target,
  options: ConnectOptions,
  ask: AskPerson | undefined,
): Promise<Attempt | undefined> {
  const path = target.keyFile;
  if (path === undefined) return undefined;
  const file = await loadKey(path, options.privateKeyPassphrase, undefined);
  if (file.kind === 'key') return { method: 'publickey', key: file.key, label: keyLabel(path, file.key) };
  if (file.problem === 'encrypted') {
    const held = await heldByAgent(target, file);
    if (held !== undefined) return held;
    const opened = ask && (await loadKey(path, undefined, () => ask(`Passphrase of ${path}: `, false)));
    if (opened?.kind === 'key')
      return { method: 'publickey', key: opened.key, label: keyLabel(path, opened.key) };
    throw unusable(target, path, opened ?? file);
  }
  throw unusable(target, path, file);
}

function unusable(target: Target, path: string, file: KeyFile & { kind: 'unusable' }): KeyUnusable {
  const because =
    file.problem === 'encrypted'
      ? 'it is encrypted, and its passphrase is not known'
      : file.problem === 'wrong-passphrase'
        ? 'its passphrase is another one'
        : file.message;
  return new KeyUnusable(target.label, `the private key ${path} cannot be used: ${because}`, {
    hint: WAYS_OUT[file.problem].replace('FILE', path),
  });
}

async function heldByAgent(
  target: Target,
  file: KeyFile & { kind: 'unusable' },
): Promise<Attempt | undefined> {
  const { publicKey } = file;
  if (publicKey === undefined) return undefined;
  const key = (await identities(target)).find(one => one.getPublicSSH().equals(publicKey));
  if (key === undefined || target.agentSocket === undefined) return undefined;
  return {
    method: 'publickey',
    agent: new SelectiveAgent(target.agentSocket, [key]),
    label: `agent: ${keyLabel(target.keyFile ?? key.comment, key)}`,
  };
}

/**
 * The ways to try, in order: what was asked for by name, the password, the agent's keys, the usual key files, and, where a
 * person is there, questions. Lazy: each is prepared when those before it were refused.
 */
export async function* attempts(
  target: Target,
  options: ConnectOptions,
  named: Attempt | undefined,
  ask: AskPerson | undefined,
): AsyncGenerator<Attempt> {
  if (named !== undefined) yield named;
  if (options.password !== undefined) {
    yield { method: 'password', password: options.password, label: 'password' };
    yield {
      method: 'keyboard-interactive',
      password: options.password,
      label: 'keyboard-interactive (the password)',
    };
  }
  const files = await Promise.all(
    target.defaultKeyFiles.map(async path => ({ path, file: await loadKey(path, undefined, undefined) })),
  );
  const seen = named !== undefined && 'key' in named ? [named.key.getPublicSSH()] : [];
  const wanted = files.flatMap(({ file }) => publicKeyOf(file));
  const offered = (await identities(target)).filter(
    key =>
      !seen.some(tried => tried.equals(key.getPublicSSH())) &&
      (!target.identitiesOnly || wanted.some(one => one.equals(key.getPublicSSH()))),
  );
  if (target.agentSocket !== undefined && offered.length > 0) {
    const list = offered
      .map(key => `${key.comment || key.type} (${fingerprint(key.getPublicSSH())})`)
      .join(', ');
    yield {
      method: 'publickey',
      agent: new SelectiveAgent(target.agentSocket, offered),
      label: `agent: ${list}`,
    };
    seen.push(...offered.map(key => key.getPublicSSH()));
  }
  for (const { path, file } of files) {
    if (publicKeyOf(file).some(key => seen.some(tried => tried.equals(key)))) continue;
    const encrypted = file.kind === 'unusable' && file.problem === 'encrypted';
    const opened =
      encrypted && ask ? await loadKey(path, undefined, () => ask(`Passphrase of ${path}: `, false)) : file;
    if (opened.kind === 'key')
      yield { method: 'publickey', key: opened.key, label: keyLabel(path, opened.key) };
  }
  if (ask === undefined) return;
  yield { method: 'keyboard-interactive', password: undefined, label: 'keyboard-interactive' };
  const password = await ask(`${target.user}@${target.address}'s password: `, false);
  if (password !== undefined) yield { method: 'password', password, label: 'password' };
}

function publicKeyOf(file: KeyFile): Buffer[] {
  if (file.kind === 'key') return [file.key.getPublicSSH()];
  return file.publicKey === undefined ? [] : [file.publicKey];
}
