import { readdirSync, readFileSync } from 'node:fs';
import type { Link } from './byte-channel.ts';
import { Unreachable } from './errors.ts';
import { commandLink } from './local.ts';
import type { ConnectOptions } from './options.ts';

/** A running Docker container, by the docker program. */
export function dockerLink(options: ConnectOptions): Link {
  const user = options.user === undefined ? [] : ['--user', options.user];
  const container = options.address ?? options.name;
  return commandLink(options.name, command => [
    'docker',
    'exec',
    '-i',
    ...user,
    container,
    'sh',
    '-c',
    command,
  ]);
}

/** A container that systemd-nspawn runs on this machine, registered or not, as its root; the controller must be root. */
export function nspawnLink(options: ConnectOptions): Link {
  const machine = options.address ?? options.name;
  const leader = leaderOf(machine);
  if (leader === undefined)
    throw new Unreachable(options.name, 'refused', `no container ${machine} runs on this machine`, {
      hint: 'Start it, or check ansible_host: it is the name that systemd-nspawn was given (--machine).',
    });
  return commandLink(options.name, command => [
    'nsenter',
    `--target=${leader}`,
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--root',
    '--wd=/',
    '--',
    'env',
    '-i',
    'HOME=/root',
    'USER=root',
    'LOGNAME=root',
    '/bin/sh',
    '-c',
    command,
  ]);
}

/** The words of a process's command line; none if it has ended. */
function wordsOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/cmdline`).split('\0');
}

function isNspawn(pid: number): boolean {
  return wordsOf(pid)[0]?.endsWith('systemd-nspawn') === true;
}

function firstChild(pid: number): number | undefined {
  const child = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ')[0];
  return child === undefined || child === '' ? undefined : Number(child);
}

/** Process id of the container's init: the first descendant of the systemd-nspawn with the name that is no systemd-nspawn itself. */
function leaderOf(machine: string): number | undefined {
  const named = (word: string, at: number, words: readonly string[]): boolean =>
    word === `--machine=${machine}` || (word === machine && words[at - 1] === '-M');
  const outer = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .find(pid => isNspawn(pid) && wordsOf(pid).some(named));
  let leader = outer === undefined ? undefined : firstChild(outer);
  while (leader !== undefined && isNspawn(leader)) leader = firstChild(leader);
  return leader;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}
