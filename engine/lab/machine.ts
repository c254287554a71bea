import { rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hasSystemd, makeCgroup, removeCgroup, removeScope } from './cgroup.ts';
import { bridgeName, type Lab, machineName } from './lab.ts';
import { LabError } from './lab-error.ts';
import { launch } from './launch.ts';
import { hostLayout } from './layout.ts';
import {
  isAlive,
  ownProcesses,
  type Process,
  processes,
  rootMounts,
  signalProcess,
  waitUntil,
} from './processes.ts';

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

/** Switches a host on; its console goes to the boot log. */
export function switchOn(lab: Lab, host: string): void {
  const group = makeCgroup(lab, host) ?? '';
  launch(['sh', '-c', supervise, 'play-lab', group, ...nspawnArguments(lab, host, hasSystemd())], {
    log: hostLayout(lab.name, host).bootLog,
    environment: { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
  });
}

/** The processes of a host: the shell that starts it again after a reboot, systemd-nspawn itself, and the host's own first process. */
export interface Machine {
  readonly supervisor: number | undefined;
  readonly nspawn: number | undefined;
  /** It may outlive systemd-nspawn where that is killed. */
  readonly init: number | undefined;
}

/**
 * Finds a host's processes in /proc, by their exact arguments and by the root file system they see: no file that could be stale, no
 * process id that could be another's.
 */
export function machineOf(name: string, host: string, all: readonly Process[] = processes()): Machine {
  const mark = `--directory=${hostLayout(name, host).root}`;
  const marked = ownProcesses(all).filter(process => process.argv.includes(mark));
  const nspawns = marked.filter(process => basename(process.argv[0] ?? '') === 'systemd-nspawn');
  const others = marked.filter(process => !nspawns.includes(process));
  const isChildOf = (process: Process, parents: readonly Process[]) =>
    parents.some(parent => parent.pid === process.parent);
  return {
    // Both fork children that look like them for a moment.
    supervisor: others.find(process => !isChildOf(process, others))?.pid,
    nspawn: nspawns.find(process => !isChildOf(process, nspawns))?.pid,
    init: all.find(process => isInit(process) && sees(process.pid, name, host))?.pid,
  };
}

/** The first process of a container that is not itself in a container. */
function isInit(process: Process): boolean {
  return process.ids.length === 2 && process.ids[1] === 1;
}

function sees(pid: number, name: string, host: string): boolean {
  const { upper } = hostLayout(name, host);
  // A copied disk is a folder of whatever file system it lies on.
  const copied = `/${name}/hosts/${host}/root`;
  return rootMounts(pid).some(
    ({ folder, options }) => options.includes(`upperdir=${upper}`) || folder.endsWith(copied),
  );
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
  // One that is dying can no longer be told from others by what it sees, so all that were ever found are waited for.
  const found = new Set<number>();
  const isDead = () => {
    for (const pid of Object.values(machineOf(lab.name, host))) if (pid !== undefined) found.add(pid);
    const alive = [...found].filter(isAlive);
    for (const pid of alive) signalProcess(pid, 'SIGKILL');
    return alive.length === 0;
  };
  // The first process of a container is dead only when all others are (pid_namespaces(7)).
  if (!(await waitUntil(isDead, 10_000))) {
    const pids = [...found].filter(isAlive).join(', ');
    throw new LabError(
      `${host} does not end: processes ${pids} survive SIGKILL`,
      '`ps` says what they wait for',
    );
  }
  if (hasSystemd()) await removeScope(lab, host);
  else await removeCgroup(lab, host);
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
