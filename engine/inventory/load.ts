import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Diagnostic, Diagnostics, SourceError } from '../source/diagnostic.ts';
import { readSource, shownPath } from '../source/file.ts';
import type { Node } from '../source/node.ts';
import type { SourceText } from '../source/span.ts';
import { parseYaml } from '../source/yaml.ts';
import { InventoryBuilder } from './build.ts';
import { reportConnectionTypos } from './connection-names.ts';
import { type RunProgram, readExecutable, runProgram } from './executable.ts';
import { readHostList } from './host-list.ts';
import { readIni } from './ini.ts';
import type { Inventory, Variables } from './inventory.ts';
import {
  directoryOf,
  entriesOf,
  readVariables,
  reportMisnamed,
  type VariableDirectory,
} from './variable-files.ts';
import { type Decrypt, isVaulted, parseVaulted } from './vault-file.ts';
import { readYamlInventory } from './yaml-inventory.ts';

export interface LoadOptions {
  /** The playbook's directory, for the `group_vars` and `host_vars` beside it. */
  readonly playbookDirectory?: string;
  /** Decrypts files that are encrypted as a whole; without it, such a file is an error. */
  readonly decrypt?: Decrypt;
  /** Runs executable inventories. */
  readonly run?: RunProgram;
}

export interface LoadedInventory {
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
}

interface Loading {
  readonly builder: InventoryBuilder;
  readonly diagnostics: Diagnostics;
  readonly options: LoadOptions;
}

/**
 * Reads inventory sources, in order, into one inventory: files in YAML (or JSON) and INI, executables, directories of such, and lists of
 * hosts (`a,b`). All mistakes are gathered; what is right is in the inventory even so.
 */
export function loadInventory(sources: readonly string[], options: LoadOptions = {}): LoadedInventory {
  const diagnostics = new Diagnostics();
  const builder = new InventoryBuilder(diagnostics);
  for (const source of sources) readSourceAt(source, { builder, diagnostics, options });
  const files = new VariableFiles(sources, options, diagnostics);
  const inventory = builder.finish(sources, (kind, name) => ({
    inventory: files.beside('inventory', kind, name),
    playbook: files.beside('playbook', kind, name),
  }));
  files.reportMisnamed(inventory);
  reportConnectionTypos(inventory, diagnostics);
  return { inventory, diagnostics: diagnostics.all };
}

function isHostList(source: string): boolean {
  return source.includes(',') && !existsSync(source);
}

function readSourceAt(path: string, loading: Loading): void {
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
    readExecutable(path, shownPath(path), builder, diagnostics, options.run ?? runProgram);
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
  else if (isProgram(path, source))
    readExecutable(path, source.name, builder, diagnostics, options.run ?? runProgram);
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

/** The directories `group_vars` and `host_vars` of a run, each read once, whatever asks for it. */
class VariableFiles {
  readonly #beside: Readonly<Record<'inventory' | 'playbook', readonly string[]>>;
  readonly #options: LoadOptions;
  readonly #diagnostics: Diagnostics;
  readonly #directories = new Map<string, VariableDirectory>();
  readonly #read = new Map<string, Variables>();

  constructor(sources: readonly string[], options: LoadOptions, diagnostics: Diagnostics) {
    const directories = sources.filter(source => !isHostList(source)).map(directoryOf);
    const { playbookDirectory } = options;
    this.#beside = {
      inventory: directories,
      playbook: playbookDirectory === undefined ? [] : [playbookDirectory],
    };
    this.#options = options;
    this.#diagnostics = diagnostics;
  }

  beside(what: 'inventory' | 'playbook', kind: 'group' | 'host', name: string): Variables {
    return new Map(
      this.#beside[what].flatMap(directory => [...this.#variablesIn(join(directory, `${kind}_vars`), name)]),
    );
  }

  reportMisnamed(inventory: Inventory): void {
    for (const directory of new Set(Object.values(this.#beside).flat())) {
      reportMisnamed(this.#directory(join(directory, 'group_vars')), 'group', inventory.groups.keys());
      reportMisnamed(this.#directory(join(directory, 'host_vars')), 'host', inventory.hosts.keys());
    }
  }

  #variablesIn(path: string, name: string): Variables {
    const key = join(path, name);
    let variables = this.#read.get(key);
    if (variables === undefined) {
      variables = readVariables(this.#directory(path), name);
      this.#read.set(key, variables);
    }
    return variables;
  }

  #directory(path: string): VariableDirectory {
    let directory = this.#directories.get(path);
    if (directory === undefined) {
      directory = {
        path,
        entries: entriesOf(path),
        decrypt: this.#options.decrypt,
        diagnostics: this.#diagnostics,
      };
      this.#directories.set(path, directory);
    }
    return directory;
  }
}
