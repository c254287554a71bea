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

/** Process id of the container's init: the child of the systemd-nspawn process that has the name. */
function leaderOf(machine: string): number | undefined {
  const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  for (const pid of processes) {
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    if (!words[0]?.endsWith('systemd-nspawn')) continue;
    if (
      !words.some(
        (word, at) => word === `--machine=${machine}` || (word === machine && words[at - 1] === '-M'),
      )
    )
      continue;
    const child = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ')[0];
    if (child !== undefined && child !== '') return Number(child);
  }
  return undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}
