import { spawn } from 'node:child_process';
import { closeSync, openSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cgroupOf, hasSystemd, makeCgroup, removeCgroup } from './cgroup.ts';
import { environmentOf } from './command.ts';
import { bridgeName, type Lab, machineName } from './lab.ts';
import { LabError } from './lab-error.ts';
import { hostLayout } from './layout.ts';
import { type Process, processes, processesInCgroup, signalProcess, waitUntil } from './processes.ts';

/** The arguments of systemd-nspawn for a host (systemd-nspawn(1)). Without systemd on this machine nothing can register or make a scope. */
export function nspawnArguments(lab: Lab, host: string, systemd: boolean): readonly string[] {
  return [
    '--quiet',
    '--register=no',
    ...(systemd ? [] : ['--keep-unit']),
    '--settings=no',
    `--directory=${hostLayout(lab.name, host).root}`,
    `--machine=${machineName(lab, host)}`,
    `--hostname=${host}`,
    `--network-bridge=${bridgeName(lab)}`,
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--boot',
  ];
}

/**
 * Runs systemd-nspawn in a control group, again each time its host reboots: with --keep-unit it leaves that to its caller and ends
 * with 133.
 */
const supervise = `
[ -z "$1" ] || echo $$ >"$1" || exit
shift
while :; do
  systemd-nspawn "$@"
  [ $? -eq 133 ] || exit
done`;

/** Switches a host on. It outlives us: a process group of its own, its console in the boot log. */
export function switchOn(lab: Lab, host: string): void {
  const paths = hostLayout(lab.name, host);
  const log = openSync(paths.bootLog, 'w', 0o600);
  const group = makeCgroup(lab, host) ?? '';
  const child = spawn(
    'sh',
    ['-c', supervise, 'play-lab', group, ...nspawnArguments(lab, host, hasSystemd())],
    {
      detached: true,
      cwd: '/',
      stdio: ['ignore', log, log],
      env: environmentOf({ SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' }),
    },
  );
  // It cannot fail to start silently: whoever waits for the host sees that no process is there.
  child.on('error', () => {});
  child.unref();
  closeSync(log);
}

/** The processes that hold a host up: the shell that starts it again after a reboot, and systemd-nspawn itself. */
export interface Machine {
  readonly supervisor: number | undefined;
  readonly nspawn: number | undefined;
}

/** Finds a host's processes by their exact arguments in /proc: no file that could be stale, no process id that could be another's. */
export function machineOf(name: string, host: string, all: readonly Process[] = processes()): Machine {
  const mark = `--directory=${hostLayout(name, host).root}`;
  const marked = all.filter(process => process.argv.includes(mark));
  const ids = new Set(marked.map(process => process.pid));
  const isNspawn = (process: Process) => basename(process.argv[0] ?? '') === 'systemd-nspawn';
  return {
    supervisor: marked.find(process => !isNspawn(process) && !ids.has(process.parent))?.pid,
    // systemd-nspawn forks children that look like it for a moment: the first is the one whose parent is not another.
    nspawn: marked.find(
      process => isNspawn(process) && !marked.some(other => other.pid === process.parent && isNspawn(other)),
    )?.pid,
  };
}

/** Whether a host is switched on. */
export function isOn(machine: Machine): boolean {
  return machine.supervisor !== undefined || machine.nspawn !== undefined;
}

/** An orderly shutdown may take so long; then the plug is pulled. */
const shutdownMilliseconds = 30_000;

/** Shuts a host down in an orderly way (SIGTERM asks systemd-nspawn for that), pulling the plug where it takes too long. */
export async function switchOff(lab: Lab, host: string): Promise<void> {
  const { nspawn } = machineOf(lab.name, host);
  const isOff = () => !isOn(machineOf(lab.name, host));
  if (nspawn !== undefined && signalProcess(nspawn, 'SIGTERM')) await waitUntil(isOff, shutdownMilliseconds);
  await pullPlug(lab, host);
}

/** Ends a host without warning, down to its last process, and removes what it leaves on this machine. */
export async function pullPlug(lab: Lab, host: string): Promise<void> {
  const remaining = () => {
    const { supervisor, nspawn } = machineOf(lab.name, host);
    return [supervisor, nspawn, ...processesInCgroup(cgroupOf(lab, host))].filter(pid => pid !== undefined);
  };
  const isDead = () => {
    const pids = remaining();
    for (const pid of pids) signalProcess(pid, 'SIGKILL');
    return pids.length === 0;
  };
  if (!(await waitUntil(isDead, 10_000))) {
    throw new LabError(
      `${host} does not end: processes ${remaining().join(', ')} survive SIGKILL`,
      'see `ps` for what they wait for',
    );
  }
  removeCgroup(lab, host);
  removeLeftover(lab, host);
}

/** systemd-nspawn 252 cannot remove its folder itself where /run is not a tmpfs ("Attempted to remove disk file system"). */
function removeLeftover(lab: Lab, host: string): void {
  try {
    rmdirSync(join('/run/systemd/nspawn/propagate', machineName(lab, host)));
  } catch {
    // It is not there.
  }
}
