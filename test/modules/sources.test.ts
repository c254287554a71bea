import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Source } from '../../engine/kit/index.ts';
import { accounts } from '../../modules/sources/accounts.ts';
import { files } from '../../modules/sources/files.ts';
import { paths } from '../../modules/sources/paths.ts';
import { texts } from '../../modules/sources/texts.ts';

/** The shells that a host may have, each with its own tools where it brings them. */
const shells: readonly {
  readonly name: string;
  readonly program: readonly string[];
  readonly tools?: boolean;
}[] = [
  { name: 'dash', program: ['dash'] },
  { name: 'bash', program: ['bash', '--posix'] },
  { name: 'busybox', program: ['busybox', 'sh'], tools: true },
];

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

const isThere = (program: string): boolean => spawnSync(program, ['-c', ':']).error === undefined;

let root = '';
let busybox = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'play-sources-'));
  busybox = join(root, 'busybox');
  mkdirSync(busybox);
  if (isThere('busybox')) execFileSync('busybox', ['--install', '-s', busybox]);
  mkdirSync(join(root, 'we ird'));
  writeFileSync(join(root, 'plain'), 'hello\n');
  chmodSync(join(root, 'plain'), 0o4750);
  writeFileSync(join(root, 'we ird', "it's $x"), Buffer.from([0, 255, 10]));
  writeFileSync(join(root, 'new\nline'), 'n\n');
  symlinkSync('plain', join(root, 'link'));
  symlinkSync('nowhere', join(root, 'dangling'));
});

afterAll(() => rmSync(root, { recursive: true }));

describe.each(shells)('in $name', ({ program: [shell = '', ...options], tools }) => {
  const it = test.skipIf(!isThere(shell));

  function ask<T>(source: Source<T>, keys: readonly string[]): readonly T[] {
    const path = tools === true ? busybox : process.env['PATH'];
    // The program itself may not be among its tools.
    const program = execFileSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', shell]).toString().trim();
    const { stdout, stderr, status } = spawnSync(
      program,
      [...options, '-c', source.command(keys).script.text],
      {
        env: { LC_ALL: 'C', HOME: root, PATH: path },
      },
    );
    const answers = source.parse({ stdout, stderr, exitCode: status }, keys);
    return keys.map(key => {
      const answer = answers.get(key);
      // Undefined is an answer, too; every key must have one.
      if (!answers.has(key)) throw new Error(`no answer for ${key}`);
      return answer as T;
    });
  }

  it('files are looked at, whatever their names', () => {
    const names = [
      'plain',
      "we ird/it's $x",
      'link',
      'new\nline',
      'dangling',
      'none',
      'plain/below',
      'we ird',
    ];
    const found = ask(files, [...names.map(name => join(root, name)), '/dev/null']);
    expect(
      found.map(facts => ('mode' in facts ? [facts.type, facts.size, facts.sha256] : facts.type)),
    ).toEqual([
      ['file', 6, sha256('hello\n')],
      ['file', 3, sha256(Buffer.from([0, 255, 10]))],
      ['file', 6, sha256('hello\n')],
      ['file', 2, sha256('n\n')],
      'dangling',
      'absent',
      'absent',
      ['directory', expect.any(Number), undefined],
      ['other', 0, undefined],
    ]);
    expect(found[0]).toMatchObject({ mode: '4750', uid: process.getuid?.(), gid: process.getgid?.() });
  });

  it('paths and patterns are found, or not', () => {
    const patterns = [
      'plain',
      'dangling',
      'none',
      'pl*',
      'pla?n',
      '[np]lain',
      '[!p]lain',
      'we*/it*',
      '*none*',
      "it's $x",
    ];
    expect(ask(paths, [...patterns.map(pattern => join(root, pattern)), '~/plain', '~/none'])).toEqual([
      ...[
        'there',
        'there',
        'not there',
        'there',
        'there',
        'there',
        'not there',
        'there',
        'not there',
        'not there',
      ],
      ...['there', 'not there'],
    ]);
  });

  it('texts are read, byte for byte', () => {
    expect(
      ask(
        texts,
        ['plain', 'new\nline', "we ird/it's $x", 'none', 'we ird'].map(name => join(root, name)),
      ),
    ).toEqual(['hello\n', 'n\n', undefined, undefined, undefined]);
  });

  it('accounts have their numbers', () => {
    expect(ask(accounts, ['user:root', 'group:root', 'user:no-such', 'group:no-such'])).toEqual([
      0,
      0,
      undefined,
      undefined,
    ]);
    expect(ask(accounts, ['user:no-such'])).toEqual([undefined]);
  });
});

describe('below a directory that may not be searched', () => {
  test.skipIf(process.getuid?.() !== 0)('“permission denied” does not pass for “not there”', () => {
    const locked = join(root, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    chmodSync(root, 0o755);
    for (const source of [files, paths]) {
      const key = join(locked, 'deep', 'file');
      const { stdout, stderr, status } = spawnSync('dash', ['-c', source.command([key]).script.text], {
        uid: 65534,
        gid: 65534,
      });
      const answer = source.parse({ stdout, stderr, exitCode: status }, [key]).get(key);
      expect(typeof answer === 'object' ? answer.type : answer).toBe('denied');
    }
  });
});
