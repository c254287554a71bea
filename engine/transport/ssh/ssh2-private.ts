import type { Client, ParsedKey } from 'ssh2';

/**
 * All that relies on ssh2's insides (1.17), for fewer round trips. Everything works without it: PLAY_SSH2_PRIVATE=off turns it
 * off, and so does an ssh2 whose insides look otherwise.
 */
const ALLOWED = process.env['PLAY_SSH2_PRIVATE'] !== 'off';

type Sign = (data: Buffer, done: (signature: Buffer) => void) => void;
type AuthenticateByKey = (user: string, key: ParsedKey, algorithm?: string | Sign, sign?: Sign) => void;

/** What of ssh2's Client is used here. */
interface Insides {
  readonly _protocol?: { authPK?: AuthenticateByKey };
  _remoteVer?: string | undefined;
}

/** RFC 8332: the digest belongs to the signature's algorithm, not to the key. */
const RSA_DIGESTS: Readonly<Record<string, string>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
  'ssh-rsa': 'sha1',
};

/** Call right after `connect`: saves a round trip in authentication, and a signature or three of the server. */
export function hasten(client: Client): void {
  if (!ALLOWED) return;
  // ssh2's types have only its public side.
  const insides = client as unknown as Insides;
  signAtOnce(insides);
  skipHostKeyProofs(client, insides);
}

/** A key in memory signs without asking first whether the server would take it. */
function signAtOnce(insides: Insides): void {
  const protocol = insides._protocol;
  const original = protocol?.authPK;
  if (protocol === undefined || typeof original !== 'function') return;
  protocol.authPK = (user, key, algorithm, sign) => {
    const isQuestion = sign === undefined && typeof algorithm !== 'function';
    if (!isQuestion || typeof key.sign !== 'function' || !key.isPrivateKey())
      return original.call(protocol, user, key, algorithm, sign);
    const digest = algorithm === undefined ? undefined : RSA_DIGESTS[algorithm];
    const signNow: Sign = (data, done) => done(key.sign(data, digest));
    original.call(protocol, user, key, algorithm, signNow);
  };
}

/** OpenSSH announces all of its host keys, and ssh2 has each of them proved, on every connection, for an event that we do not use. */
function skipHostKeyProofs(client: Client, insides: Insides): void {
  client.once('handshake', () => {
    insides._remoteVer = '';
  });
}
