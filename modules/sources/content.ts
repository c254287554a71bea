import { createHash } from 'node:crypto';
import { type Content, type RemoteFile, Secret } from '../../engine/kit/index.ts';
import { textOf } from './texts.ts';

/** What is known of a file's content: its SHA-256 (hex), none where there is no file; its text, where a diff is wanted and it is text. */
export interface ContentThere {
  readonly sha256: string | undefined;
  readonly text: string | undefined;
  readonly diff: boolean;
}

/**
 * The content that is there, and that which is wanted, as a state may hold and a report show it: two texts, equal where the contents are.
 * - A hash; the text itself, for a diff.
 * - Of a secret, and of what comes from another host, no more than whether it is so: a short secret can be guessed from its hash.
 */
export function contentFields(there: ContentThere, wanted: Content | RemoteFile | undefined) {
  const hashed = there.sha256 && `sha256:${there.sha256}`;
  if (wanted === undefined) return { content: hashed, wanted: undefined };
  if (wanted instanceof Secret) return compared(there, sha256Of(bytesOf(wanted)), 'as wanted (secret)');
  if (typeof wanted === 'object' && 'host' in wanted)
    return compared(there, wanted.sha256, `as on ${wanted.host}`);
  const bytes = bytesOf(wanted);
  const text =
    there.diff && (there.sha256 === undefined || there.text !== undefined) ? textOf(bytes) : undefined;
  return text === undefined
    ? { content: hashed, wanted: `sha256:${sha256Of(bytes)}` }
    : { content: there.text, wanted: text };
}

function compared({ sha256 }: ContentThere, wanted: string, words: string) {
  return { content: sha256 && (sha256 === wanted ? words : `not ${words}`), wanted: words };
}

function bytesOf(content: Content): Uint8Array {
  const open = content instanceof Secret ? content.reveal() : content;
  return typeof open === 'string' ? Buffer.from(open) : open;
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
