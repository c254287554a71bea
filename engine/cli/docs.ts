import { Command, Option } from 'commander';
import {
  type Documented,
  editorSchema,
  renderModuleList,
  renderModuleText,
  staleDocs,
  writeDocs,
} from '../docs/index.ts';
import type { Module } from '../kit/module.ts';
import { KEYWORDS } from '../playbook/keywords.ts';
import { painter, wantsColour } from '../report/index.ts';
import { actions } from '../run/actions/index.ts';
import { ExitCode } from '../run/exit-code.ts';
import { SourceError } from '../source/diagnostic.ts';
import { renderDiagnostics } from '../source/render.ts';
import { didYouMean } from '../source/suggest.ts';
import { loadModules } from './load-modules.ts';

interface DocsOptions {
  readonly write?: string;
  readonly check?: string;
  readonly schema?: boolean;
  readonly modules: readonly string[];
}

/**
 * `play docs [MODULE]`: the page of a module, or the list of all; `--write`, `--check` and `--schema` make files of them. Sets
 * `process.exitCode`: 3 pages are stale, 4 a module of the user's own cannot be loaded, 5 there is no such module.
 */
export function docsCommand(modules: readonly Module[]): Command {
  return new Command('docs')
    .description('show the page of a module, or list all modules')
    .argument('[module]', 'its name, or another by which Ansible knows it')
    .option('--modules <dir>', 'modules of your own, too (may be repeated)', gather, [])
    .addOption(new Option('--write <dir>', 'write all pages and schemas into a folder'))
    .addOption(
      new Option('--check <dir>', 'tell which of them are not as they would be written').conflicts('write'),
    )
    .addOption(
      new Option('--schema', 'print the JSON Schema of playbooks, for editors').conflicts(['write', 'check']),
    )
    .action(async (name: string | undefined, options: DocsOptions) => {
      try {
        const own = await Promise.all(options.modules.map(loadModules));
        process.exitCode = docs(name, [...actions, ...modules, ...own.flat()], options);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        process.stderr.write(
          renderDiagnostics(error.diagnostics, { color: wantsColour(process.env, process.stderr) }),
        );
        process.exitCode = ExitCode.mistaken;
      }
    });
}

function gather(dir: string, before: readonly string[]): readonly string[] {
  return [...before, dir];
}

function docs(name: string | undefined, all: readonly Documented[], options: DocsOptions): number {
  if (options.write !== undefined) return write(all, options.write);
  if (options.check !== undefined) return check(all, options.check);
  if (options.schema === true) {
    process.stdout.write(`${JSON.stringify(editorSchema(all, KEYWORDS), null, 2)}\n`);
    return ExitCode.fine;
  }
  return show(name, all);
}

function show(name: string | undefined, all: readonly Documented[]): number {
  const paint = painter(wantsColour(process.env, process.stdout));
  const columns = process.stdout.columns ?? 80;
  if (name === undefined) {
    process.stdout.write(renderModuleList(all, columns, paint));
    return ExitCode.fine;
  }
  const found = all.find(module => [module.name, ...module.aliases].includes(name));
  if (found !== undefined) {
    process.stdout.write(renderModuleText(found, columns, paint));
    return ExitCode.fine;
  }
  const close = didYouMean(
    name,
    all.flatMap(module => [module.name, ...module.aliases]),
  );
  const hint = close === undefined ? '`play docs` lists all' : `did you mean “${close}”?`;
  process.stderr.write(`error: there is no module “${name}”\nhelp: ${hint}\n`);
  return ExitCode.usage;
}

function write(all: readonly Documented[], dir: string): number {
  const changed = writeDocs(all, dir);
  process.stdout.write(
    changed.length === 0 ? 'nothing to write\n' : `${changed.map(path => `wrote ${path}`).join('\n')}\n`,
  );
  return ExitCode.fine;
}

function check(all: readonly Documented[], dir: string): number {
  const stale = staleDocs(all, dir);
  if (stale.length === 0) return ExitCode.fine;
  process.stderr.write(
    `${stale.map(path => `stale: ${dir}/${path}`).join('\n')}\nhelp: write them anew with \`play docs --write ${dir}\`\n`,
  );
  return ExitCode.changed;
}
