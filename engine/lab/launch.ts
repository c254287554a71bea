import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { hasSystemd } from './cgroup.ts';
import { environmentOf } from './command.ts';

/** How a program that outlives us is started: the file that takes what it says, its working directory, and what its environment has beside the search path. */
export interface LaunchOptions {
  readonly log: string;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a program that outlives us and the session we run in: a process group of its own and, where there is systemd, a scope of its
 * own, or it would end with the session. Returns a function that says whether it has ended.
 */
export function launch(
  argv: readonly string[],
  { log, folder = '/', environment }: LaunchOptions,
): () => boolean {
  const scope = [
    'systemd-run',
    '--quiet',
    '--collect',
    '--description=play lab',
    '--scope',
    '--slice=system.slice',
    '--',
  ];
  const [program = '', ...args] = hasSystemd() ? [...scope, ...argv] : argv;
  const { PATH, LC_ALL } = environmentOf();
  const file = openSync(log, 'w', 0o600);
  const child = spawn(program, args, {
    detached: true,
    cwd: folder,
    stdio: ['ignore', file, file],
    // Nothing of ours that should not live on with it.
    env: { PATH, LC_ALL, ...environment },
  });
  closeSync(file);
  child.unref();
  let ended = false;
  const end = () => {
    ended = true;
  };
  child.once('exit', end).once('error', end);
  return () => ended;
}
