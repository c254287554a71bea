import { createHash } from 'node:crypto';

/** The two ways of hashing a password that /etc/shadow of every Linux knows. */
export type ShaCrypt = 'sha256' | 'sha512';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A password hashed as crypt(5) does for `$5$` and `$6$` (U. Drepper, “Unix crypt using SHA-256 and SHA-512”). `rounds` is written down only where it is given. */
export function shaCrypt(type: ShaCrypt, password: string, salt: string, rounds?: number): string {
  const key = Buffer.from(password, 'utf8');
  const grain = Buffer.from(salt, 'utf8').subarray(0, 16);
  const digest = (...parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash(type);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const p = stretched(digest(...Array.from({ length: key.length }, () => key)), key.length);
  const first = digest(key, grain, ...firstParts(key, digest(key, grain, key)));
  const s = stretched(digest(...Array.from({ length: 16 + (first[0] ?? 0) }, () => grain)), grain.length);
  let last = first;
  for (let round = 0; round < (rounds ?? 5000); round++) {
    const odd = round % 2 === 1;
    last = digest(odd ? p : last, ...(round % 3 ? [s] : []), ...(round % 7 ? [p] : []), odd ? last : p);
  }
  const prefix = `$${type === 'sha512' ? 6 : 5}$${rounds === undefined ? '' : `rounds=${rounds}$`}`;
  return `${prefix}${grain.toString('utf8')}$${type === 'sha512' ? encoded512(last) : encoded256(last)}`;
}

function stretched(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, length === 0 ? 0 : bytes);
}

function firstParts(key: Buffer, alternate: Buffer): Buffer[] {
  const parts = [stretched(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : key);
  return parts;
}

function letters(a: number, b: number, c: number, count: number): string {
  const bits = (a << 16) | (b << 8) | c;
  return Array.from({ length: count }, (_, index) => ALPHABET[(bits >> (6 * index)) & 63]).join('');
}

function encoded512(bytes: Buffer): string {
  let text = '';
  for (let index = 0, [a, b, c] = [0, 21, 42]; index < 21; index++, [a, b, c] = [b + 1, c + 1, a + 1])
    text += letters(bytes[a] ?? 0, bytes[b] ?? 0, bytes[c] ?? 0, 4);
  return text + letters(0, 0, bytes[63] ?? 0, 2);
}

function encoded256(bytes: Buffer): string {
  let text = '';
  for (let index = 0, [a, b, c] = [0, 10, 20]; index < 10; index++, [a, b, c] = [c + 1, a + 1, b + 1])
    text += letters(bytes[a] ?? 0, bytes[b] ?? 0, bytes[c] ?? 0, 4);
  return text + letters(0, bytes[31] ?? 0, bytes[30] ?? 0, 3);
}
