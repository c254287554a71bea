import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Diagnostic, Diagnostics, SourceError } from '../source/diagnostic.ts';
import { readSource, shownPath } from '../source/file.ts';
import type { Node } from '../source/node.ts';
import type { SourceText } from '../source/span.ts';
import { parseYaml } from '../source/yaml.ts';
import type { InventoryBuilder } from './build.ts';
import { readExecutable } from './executable.ts';
import { readHostList } from './host-list.ts';
import { readIni } from './ini.ts';
import type { LoadOptions } from './load-options.ts';
import { isVaulted, parseVaulted } from './vault-file.ts';
import { readYamlInventory } from './yaml-inventory.ts';

/** Where what sources hold goes to. */
export interface Loading {
  readonly builder: InventoryBuilder;
  readonly diagnostics: Diagnostics;
  readonly options: LoadOptions;
}

/** Whether a source is a list of hosts (`a,b`) and no path. */
export function isHostList(source: string): boolean {
  return source.includes(',') && !existsSync(source);
}

/** Reads one source: a list of hosts, a directory of sources, or a file. */
export function readSourceAt(path: string, loading: Loading): void {
  if (isHostList(path)) readHostList(path, loading.builder);
  else if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) readDirectory(path, loading);
  else readFile(path, loading);
}

const ignoredNames = /^\.|^(?:host_vars|group_vars|vars_plugins)$/;
const ignoredEndings = /(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/;

/** All sources in a directory, by name, as Ansible's manager.py reads them; what Ansible leaves out is left out. */
function readDirectory(path: string, loading: Loading): void {
  for (const entry of readdirSync(path).sort()) {
    if (ignoredNames.test(entry)) continue;
    const inner = join(path, entry);
    if (!ignoredEndings.test(entry)) readSourceAt(inner, loading);
    else if (entry.endsWith('.ini'))
      loading.diagnostics.warning(
        'inventory-not-read',
        `${shownPath(inner)} is not read: in a directory, Ansible leaves out files that end in .ini`,
        undefined,
        {
          hint: 'rename it without the ending, or name it with its own -i',
        },
      );
  }
}

function readFile(path: string, loading: Loading): void {
  const { builder, diagnostics, options } = loading;
  if (isProgram(path)) {
    const name = shownPath(path);
    if (options.run) readExecutable(path, name, builder, diagnostics, options.run);
    else
      diagnostics.error('inventory-program-not-run', `${name} is a program, and programs are not run here`);
    return;
  }
  let source: SourceText;
  try {
    source = readSource(path);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    for (const diagnostic of error.diagnostics) diagnostics.add(withListHint(path, diagnostic));
    return;
  }
  if (isVaulted(source)) readParsed(parseVaulted(source, options.decrypt, diagnostics), loading);
  else if (source.text.startsWith('#!') && !/\.(?:ya?ml|json|ini)$/.test(path))
    reportNotExecutable(source, diagnostics);
  else readText(path, source, loading);
}

function readText(path: string, source: SourceText, loading: Loading): void {
  const { builder, diagnostics } = loading;
  switch (extname(path)) {
    case '.yml':
    case '.yaml':
    case '.json':
      readParsed(parseYaml(source, diagnostics), loading);
      break;
    case '.ini':
      readIni(source, builder, diagnostics);
      break;
    case '.toml':
      diagnostics.error('inventory-format', `${source.name} is in TOML, which is not read`, undefined, {
        hint: `convert it: ansible-inventory -i ${source.name} --list --yaml --output hosts.yml`,
      });
      break;
    default:
      readUnnamed(source, loading);
  }
}

/** Without an ending that tells: YAML if it is a mapping, or at least looks like one; else INI. */
function readUnnamed(source: SourceText, loading: Loading): void {
  const found = new Diagnostics();
  const root = parseYaml(source, found);
  const looksLikeYaml = /^(?:---|[\w.-]+:)\s*$/m.test(source.text) && !/^\s*\[/m.test(source.text);
  if (root?.kind !== 'mapping' && !looksLikeYaml) {
    readIni(source, loading.builder, loading.diagnostics);
    return;
  }
  for (const diagnostic of found.all) loading.diagnostics.add(diagnostic);
  readParsed(root, loading);
}

function readParsed(root: Node | undefined, { builder, diagnostics }: Loading): void {
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) return;
  readYamlInventory(root, builder, diagnostics);
}

/** A script or a compiled program that may be executed; an execute bit alone, as on some file systems, makes no program of a text. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    const start = readFileSync(path).subarray(0, 4).toString('latin1');
    return start.startsWith('#!') || start === '\x7fELF';
  } catch {
    return false;
  }
}

function reportNotExecutable(source: SourceText, diagnostics: Diagnostics): void {
  diagnostics.error(
    'inventory-not-executable',
    'this inventory is a script, but may not be executed',
    { source, start: 0, end: 2 },
    {
      hint: `run: chmod +x ${source.name}`,
    },
  );
}

/** A name that was meant as a host and not as a file. */
function withListHint(path: string, diagnostic: Diagnostic): Diagnostic {
  const isName =
    diagnostic.code === 'file-missing' &&
    diagnostic.hint === undefined &&
    !path.includes('/') &&
    extname(path) === '';
  return isName
    ? { ...diagnostic, hint: `if it is the name of a host, write a comma behind it: -i ${path},` }
    : diagnostic;
}
