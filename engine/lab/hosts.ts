import { spawn } from 'node:child_process';
import { closeOnes } from '../source/suggest.ts';
import { environmentOf } from './command.ts';
import { mountDisk } from './disk.ts';
import { addressOf, checkLabName, defaultLabName, type Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { lockLab, readLab } from './lab-file.ts';
import { layoutOf } from './layout.ts';
import { isOn, machineOf, pullPlug, switchOn } from './machine.ts';
import { plug, unplug } from './network.ts';
import { bootFailure, readyWithin } from './ready.ts';
import { checkMachine } from './tools.ts';

/** The lab of a host that is in it. Throws LabError where there is no such lab, or no such host in it. */
function labWith(name: string, host: string): Lab {
  checkMachine();
  checkLabName(name);
  const lab = readLab(name);
  if (lab === undefined) throw new LabError(`there is no lab “${name}”`, 'make it with `play lab up`');
  if (lab.hosts.includes(host)) return lab;
  const [first, ...others] = closeOnes(host, lab.hosts);
  const hint =
    first === undefined
      ? `its hosts are ${lab.hosts.join(', ')}`
      : `did you mean ${[first, ...others].join(' or ')}?`;
  throw new LabError(`the lab “${name}” has no host “${host}”`, hint);
}

function expectOn(lab: Lab, host: string): void {
  if (!isOn(machineOf(lab.name, host)))
    throw new LabError(`${host} is off`, 'bring it up with `play lab up`');
}

/**
 * Runs a command on a host as root, or a login shell where none is given, on our own standard streams; returns its exit code (255:
 * ssh itself failed).
 */
export async function ssh(host: string, command?: string, name: string = defaultLabName()): Promise<number> {
  const lab = labWith(name, host);
  expectOn(lab, host);
  const argv = [...sshArguments(lab, host), ...(command === undefined ? [] : ['--', command])];
  return await new Promise((resolve, reject) => {
    const child = spawn('ssh', argv, { stdio: 'inherit', env: environmentOf() });
    child.once('error', error => reject(new LabError(`ssh could not be started: ${error.message}`)));
    child.once('close', code => resolve(code ?? 255));
  });
}

/** The arguments of ssh(1) that reach a host as root, the user's own configuration apart. */
export function sshArguments(lab: Lab, host: string): readonly string[] {
  const { privateKey, knownHosts } = layoutOf(lab.name);
  const options = [
    `IdentityFile=${privateKey}`,
    'IdentitiesOnly=yes',
    `UserKnownHostsFile=${knownHosts}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'ConnectTimeout=10',
    'LogLevel=ERROR',
  ];
  return ['-F', '/dev/null', ...options.flatMap(option => ['-o', option]), `root@${addressOf(lab, host)}`];
}

/** Pulls a host's plug: every process of it dies at once, its disk stays as it is. */
export async function kill(host: string, name: string = defaultLabName()): Promise<void> {
  await pullPlug(labWith(name, host), host);
}

/** Switches a host on that is off, and waits until ssh answers. Throws LabError where it does not come up. */
export async function start(host: string, name: string = defaultLabName()): Promise<void> {
  const lab = labWith(name, host);
  await using _ = await lockLab(name, () => {});
  if (!isOn(machineOf(name, host))) {
    await pullPlug(lab, host);
    await mountDisk(name, host);
    switchOn(lab, host);
  }
  if (!(await readyWithin(lab, host, 30_000))) throw bootFailure(lab, host);
}

/** Cuts a running host off the network, until `heal` or the next `up`. */
export async function cut(host: string, name: string = defaultLabName()): Promise<void> {
  const lab = labWith(name, host);
  expectOn(lab, host);
  await unplug(lab, host);
}

/** Plugs a host that was cut off into the network again. */
export async function heal(host: string, name: string = defaultLabName()): Promise<void> {
  const lab = labWith(name, host);
  expectOn(lab, host);
  await plug(lab, host);
}
