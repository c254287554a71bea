import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach } from 'vitest';
import type { RunEvent } from '../../engine/run/events.ts';

/** The built program, as users start it. */
const MAIN = resolve(import.meta.dirname, '../../dist/engine/cli/main.js');

/** What came of a call of `play`. */
export interface Played {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call of `play` that is still running. */
export interface Playing {
  readonly child: ChildProcess;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<Played>;
}

/** Files by their paths below the working directory. */
export type Files = Readonly<Record<string, string>>;

export interface PlayOptions {
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  /** The working directory; one of its own, for the test, by default. */
  readonly cwd?: string;
}

const folders: string[] = [];
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that goes with the test. */
export function makeFolder(files: Files = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'play-test-'));
  folders.push(folder);
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Starts the real program in a folder with these files. */
export function startCli(args: readonly string[], options: PlayOptions = {}): Playing {
  const cwd = options.cwd ?? makeFolder();
  writeFiles(cwd, options.files ?? {});
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, LANG: 'C.UTF-8', PLAY_LAB: 'none', ...options.env },
  });
  running.add(child);
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      texts[stream] += chunk;
    });
  const clean = (text: string): string => text.replaceAll(cwd, '(folder)');
  return {
    child,
    stdout: () => clean(texts.stdout),
    stderr: () => clean(texts.stderr),
    ended: new Promise(done => {
      child.once('close', code => {
        running.delete(child);
        done({ code, stdout: clean(texts.stdout), stderr: clean(texts.stderr) });
      });
    }),
  };
}

/** Runs the real program to its end. Paths of the working directory are shown as `(folder)`; nothing else is made alike. */
export function playCli(args: readonly string[], options: PlayOptions = {}): Promise<Played> {
  return startCli(args, options).ended;
}

/** The events of `--report json`. */
export function eventsOf({ stdout }: Pick<Played, 'stdout'>): readonly RunEvent[] {
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as RunEvent); // what the schema of the events promises
}

/** The events of one type. */
export function ofType<T extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: T,
): readonly Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** The recap's lines, numbers and all, without the padding. */
export function recapOf({ stdout }: Pick<Played, 'stdout'>): readonly string[] {
  const [, recap = ''] = stdout.split(/^PLAY RECAP \*+\n/m);
  return recap
    .split('\n')
    .filter(line => line.includes(' : '))
    .map(line => line.replace(/ +/g, ' ').trim());
}
