import { randomInt } from 'node:crypto';
import { open } from '../carry.ts';
import { integer, string } from '../coerce.ts';
import { operations } from '../environment.ts';
import { valueError } from '../error.ts';
import { str } from '../print.ts';
import { shaCrypt } from './sha-crypt.ts';

const SALT = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Ansible's filter of passwords. Without a salt the result is another one each time. */
export const passwordFilters = operations({
  password_hash: [
    'hashtype?',
    'salt?',
    'salt_size?',
    'rounds?',
    (input, [type = 'sha512', salt = null, size = null, rounds = null]) =>
      hashed(string(input, 'a password'), str(type), {
        salt:
          open(salt) === null
            ? randomSalt(open(size) === null ? 16 : integer(size, 'the size of a salt'))
            : str(salt),
        rounds: open(rounds) === null ? undefined : integer(rounds, 'the rounds'),
      }),
  ],
});

function hashed(
  password: string,
  type: string,
  { salt, rounds }: { readonly salt: string; readonly rounds: number | undefined },
): string {
  if (type !== 'sha512' && type !== 'sha256')
    throw valueError(`passwords cannot be hashed by “${type}” here`, 'the ways are sha512 and sha256');
  if (/[^./0-9A-Za-z]/.test(salt) || salt.length > 16)
    throw valueError('a salt is made of at most 16 letters, digits, dots and slashes');
  if (rounds !== undefined && (rounds < 1000 || rounds > 999_999_999))
    throw valueError('the rounds must be from 1000 to 999999999');
  return shaCrypt(type, password, salt, rounds);
}

function randomSalt(size: number): string {
  return Array.from({ length: size }, () => SALT[randomInt(SALT.length)]).join('');
}
