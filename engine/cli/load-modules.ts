import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Jiti } from 'jiti';
import type { Module } from '../kit/module.ts';
import { SourceError } from '../source/diagnostic.ts';
import { packageRoot } from './package-root.ts';

/** The modules of a folder of the user's own, one in each `.ts`, `.js` or `.mjs` file, exported by any name. TypeScript needs no build. */
export async function loadModules(folder: string): Promise<readonly Module[]> {
  const files = listFiles(folder);
  const root = packageRoot();
  const built = import.meta.url.endsWith('.js');
  const kit = join(root, built ? 'dist/engine/kit/index.js' : 'engine/kit/index.ts');
  // Loaded only where it is needed: it takes longer than all the rest of the program.
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(join(resolve(folder), 'x.js')).href, {
    alias: { 'play/kit': kit },
    moduleCache: true,
    fsCache: false,
  });
  const found: Module[] = [];
  for (const file of files) {
    const modules = await modulesOf(jiti, join(resolve(folder), file), file);
    found.push(...modules);
  }
  return found;
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(file => /\.(ts|js|mjs)$/.test(file) && !/\.(test|d)\.[a-z]+$/.test(file))
      .sort();
  } catch {
    throw new SourceError([
      {
        code: 'missing-file',
        severity: 'error',
        message: `there is no folder “${folder}”`,
        hint: '`--modules` names a folder with one module in each file',
      },
    ]);
  }
}

async function modulesOf(jiti: Jiti, path: string, file: string): Promise<readonly Module[]> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await jiti.import(path);
  } catch (error) {
    throw new SourceError([
      {
        code: 'broken-module',
        severity: 'error',
        message: `the module in “${file}” cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'see “Your own module” in the README',
      },
    ]);
  }
  const modules = Object.values(exported).filter(isModule);
  if (modules.length > 0) return [...new Set(modules)];
  throw new SourceError([
    {
      code: 'broken-module',
      severity: 'error',
      message: `“${basename(file)}” exports no module`,
      hint: 'export what `defineModule({…})` gives',
    },
  ]);
}

function isModule(value: unknown): value is Module {
  return (
    typeof value === 'object' &&
    value !== null &&
    'definition' in value &&
    'plan' in value &&
    'probe' in value &&
    'args' in value
  );
}
