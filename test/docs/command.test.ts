import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { docsCommand } from '../../engine/cli/docs.ts';
import { ping, sample } from './sample.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs `play docs`, keeping what it prints. */
async function docs(...words: readonly string[]) {
  const printed = { out: '', err: '' };
  for (const [name, stream] of [
    ['out', process.stdout],
    ['err', process.stderr],
  ] as const)
    vi.spyOn(stream, 'write').mockImplementation(chunk => {
      printed[name] += String(chunk);
      return true;
    });
  await docsCommand([ping, sample]).exitOverride().parseAsync(words, { from: 'user' });
  return { ...printed, code: process.exitCode };
}

test('a module, by its name or another one', async () => {
  const { out, code } = await docs('motd');
  expect(out).toMatch(
    /^motd {2}\(community\.general\.motd\)\n\n {2}The message of the day is as described\.\n/,
  );
  expect(code).toBe(0);
  expect((await docs('community.general.motd')).out).toBe(out);
});

test('all modules, those of the engine itself too', async () => {
  const { out } = await docs();
  expect(out).toMatch(/^debug +Prints a message/m);
  expect(out).toMatch(/^ping +The host answers\.$/m);
});

test('a module that is not there', async () => {
  expect(await docs('pign')).toEqual({
    out: '',
    err: 'error: there is no module “pign”\nhelp: did you mean “ping”?\n',
    code: 5,
  });
  expect((await docs('quantum')).err).toBe(
    'error: there is no module “quantum”\nhelp: `play docs` lists all\n',
  );
});

test('a folder of modules that is not there', async () => {
  const { err, code } = await docs('--modules', '/nonexistent');
  expect(err).toContain('there is no folder “/nonexistent”');
  expect(code).toBe(4);
});

test('writing, checking', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'play-docs-'));
  try {
    const before = await docs('--check', dir);
    expect(before.err).toContain(`stale: ${dir}/modules/motd.md\n`);
    expect(before.err).toContain(`help: write them anew with \`play docs --write ${dir}\`\n`);
    expect(before.code).toBe(3);
    expect((await docs('--write', dir)).out).toContain('wrote modules/motd.md\n');
    expect(await docs('--check', dir)).toEqual({ out: '', err: '', code: 0 });
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the schema for editors', async () => {
  const schema = JSON.parse((await docs('--schema')).out) as { definitions: object };
  expect(Object.keys(schema.definitions)).toContain('module motd');
});
