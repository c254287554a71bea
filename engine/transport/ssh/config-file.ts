import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { matchesPatternList } from './pattern.ts';

/** One thing in an ssh_config file, in its order. */
type Item =
  | { readonly kind: 'host'; readonly patterns: readonly string[] }
  | { readonly kind: 'match' }
  | { readonly kind: 'include'; readonly files: readonly (readonly Item[])[] }
  | { readonly kind: 'setting'; readonly keyword: string; readonly values: readonly string[] };

/** Settings by keyword in lower case; of most keywords the first value counts, IdentityFile adds up. */
export type Settings = ReadonlyMap<string, readonly (readonly string[])[]>;

const DEEPEST_INCLUDE = 16;
const parsed = new Map<string, readonly Item[]>();

/** Words of a line: separated by blanks (or `=` behind the keyword), quoted where they hold blanks. */
function words(line: string): string[] {
  const [, keyword, rest] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(line) ?? [];
  if (keyword === undefined || rest === undefined) return [];
  const found = rest.matchAll(/"([^"]*)"|(#.*)|(\S+)/g);
  const values: string[] = [];
  for (const [, quoted, comment, bare] of found) {
    if (comment !== undefined) break;
    values.push(quoted ?? bare ?? '');
  }
  return [keyword.toLowerCase(), ...values];
}

/** `~/x` and relative paths of Include: to ~/.ssh from a user's file, to /etc/ssh from the system's. */
function includePath(pattern: string, from: string): string {
  if (pattern.startsWith('~/')) return join(homedir(), pattern.slice(2));
  return resolve(from.startsWith('/etc/ssh/') ? '/etc/ssh' : join(homedir(), '.ssh'), pattern);
}

/** Files behind a path whose last part may hold wildcards, in the order of their names. */
function glob(path: string): string[] {
  if (!/[*?]/.test(path)) return [path];
  const folder = dirname(path);
  const pattern = path.slice(folder.length + 1);
  try {
    return readdirSync(folder)
      .filter(name => !name.startsWith('.') && matchesPatternList(name, [pattern]))
      .sort()
      .map(name => join(folder, name));
  } catch {
    return [];
  }
}

function parse(file: string, depth: number): readonly Item[] {
  const there = parsed.get(file);
  if (there !== undefined) return there;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // Neither file has to exist; one that we may not read is as good as absent, as for ssh.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return [];
    throw error;
  }
  const items = text.split('\n').flatMap((line): Item[] => {
    const [keyword, ...values] = words(line);
    switch (keyword) {
      case undefined:
        return [];
      case 'host':
        return [{ kind: 'host', patterns: values }];
      case 'match':
        return [{ kind: 'match' }];
      case 'include': {
        if (depth >= DEEPEST_INCLUDE) return [];
        const files = values.flatMap(value => glob(includePath(value, file)));
        return [{ kind: 'include', files: files.map(one => parse(one, depth + 1)) }];
      }
      default:
        return [{ kind: 'setting', keyword, values }];
    }
  });
  parsed.set(file, items);
  return items;
}

function hasMatch(items: readonly Item[]): boolean {
  return items.some(item => item.kind === 'match' || (item.kind === 'include' && item.files.some(hasMatch)));
}

/** Whether one of the files uses `Match`, which only ssh itself evaluates exactly. */
export function usesMatch(files: readonly string[]): boolean {
  return files.some(file => hasMatch(parse(file, 0)));
}

function collect(
  items: readonly Item[],
  alias: string,
  active: boolean,
  into: Map<string, string[][]>,
): void {
  let on = active;
  for (const item of items) {
    switch (item.kind) {
      case 'host':
        on = active && matchesPatternList(alias, item.patterns);
        break;
      case 'match':
        on = false;
        break;
      case 'include':
        for (const file of item.files) collect(file, alias, on, into);
        break;
      case 'setting':
        if (on) into.set(item.keyword, [...(into.get(item.keyword) ?? []), [...item.values]]);
        break;
    }
  }
}

/** The settings for a host, as it was named by the user; those of the first file come first. */
export function settingsFor(alias: string, files: readonly string[]): Settings {
  const into = new Map<string, string[][]>();
  for (const file of files) collect(parse(file, 0), alias, true, into);
  return into;
}
