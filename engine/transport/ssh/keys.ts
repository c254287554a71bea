import { createPrivateKey, sign } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import type { Secret } from '../../kit/secret.ts';

/** Why a private key file cannot be used. */
export type KeyProblem =
  | 'missing'
  | 'unreadable'
  | 'open-to-others'
  | 'encrypted'
  | 'wrong-passphrase'
  | 'unsupported';

/** A private key file, read. */
export type KeyFile =
  | { readonly kind: 'key'; readonly key: ParsedKey }
  | {
      readonly kind: 'unusable';
      readonly problem: KeyProblem;
      readonly message: string;
      /** The public key, where the file tells it without its passphrase. */
      readonly publicKey?: Buffer;
    };

/** Keys that were decrypted: parsing an encrypted one takes half a second of blocking bcrypt, once a process. */
const usable = new Map<string, KeyFile>();
/** Readings under way, so that many hosts ask for one passphrase once. */
const reading = new Map<string, Promise<KeyFile>>();

const MOST_QUESTIONS = 3;

/** Digest by key type, where the type alone tells it (RSA: the signature algorithm does). RFC 5656, 6.2.1. */
const DIGESTS: Readonly<Record<string, string | undefined>> = {
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
  'ssh-rsa': 'sha1',
  'ssh-ed25519': undefined,
};

/** The same key, signing with a key object made once: ssh2 gives its PEM to OpenSSL anew for each signature (ten times slower). */
function quickSigner(key: ParsedKey): ParsedKey {
  if (!(key.type in DIGESTS)) return key;
  const object = createPrivateKey(key.getPrivatePEM());
  key.sign = (data, digest) => sign(digest ?? DIGESTS[key.type], Buffer.from(data), object);
  return key;
}

/** The public key that an OpenSSH private key file holds in clear (PROTOCOL.key). */
function publicPart(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  try {
    for (let field = 0; field < 3; field++) at += 4 + data.readUInt32BE(at);
    at += 4;
    return data.subarray(at + 4, at + 4 + data.readUInt32BE(at));
  } catch {
    return undefined;
  }
}

function parse(text: string, passphrase: Secret | undefined): KeyFile {
  const key = ssh2.utils.parseKey(text, passphrase?.reveal());
  // ssh2 gives a list for some formats, whatever its types say.
  const one: unknown = Array.isArray(key) ? key[0] : key;
  if (!(one instanceof Error)) {
    const parsed = one as ParsedKey;
    return parsed.isPrivateKey()
      ? { kind: 'key', key: quickSigner(parsed) }
      : { kind: 'unusable', problem: 'unsupported', message: 'it holds no private key' };
  }
  const publicKey = publicPart(text);
  const found = { kind: 'unusable', message: one.message, ...(publicKey && { publicKey }) } as const;
  if (/passphrase/i.test(one.message))
    return { ...found, problem: passphrase === undefined ? 'encrypted' : 'wrong-passphrase' };
  return { ...found, problem: passphrase === undefined ? 'unsupported' : 'wrong-passphrase' };
}

/** Reads a private key file. `ask` is called for the passphrase, up to three times, if one is needed and none is given. */
export async function loadKey(
  path: string,
  passphrase: Secret | undefined,
  ask: (() => Promise<Secret | undefined>) | undefined,
): Promise<KeyFile> {
  let identity: string;
  try {
    const found = await stat(path);
    if (found.uid === process.getuid?.() && (found.mode & 0o077) !== 0) {
      const message = `its mode is 0${(found.mode & 0o777).toString(8)}: others than its owner may use it`;
      return { kind: 'unusable', problem: 'open-to-others', message };
    }
    identity = `${path}\0${found.mtimeMs}\0${found.size}\0${passphrase?.reveal() ?? ''}`;
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  }
  const known = usable.get(identity);
  if (known !== undefined) return known;
  const task = `${identity}\0${ask === undefined}`;
  const result = reading.get(task) ?? read(path, passphrase, ask);
  reading.set(task, result);
  try {
    const file = await result;
    if (file.kind === 'key') usable.set(identity, file);
    return file;
  } finally {
    reading.delete(task);
  }
}

async function read(
  path: string,
  passphrase: Secret | undefined,
  ask: (() => Promise<Secret | undefined>) | undefined,
): Promise<KeyFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  }
  let file = parse(text, undefined);
  if (file.kind === 'key' || file.problem !== 'encrypted') return file;
  if (passphrase !== undefined) return parse(text, passphrase);
  for (let question = 0; ask !== undefined && question < MOST_QUESTIONS; question++) {
    const answer = await ask();
    if (answer === undefined) break;
    file = parse(text, answer);
    if (file.kind === 'key') break;
  }
  return file;
}

function unreadable(error: NodeJS.ErrnoException): KeyFile {
  const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
  return {
    kind: 'unusable',
    problem: missing ? 'missing' : 'unreadable',
    message: missing ? 'there is no such file' : `it cannot be read (${error.code ?? error.message})`,
  };
}
