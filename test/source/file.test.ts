import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SourceError } from '../../engine/source/diagnostic.ts';
import { readSource, shownPath } from '../../engine/source/file.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';

const directory = mkdtempSync(join(tmpdir(), 'source-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** What is told of a file that cannot be read, the test's directory shown as DIR. */
function told(path: string): string {
  try {
    readSource(path);
  } catch (error) {
    if (error instanceof SourceError)
      return renderDiagnostics(error.diagnostics, { color: false })
        .replaceAll(directory, 'DIR')
        .replaceAll(process.cwd(), 'CWD');
    throw error;
  }
  throw new Error('it was read');
}

describe('a file that can be read', () => {
  test('has its text, and its path as its name', () => {
    const path = write('a.yml', 'é: 1\n');
    expect(readSource(path)).toEqual({ name: path, text: 'é: 1\n' });
  });

  test('has no byte order mark', () => expect(readSource(write('bom.yml', '\ufeffa: 1')).text).toBe('a: 1'));

  test('is named relative to the working directory when it is inside', () => {
    expect(shownPath(join(process.cwd(), 'playbooks', 'x.yml'))).toBe(join('playbooks', 'x.yml'));
    expect(shownPath(join(process.cwd(), '..', 'x.yml'))).toBe(join(process.cwd(), '..', 'x.yml'));
    expect(shownPath(process.cwd())).toBe(process.cwd());
    expect(shownPath('../x.yml')).toBe('../x.yml');
  });
});

describe('a file that cannot be read', () => {
  write('site.yml', '');
  write('other.txt', '');
  mkdirSync(join(directory, 'roles'));
  write('roles/main.yml', '');

  test('is missing, and another has nearly its name', () =>
    expect(told(join(directory, 'sit.yml'))).toMatchInlineSnapshot(`
      "error: there is no file DIR/sit.yml
        help: did you mean “DIR/site.yml”?

      1 error
      "
    `));
  test('is missing, and another has its name with another ending', () =>
    expect(told(join(directory, 'site.yaml'))).toMatchInlineSnapshot(`
      "error: there is no file DIR/site.yaml
        help: did you mean “DIR/site.yml”?

      1 error
      "
    `));
  test('is missing, and nothing is like it', () =>
    expect(told(join(directory, 'zzzzzz.cfg'))).toMatchInlineSnapshot(`
    "error: there is no file DIR/zzzzzz.cfg

    1 error
    "
  `));
  test('is missing, as its directory is', () =>
    expect(told(join(directory, 'no', 'site.yml'))).toMatchInlineSnapshot(`
    "error: there is no file DIR/no/site.yml; its directory DIR/no does not exist either

    1 error
    "
  `));
  test('is missing, as its directory is, and was given relative to the working directory', () =>
    expect(told(join('no', 'site.yml'))).toMatchInlineSnapshot(`
      "error: there is no file no/site.yml; its directory no does not exist either
        help: a relative path starts from the working directory, CWD

      1 error
      "
    `));
  test('would be inside of a file', () =>
    expect(told(join(directory, 'site.yml', 'x'))).toMatchInlineSnapshot(`
    "error: there is no file DIR/site.yml/x; its directory DIR/site.yml does not exist either

    1 error
    "
  `));
  test('is a directory', () =>
    expect(told(join(directory, 'roles'))).toMatchInlineSnapshot(`
    "error: DIR/roles is a directory; a file is needed here
      help: did you mean “DIR/roles/main.yml”?

    1 error
    "
  `));
  test('is in Latin-1', () =>
    expect(told(write('latin.yml', Uint8Array.from([0x61, 0x0a, 0x62, 0xe9, 0x0a])))).toMatchInlineSnapshot(`
      "error: DIR/latin.yml is not valid UTF-8 (line 2); a UTF-8 text is needed here
        help: if it is in Latin-1, convert it: iconv -f latin1 -t utf-8 DIR/latin.yml

      1 error
      "
    `));
  test('is binary', () =>
    expect(told(write('binary', Uint8Array.from([0, 1, 2, 255])))).toMatchInlineSnapshot(`
    "error: DIR/binary looks like a binary file; a UTF-8 text is needed here

    1 error
    "
  `));
});
