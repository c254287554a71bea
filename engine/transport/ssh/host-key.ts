import { HostKeyChanged, HostKeyRevoked, HostKeyUnknown, type TransportError } from '../errors.ts';
import type { HostKeyChecking } from '../options.ts';
import { fingerprint, type KnownHost, keyType } from './known-hosts.ts';

/** For whom a host key is judged. */
export interface HostKeyQuestion {
  /** The inventory name. */
  readonly host: string;
  /** The name in known_hosts: from `knownHostName`. */
  readonly knownName: string;
  readonly checking: HostKeyChecking;
  /** The user's file, where a new key would be written. */
  readonly file: string;
  /** The entries for the name. */
  readonly entries: readonly KnownHost[];
}

/** What is to be done about a host's key: go on, learn it and go on, go on though it is not checked, or refuse. */
export type HostKeyVerdict =
  | { readonly kind: 'known' | 'new' }
  | { readonly kind: 'unchecked'; readonly problem: TransportError }
  | { readonly kind: 'refused'; readonly error: TransportError };

/** Signature algorithms by key type, the better ones first (RFC 8332). */
function algorithmsOf(type: string): readonly string[] {
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];
}

const ALL_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
];

/**
 * The host key algorithms to ask for: those of the known keys first, since a server with several keys shows the one that is
 * asked for, and a key of another type than the known ones would look like a change.
 */
export function hostKeyAlgorithms(entries: readonly KnownHost[]): string[] {
  const known = new Set(entries.filter(entry => entry.marker === '').map(entry => entry.type));
  const types = [...ALL_TYPES.filter(type => known.has(type)), ...ALL_TYPES.filter(type => !known.has(type))];
  return types.flatMap(algorithmsOf);
}

const place = (entry: KnownHost): string => `${entry.file}:${entry.line}`;
const shown = (type: string, key: Buffer): string => `${type} ${fingerprint(key)}`;

/** Judges the key that a host shows. Pure. */
export function judgeHostKey(question: HostKeyQuestion, key: Buffer): HostKeyVerdict {
  const problem = problemWith(question, key);
  if (problem === undefined) return { kind: 'known' };
  // A revoked key is refused whatever the setting: somebody said that it is in wrong hands.
  if (problem instanceof HostKeyRevoked) return { kind: 'refused', error: problem };
  switch (question.checking) {
    case 'off':
      return { kind: 'unchecked', problem };
    case 'accept-new':
      return problem instanceof HostKeyUnknown ? { kind: 'new' } : { kind: 'refused', error: problem };
    case 'strict':
      return { kind: 'refused', error: problem };
  }
}

function problemWith(question: HostKeyQuestion, key: Buffer): TransportError | undefined {
  const { host, knownName, entries } = question;
  const type = keyType(key);
  const revoked = entries.find(entry => entry.marker === '@revoked' && entry.key.equals(key));
  if (revoked)
    return new HostKeyRevoked(host, `${knownName} shows a key that is revoked`, {
      hint: 'Do not connect: whoever has this key may not be the host. Give the host a new key (ssh-keygen -A there).',
      details: [`revoked at ${place(revoked)}: ${shown(type, key)}`],
    });
  const plain = entries.filter(entry => entry.marker === '');
  if (plain.some(entry => entry.key.equals(key))) return undefined;
  const first = plain.find(entry => entry.type === type) ?? plain[0];
  if (first === undefined) return unknownKey(question, type, key);
  return new HostKeyChanged(host, `${knownName} shows another key than the one known for it`, {
    hint: `If the host was reinstalled, remove the old key: ssh-keygen -f ${first.file} -R '${knownName}'. If not, somebody may sit in between: do not go on.`,
    details: [
      ...plain.map(entry => `known at ${place(entry)}: ${shown(entry.type, entry.key)}`),
      `shown by the host: ${shown(type, key)}`,
    ],
  });
}

function unknownKey(question: HostKeyQuestion, type: string, key: Buffer): HostKeyUnknown {
  const { host, knownName, entries, file } = question;
  const authority = entries.find(entry => entry.marker === '@cert-authority');
  const details = [`shown by the host: ${shown(type, key)}`];
  if (authority)
    return new HostKeyUnknown(
      host,
      `the key of ${knownName} is vouched for by a certificate authority only`,
      {
        hint: 'Certificates are checked by OpenSSH itself: set ansible_connection: openssh for this host.',
        details: [...details, `authority at ${place(authority)}`],
      },
    );
  return new HostKeyUnknown(host, `the key of ${knownName} is not known`, {
    hint: `Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there), then add it to ${file} by connecting once with ssh; or take first keys on trust: ansible_host_key_checking: accept-new.`,
    details,
  });
}
