import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type Diagnostics, SourceError } from '../source/diagnostic.ts';
import { readSource, shownPath } from '../source/file.ts';
import type { Node } from '../source/node.ts';
import type { SourceText } from '../source/span.ts';
import { didYouMean } from '../source/suggest.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Variable, Variables } from './inventory.ts';
import { type Decrypt, isVaulted, parseVaulted } from './vault-file.ts';

/** The endings of files that hold variables, in Ansible's order; the first that is there is taken. */
const endings = ['', '.yml', '.yaml', '.json'];

/** A directory `group_vars` or `host_vars`. */
export interface VariableDirectory {
  readonly path: string;
  /** The names in it; none where it is not there. */
  readonly entries: ReadonlySet<string>;
  readonly decrypt: Decrypt | undefined;
  readonly diagnostics: Diagnostics;
}

/** The names in a directory, sorted; none where there is no directory. */
export function entriesOf(path: string): ReadonlySet<string> {
  return new Set(isDirectory(path) ? readdirSync(path).sort() : []);
}

/** The variables of a group or host in a directory: NAME, NAME.yml, NAME.yaml or NAME.json; of a directory NAME all files, in order. */
export function readVariables(directory: VariableDirectory, name: string): Variables {
  const there = endings
    .filter(ending => directory.entries.has(name + ending))
    .map(ending => join(directory.path, name + ending));
  const [taken, ...others] = there;
  if (taken === undefined) return new Map();
  for (const path of others)
    directory.diagnostics.warning(
      'variables-not-read',
      `${shownPath(path)} is not read: ${shownPath(taken)} stands before it`,
      undefined,
      {
        hint: 'keep one of them',
      },
    );
  const files = isDirectory(taken) ? filesIn(taken) : [taken];
  return new Map(files.flatMap(path => [...readVariableFile(path, directory)]));
}

/** Warns of files whose name is nearly that of a group or host: nothing would ever read them. */
export function reportMisnamed(
  directory: VariableDirectory,
  what: 'group' | 'host',
  names: Iterable<string>,
): void {
  const known = new Set(names);
  const files = [...directory.entries].filter(isVisible);
  const own = new Set(files.map(nameOfFile));
  for (const file of files) {
    const name = nameOfFile(file);
    const meant = known.has(name) ? undefined : didYouMean(name, known);
    // Where the close one has a file too, this is most likely one of another inventory.
    if (meant === undefined || own.has(meant)) continue;
    const path = shownPath(join(directory.path, file));
    directory.diagnostics.warning(
      'variables-misnamed',
      `${path} is not read: there is no ${what} “${name}”`,
      undefined,
      {
        hint: `did you mean “${meant}”?`,
      },
    );
  }
}

function nameOfFile(file: string): string {
  return endings.includes(extname(file)) ? basename(file, extname(file)) : file;
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter(isVisible)
    .sort()
    .flatMap(entry => {
      const path = join(directory, entry);
      if (isDirectory(path)) return extname(entry) === '' ? filesIn(path) : [];
      return endings.includes(extname(entry)) ? [path] : [];
    });
}

function isVisible(entry: string): boolean {
  return !entry.startsWith('.') && !entry.endsWith('~');
}

function readVariableFile(
  path: string,
  { decrypt, diagnostics }: VariableDirectory,
): ReadonlyMap<string, Variable> {
  let source: SourceText;
  try {
    source = readSource(path);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    for (const diagnostic of error.diagnostics) diagnostics.add(diagnostic);
    return new Map();
  }
  const secret = isVaulted(source);
  const root = secret ? parseVaulted(source, decrypt, diagnostics) : parseYaml(source, diagnostics);
  if (root === undefined || isNothing(root)) return new Map();
  if (root.kind !== 'mapping') {
    diagnostics.error(
      'bad-variables',
      'a file of variables must be a mapping of names to values',
      root.span,
      {
        hint: 'write “name: value”, without a dash before it',
      },
    );
    return new Map();
  }
  return new Map(
    root.entries.map(({ key, keySpan, value }) => [
      String(key),
      { node: value, keySpan, ...(secret && { secret }) },
    ]),
  );
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The directory in which `group_vars` and `host_vars` of a source are looked for. */
export function directoryOf(source: string): string {
  return isDirectory(source) ? source : dirname(source);
}
