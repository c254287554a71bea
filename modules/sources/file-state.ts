import { dirname } from 'node:path/posix';
import {
  all,
  ask,
  type Content,
  constant,
  map,
  on,
  type Probe,
  ProbeError,
  type RemoteFile,
  Secret,
} from '../../engine/kit/index.ts';
import { accounts } from './accounts.ts';
import { contentFields } from './content.ts';
import { type FileFacts, files } from './files.ts';
import { deniedError } from './search.ts';
import { texts } from './texts.ts';

/** A file as it is wanted. */
export interface FileWanted {
  readonly path: string;
  readonly content: Content | undefined;
  /** The file of another host whose content is wanted instead. */
  readonly from?: { readonly host: string; readonly path: string };
  readonly owner?: string;
  readonly group?: string;
}

/** A file as it is, put so that it can be compared with what is wanted. */
export interface FileState {
  readonly state: 'present' | 'absent' | 'dangling' | 'directory' | 'other';
  /** As `contentFields` puts it; undefined where there is no file. */
  readonly content: string | undefined;
  /** The number, where a number is wanted. */
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly mode: string | undefined;
  /** What `content` is to be; undefined where nothing is wanted, or its origin on another host is not there. */
  readonly wanted: string | undefined;
  readonly origin: RemoteFile | undefined;
  /** What must be there first, e.g. `the directory /etc/rabbitmq`. */
  readonly lacking: readonly string[];
  readonly facts: FileFacts;
}

/** Asks for a file, and for all that it takes to write it. With `diff`, for its text, too, unless it is secret. */
export function fileProbe(wanted: FileWanted, diff: boolean): Probe<FileState> {
  return map(questions(wanted, diff), found => stateOf(wanted, diff, found));
}

function questions({ path, content, from, owner, group }: FileWanted, diff: boolean) {
  const isShown = diff && from === undefined && !(content instanceof Secret);
  const isKnown = (kind: 'user' | 'group', name: string | undefined): Probe<boolean> =>
    name === undefined || isNumber(name)
      ? constant(true)
      : map(ask(accounts, `${kind}:${name}`), id => id !== undefined);
  return all({
    facts: ask(files, path),
    directory: ask(files, dirname(path)),
    origin: from === undefined ? constant(undefined) : on(from.host, ask(files, from.path)),
    text: isShown ? ask(texts, path) : constant(undefined),
    hasOwner: isKnown('user', owner),
    hasGroup: isKnown('group', group),
  });
}

const isNumber = (name: string | undefined): boolean => /^\d+$/.test(name ?? '');

type Found = ReturnType<typeof questions> extends Probe<infer F> ? F : never;

function stateOf(wanted: FileWanted, diff: boolean, found: Found): FileState {
  const { path, owner, group } = wanted;
  const { facts, directory, text } = found;
  if (facts.type === 'denied' || (facts.type === 'file' && facts.sha256 === undefined))
    throw deniedError(path);
  const stat = 'mode' in facts ? facts : undefined;
  const origin = originOf(wanted, found.origin);
  return {
    state: facts.type === 'file' ? 'present' : facts.type,
    ...contentFields({ sha256: stat?.sha256, text, diff }, origin ?? wanted.content),
    owner: isNumber(owner) ? stat?.uid.toString() : stat?.owner,
    group: isNumber(group) ? stat?.gid.toString() : stat?.group,
    mode: stat?.mode,
    origin,
    lacking: [
      ...(directory.type === 'directory' ? [] : [`the directory ${dirname(path)}`]),
      ...(found.hasOwner ? [] : [`the user ${owner}`]),
      ...(found.hasGroup ? [] : [`the group ${group}`]),
    ],
    facts,
  };
}

function originOf({ from }: FileWanted, facts: FileFacts | undefined): RemoteFile | undefined {
  if (from === undefined || facts === undefined) return undefined;
  if (facts.type === 'denied')
    throw new ProbeError(`permission denied: ${from.path} on ${from.host} cannot be read`, {
      hint: 'say `become: true`',
    });
  return 'sha256' in facts && facts.sha256 !== undefined ? { ...from, sha256: facts.sha256 } : undefined;
}
