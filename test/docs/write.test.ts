import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { docsFiles, staleDocs, writeDocs } from '../../engine/docs/index.ts';
import { ping, sample } from './sample.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'play-docs-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

test('what was written is fresh, and is not written again', () => {
  const all = [...docsFiles([sample, ping]).keys()].sort();
  expect(staleDocs([sample, ping], dir)).toEqual(all);
  expect(writeDocs([sample, ping], dir)).toEqual(all);
  expect(staleDocs([sample, ping], dir)).toEqual([]);
  expect(writeDocs([sample, ping], dir)).toEqual([]);
  expect(readFileSync(join(dir, 'modules/motd.md'), 'utf8')).toContain('\n# motd\n');
});

test('a page that was changed by hand, or whose module changed, is stale', () => {
  writeDocs([sample, ping], dir);
  writeFileSync(join(dir, 'events.md'), 'mine');
  const changed = { ...ping, summary: 'The host answers at once.' };
  expect(staleDocs([sample, changed], dir)).toEqual([
    'events.md',
    'modules.md',
    'modules/ping.md',
    'playbook.schema.json',
  ]);
});

test('the page of a module that is no more goes, what others wrote stays', () => {
  writeDocs([sample, ping], dir);
  writeFileSync(join(dir, 'modules/notes.md'), 'mine');
  expect(writeDocs([sample], dir)).toEqual(['modules.md', 'modules/ping.md', 'playbook.schema.json']);
  expect(staleDocs([sample], dir)).toEqual([]);
  expect(readFileSync(join(dir, 'modules/notes.md'), 'utf8')).toBe('mine');
});
