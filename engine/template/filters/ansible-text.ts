import { createHash } from 'node:crypto';
import { open } from '../carry.ts';
import { integer, string } from '../coerce.ts';
import { type Call, operations } from '../environment.ts';
import { valueError } from '../error.ts';
import { splitText } from '../methods/text.ts';
import { str } from '../print.ts';
import type { Value } from '../value.ts';
import { comment } from './comment.ts';
import { splitUrl } from './url.ts';
import { uuidOf } from './uuid.ts';

/** Ansible's filters of text. */
export const ansibleTextFilters = operations({
  b64encode: ['encoding?', input => Buffer.from(str(input), 'utf8').toString('base64')],
  b64decode: ['encoding?', input => decodeBase64(str(input))],
  hash: ['hashtype?', (input, [type = 'sha1']) => digest(str(input), str(type))],
  checksum: [input => digest(str(input), 'sha1')],
  sha1: [input => digest(str(input), 'sha1')],
  md5: [input => digest(str(input), 'md5')],
  quote: [input => shellQuoted(open(input) === null ? '' : str(input))],
  split: [
    'sep?',
    'maxsplit?',
    (input, [separator = null, most = -1]) =>
      splitText(
        string(input, 'the input of “split”'),
        open(separator) === null ? undefined : str(separator),
        integer(most, '“maxsplit”'),
        false,
      ),
  ],
  comment: [
    'style?',
    '**named',
    (input, [style = 'plain'], { named }) =>
      comment(string(input, 'the input of “comment”'), str(style), texts(named)),
  ],
  urlsplit: ['query?', (input, [query = '']) => splitUrl(str(input), str(query))],
  urldecode: [input => decodeURIComponent(str(input).replaceAll('+', ' '))],
  to_uuid: [
    'namespace?',
    (input, [namespace = '361E6D51-FAEC-444A-9079-341386DA8E2E']) => uuidOf(str(input), str(namespace)),
  ],
});

function texts(named: Call['named']): ReadonlyMap<string, string> {
  return new Map(Array.from(named, ([name, value]: readonly [string, Value]) => [name, str(value)]));
}

function decodeBase64(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9+/=]/g, '');
  if (clean.replace(/=+$/, '').length % 4 === 1 || clean.length % 4 !== 0)
    throw valueError('this is no text in base 64');
  const bytes = Buffer.from(clean, 'base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw valueError('what stands in base 64 here is no UTF-8 text');
  }
}

const HASHES = new Set([
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'sha3-256',
  'sha3-512',
  'blake2b512',
  'blake2s256',
]);

function digest(text: string, type: string): string {
  const name = type
    .replace('sha3_', 'sha3-')
    .replace(/^blake2b$/, 'blake2b512')
    .replace(/^blake2s$/, 'blake2s256');
  if (!HASHES.has(name))
    throw valueError(`there is no hash “${type}”`, 'the usual ones are md5, sha1, sha256 and sha512');
  return createHash(name).update(text, 'utf8').digest('hex');
}

/** Python's `shlex.quote`. */
function shellQuoted(text: string): string {
  if (text === '') return "''";
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}
