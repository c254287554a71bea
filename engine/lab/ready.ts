import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from './command.ts';
import { textOf } from './files.ts';
import { addressOf, type Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { hostLayout } from './layout.ts';
import { isOn, machineOf } from './machine.ts';
import { type Process, processes } from './processes.ts';

/** Whether an ssh server at this address says its name (RFC 4253, 4.2) within so many milliseconds. */
function sshAnswers(address: string, milliseconds: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: address, port: 22 });
    const say = (answers: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(() => say(false), milliseconds);
    let heard = '';
    socket.setEncoding('latin1').on('data', text => {
      heard += text;
      if (heard.includes('\n')) say(heard.startsWith('SSH-2.0-'));
    });
    socket.on('error', () => say(false));
    socket.on('end', () => say(false));
  });
}

/** Whether everybody can log in to a host: its ssh server answers, and it neither boots nor shuts down any more. */
export async function isReady(
  lab: Lab,
  host: string,
  milliseconds: number,
  all: readonly Process[] = processes(),
): Promise<boolean> {
  return !isClosed(lab, host, all) && (await sshAnswers(addressOf(lab, host), milliseconds));
}

/** While a host boots or shuts down, systemd lets nobody in but root (pam_nologin(8)): ssh answers before that ends. */
function isClosed(lab: Lab, host: string, all: readonly Process[]): boolean {
  const { init } = machineOf(lab.name, host, all);
  return init === undefined || existsSync(`/proc/${init}/root/run/nologin`);
}

/** Waits until a host is ready; false where its process ends or the time is up. */
export async function readyWithin(
  lab: Lab,
  host: string,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!(await isReady(lab, host, 500))) {
    signal?.throwIfAborted();
    if (performance.now() > end || !isOn(machineOf(lab.name, host))) return false;
    await sleep(50);
  }
  return true;
}

/** Why a host did not come up, with the end of its boot log. */
export function bootFailure(lab: Lab, host: string): LabError {
  const { bootLog } = hostLayout(lab.name, host);
  const state = isOn(machineOf(lab.name, host)) ? 'its ssh server does not answer' : 'systemd-nspawn ended';
  return new LabError(
    `${host} did not come up: ${state}. The end of ${bootLog}:\n${tail(textOf(bootLog) ?? '', 20)}`,
    'try `play lab down --wipe`, then up again',
  );
}
