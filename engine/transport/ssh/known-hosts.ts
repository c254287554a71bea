import { createHash, createHmac } from 'node:crypto';
import { matchesPatternList } from './pattern.ts';

/** One line of a known_hosts file, as sshd(8), “SSH_KNOWN_HOSTS FILE FORMAT”, has it. */
export interface KnownHost {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: '' | '@revoked' | '@cert-authority';
  /** Plain name patterns, or one hashed name. */
  readonly names: readonly string[];
  readonly type: string;
  /** The key itself, as it goes over the wire. */
  readonly key: Buffer;
}

/** The key's fingerprint as OpenSSH shows it: `SHA256:…`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a public key names itself: its first field. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/** The name under which a host and port stand in known_hosts. */
export function knownHostName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Reads a known_hosts file. Lines that are no entries are passed over, as OpenSSH does. */
export function parseKnownHosts(file: string, text: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/[ \t]+/);
    if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) return [];
    const marker = words[0].startsWith('@') ? words.shift() : '';
    if (marker !== '' && marker !== '@revoked' && marker !== '@cert-authority') return [];
    const [names, type, encoded] = words;
    if (names === undefined || type === undefined || encoded === undefined) return [];
    const key = Buffer.from(encoded, 'base64');
    if (keyType(key) !== type) return [];
    return [{ file, line: index + 1, marker, names: names.split(','), type, key }];
  });
}

/** Whether a hashed name, `|1|SALT|HASH`, is this name: HMAC-SHA1 of the name under the salt. */
function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/** The entries of known_hosts files, indexed once for many hosts. */
export class KnownHosts {
  readonly #plain = new Map<string, KnownHost[]>();
  /** Those whose names have wildcards, negations, or are hashed. */
  readonly #others: KnownHost[] = [];

  constructor(entries: readonly KnownHost[]) {
    for (const entry of entries) this.add(entry);
  }

  add(entry: KnownHost): void {
    if (entry.names.some(name => /[*?!|]/.test(name))) {
      this.#others.push(entry);
      return;
    }
    for (const name of entry.names) {
      const key = name.toLowerCase();
      const there = this.#plain.get(key);
      if (there === undefined) this.#plain.set(key, [entry]);
      else there.push(entry);
    }
  }

  /** All entries for a name (from `knownHostName`), revoked keys and certificate authorities included. */
  find(name: string): readonly KnownHost[] {
    const others = this.#others.filter(entry =>
      entry.names[0]?.startsWith('|')
        ? matchesHash(entry.names[0], name)
        : matchesPatternList(name, entry.names),
    );
    return [...(this.#plain.get(name) ?? []), ...others];
  }
}
