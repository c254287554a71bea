import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Diagnostic, SourceError } from './diagnostic.ts';
import type { SourceText } from './span.ts';
import { closeOnes } from './suggest.ts';

/**
 * Reads a text file. A byte order mark is left out of the text. Throws SourceError for a file that is missing, a directory, not UTF-8 or
 * not readable, with what to do about it.
 */
export function readSource(path: string): SourceText {
  const name = shownPath(path);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new SourceError([cannotRead(path, name, codeOf(error))]);
  }
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    throw new SourceError([notUtf8(bytes, name)]);
  }
}

/** A path as it is shown to people: relative to the working directory when it is inside, else as it was given. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(process.cwd(), path);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) ? path : inside;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function cannotRead(path: string, name: string, code: string): Diagnostic {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return missing(path, name);
    case 'EISDIR':
      return {
        code: 'file-is-directory',
        severity: 'error',
        message: `${name} is a directory; a file is needed here`,
        ...hintOf(similar(join(path, 'x.yml'), () => true).map(entry => join(name, entry))),
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'file-not-readable',
        severity: 'error',
        message: `you may not read ${name}`,
        hint: `look at its owner and mode with \`ls -l ${name}\`, and at those of the directories above it`,
      };
    default:
      return { code: 'file-not-readable', severity: 'error', message: `cannot read ${name}: ${code}` };
  }
}

function missing(path: string, name: string): Diagnostic {
  const directory = dirname(resolve(path));
  const shownDirectory = dirname(name);
  if (!isDirectory(directory))
    return {
      code: 'file-missing',
      severity: 'error',
      message: `there is no file ${name}; its directory ${shownDirectory} does not exist either`,
      ...(!isAbsolute(path) && {
        hint: `a relative path starts from the working directory, ${process.cwd()}`,
      }),
    };
  const wanted = basename(path);
  const close = closeOnes(
    wanted,
    similar(path, () => true),
  );
  const sameStem = similar(path, entry => stem(entry) === stem(wanted));
  const names = [...new Set([...sameStem, ...close])].slice(0, 3).map(entry => join(shownDirectory, entry));
  return { code: 'file-missing', severity: 'error', message: `there is no file ${name}`, ...hintOf(names) };
}

function notUtf8(bytes: Buffer, name: string): Diagnostic {
  const binary = bytes.includes(0);
  const what = binary ? 'looks like a binary file' : `is not valid UTF-8 (line ${lineOfBadByte(bytes)})`;
  return {
    code: 'file-not-utf8',
    severity: 'error',
    message: `${name} ${what}; a UTF-8 text is needed here`,
    ...(!binary && { hint: `if it is in Latin-1, convert it: iconv -f latin1 -t utf-8 ${name}` }),
  };
}

function lineOfBadByte(bytes: Buffer): number {
  const lenient = bytes.toString('utf8');
  const asWritten = Buffer.from(lenient, 'utf8');
  let at = 0;
  while (at < bytes.length && bytes[at] === asWritten[at]) at++;
  return bytes.subarray(0, at).filter(byte => byte === 0x0a).length + 1;
}

function similar(path: string, wanted: (entry: string) => boolean): readonly string[] {
  try {
    return readdirSync(dirname(resolve(path)))
      .filter(entry => !entry.startsWith('.') && wanted(entry))
      .sort();
  } catch {
    return [];
  }
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, '').toLowerCase();
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function hintOf(names: readonly string[]): { readonly hint?: string } {
  const shown = names.slice(0, 3).map(name => `“${name}”`);
  if (shown.length === 0) return {};
  return {
    hint: `did you mean ${shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`}?`,
  };
}
