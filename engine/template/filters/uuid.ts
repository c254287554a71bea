import { createHash } from 'node:crypto';
import { valueError } from '../error.ts';

/** The UUID of version 5 (RFC 4122) of a name within a namespace. */
export function uuidOf(name: string, namespace: string): string {
  const digits = namespace.replaceAll('-', '');
  if (!/^[0-9a-fA-F]{32}$/.test(digits)) throw valueError('the namespace must be a UUID');
  const bytes = createHash('sha1')
    .update(Buffer.from(digits, 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
