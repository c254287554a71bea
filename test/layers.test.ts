import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** From which folders the files of a folder may import, beside their own. The order is that of the house: from the roof down. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'engine/source': [],
  'engine/kit': ['engine/source'],
  'engine/template': ['engine/kit', 'engine/source'],
  'engine/transport': ['engine/kit', 'engine/source'],
  'engine/inventory': ['engine/template', 'engine/kit', 'engine/source'],
  'engine/playbook': ['engine/template', 'engine/kit', 'engine/source'],
  'engine/run': [
    'engine/playbook',
    'engine/inventory',
    'engine/transport',
    'engine/template',
    'engine/kit',
    'engine/source',
  ],
  'engine/lab': ['engine/kit', 'engine/source'],
  'engine/report': ['engine/run', 'engine/kit', 'engine/source'],
  'engine/docs': ['engine/run', 'engine/report', 'engine/playbook', 'engine/kit', 'engine/source'],
  'engine/cli': [
    'modules',
    'engine/docs',
    'engine/report',
    'engine/lab',
    'engine/run',
    'engine/playbook',
    'engine/inventory',
    'engine/transport',
    'engine/template',
    'engine/kit',
    'engine/source',
  ],
  modules: ['engine/kit'],
};

/** Packages that only these files may touch. */
const GUARDED: Readonly<Record<string, RegExp>> = {
  ssh2: /^engine\/transport\//,
  'node:child_process': /^engine\/(transport|lab)\//,
  listr2: /^engine\/report\/live\.ts$/,
  'fast-check': /^engine\/kit\/testing\//,
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.name.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(found => ({
    file,
    target: found[1] ?? '',
  }));
}

const folderOf = (path: string): string =>
  path.startsWith('engine/') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? path);

const files = [...filesBelow('engine'), ...filesBelow('modules')];
const imports = files.flatMap(importsOf);

test('the files of the house are read', () => {
  expect(files.length).toBeGreaterThan(150);
  expect(imports.length).toBeGreaterThan(500);
  expect(new Set(files.map(folderOf))).toEqual(new Set(Object.keys(ALLOWED)));
});

test('imports point one way', () => {
  const wrong = imports
    .filter(({ target }) => target.startsWith('.'))
    .map(({ file, target }) => ({ file, to: relative('.', resolve(dirname(file), target)) }))
    .filter(
      ({ file, to }) =>
        folderOf(to) !== folderOf(file) && ALLOWED[folderOf(file)]?.includes(folderOf(to)) !== true,
    )
    .map(({ file, to }) => `${file} imports ${to}`);
  expect(wrong).toEqual([]);
});

test('packages that reach outside are touched only where they belong', () => {
  const wrong = imports
    .filter(({ file, target }) => GUARDED[target] !== undefined && GUARDED[target]?.test(file) !== true)
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});
