import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KEYWORDS } from '../playbook/keywords.ts';
import { eventsSchema } from '../report/events-schema.ts';
import type { Documented } from './documented.ts';
import { editorSchema } from './editor-schema.ts';
import { renderEventsPage } from './events-page.ts';
import { renderKeywordsPage } from './keywords-page.ts';
import { WRITTEN } from './markdown.ts';
import { renderModuleIndex, renderModulePage } from './module-page.ts';

/** Every page and schema, by its path in the folder of the docs. */
export function docsFiles(modules: readonly Documented[]): ReadonlyMap<string, string> {
  return new Map([
    ['modules.md', renderModuleIndex(modules)],
    ...modules.map(module => [`modules/${module.name}.md`, renderModulePage(module)] as const),
    ['keywords.md', renderKeywordsPage(KEYWORDS)],
    ['events.md', renderEventsPage()],
    ['events.schema.json', json(eventsSchema())],
    ['playbook.schema.json', json(editorSchema(modules, KEYWORDS))],
  ]);
}

/** Writes every page and schema into the folder, and removes pages of modules that are no more. Gives the paths of what changed. */
export function writeDocs(modules: readonly Documented[], dir: string): readonly string[] {
  const stale = staleDocs(modules, dir);
  const files = docsFiles(modules);
  for (const path of stale) {
    const text = files.get(path);
    if (text === undefined) rmSync(join(dir, path));
    else {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
  }
  return stale;
}

/** The paths of what is not as it would be written: changed, missing, or of a module that is no more. */
export function staleDocs(modules: readonly Documented[], dir: string): readonly string[] {
  const files = docsFiles(modules);
  const changed = [...files].filter(([path, text]) => read(join(dir, path)) !== text).map(([path]) => path);
  const orphaned = pagesOf(dir).filter(path => !files.has(path));
  return [...changed, ...orphaned].sort();
}

/** The pages of modules that were written here; what somebody else put there stays. */
function pagesOf(dir: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(join(dir, 'modules'));
  } catch {
    return [];
  }
  return names
    .map(name => `modules/${name}`)
    .filter(path => path.endsWith('.md') && read(join(dir, path))?.startsWith(WRITTEN) === true);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
