import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cgroupMounts } from '../../engine/lab/cgroup.ts';
import { end, run } from '../../engine/lab/command.ts';
import { sshArguments } from '../../engine/lab/hosts.ts';
import {
  cut,
  down,
  heal,
  kill,
  type LabProgress,
  type LabStatus,
  ssh,
  start,
  status,
  up,
} from '../../engine/lab/index.ts';
import { addressOf, bridgeName, cableName, type Lab } from '../../engine/lab/lab.ts';
import { readLab } from '../../engine/lab/lab-file.ts';
import { hostLayout, layoutOf, shared } from '../../engine/lab/layout.ts';
import { machineOf } from '../../engine/lab/machine.ts';
import { mountPoints } from '../../engine/lab/mounts.ts';
import { interfaces } from '../../engine/lab/network.ts';
import { isAlive, processes, signalProcess, waitUntil } from '../../engine/lab/processes.ts';

const name = 't-lab';
const [first, second] = ['9lpo192', '9lpo134'];
const reason = process.platform !== 'linux' ? 'no Linux' : process.getuid?.() !== 0 ? 'not root' : undefined;

function theLab(): Lab {
  const lab = readLab(name);
  if (lab === undefined) throw new Error('the lab is not there');
  return lab;
}

/** Brings the lab up; `steps` are the titles of what that took. */
async function bringUp(options: { hosts?: number; signal?: AbortSignal; onStep?: () => void } = {}) {
  const steps: string[] = [];
  const onProgress = (event: LabProgress) => {
    if (event.kind !== 'step-started') return;
    steps.push(event.title);
    options.onStep?.();
  };
  const { hosts, signal } = options;
  const found = await up({ name, onProgress, ...(hosts && { hosts }), ...(signal && { signal }) });
  return { steps, found, pids: pidsOf(found) };
}

const pidsOf = (found: LabStatus | undefined) => found?.hosts.map(host => host.pid);

/** What a command on a host prints, or `code N: …` where it fails. `user` logs in with the lab's key. */
async function on(host: string, command: string, user = 'root'): Promise<string> {
  const argv = sshArguments(theLab(), host).map(argument => argument.replace(/^root@/, `${user}@`));
  const { code, stdout, stderr } = await end(['ssh', ...argv, '--', command]);
  return code === 0 ? stdout.trim() : `code ${code}: ${stderr.trim()}`;
}

/** Whatever of the lab can be seen on this machine. */
async function traces(lab: Lab): Promise<readonly unknown[]> {
  const { folder } = layoutOf(name);
  const ours = [bridgeName(lab), ...lab.hosts.map(host => cableName(lab, host))];
  return [
    ...processes()
      .filter(({ argv }) =>
        argv.some(argument => argument.includes(`${folder}/`) || argument === `--lab=${name}`),
      )
      .map(({ pid, argv }) => `process ${pid}: ${argv.join(' ')}`),
    ...lab.hosts.flatMap(host => Object.values(machineOf(name, host))).flatMap(pid => pid ?? []),
    ...(await interfaces()).filter(one => ours.includes(one.name)).map(one => `interface ${one.name}`),
    ...mountPoints().filter(point => point.startsWith(folder)),
    ...cgroupMounts()
      .all.map(mount => join(mount, 'play-lab', name))
      .filter(group => existsSync(group)),
    ...leftovers('/run/systemd/nspawn/propagate').filter(entry => entry.startsWith(`p${lab.octet}-`)),
  ];
}

function killAtOnce(pid: number | undefined): void {
  if (pid === undefined) throw new Error('the process is not there');
  signalProcess(pid, 'SIGKILL');
}

const leftovers = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

describe.skipIf(reason !== undefined)(`a lab on this machine${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    await down({ name, wipe: true, onProgress: () => {} });
  });
  afterAll(async () => {
    await down({ name, wipe: true, onProgress: () => {} });
  });

  test('comes up', async () => {
    const { found } = await bringUp({ hosts: 1 });
    expect(found).toMatchObject({
      name,
      state: 'up',
      release: 'bookworm',
      hosts: [{ name: first, state: 'answers', address: addressOf(theLab(), first) }],
    });
    expect(await ssh(first, 'exit 7', name)).toBe(7);
  });

  test('gets another host, and the one that is there learns of it and runs on', async () => {
    const [pid] = pidsOf(await status(name)) ?? [];
    const { pids } = await bringUp({ hosts: 2 });
    expect(pids).toEqual([pid, expect.any(Number)]);
    expect(await on(first, `ping -c 1 -q ${second} >/dev/null && echo reached`)).toBe('reached');
    expect(await on(second, `ping -c 1 -q ${first} >/dev/null && echo reached`)).toBe('reached');
  });

  test('is left alone by another up', async () => {
    const before = await status(name);
    const { steps, found } = await bringUp();
    expect(steps).toEqual([]);
    expect(found).toEqual(before);
  });

  test('has hosts like real ones', async () => {
    expect(await on(first, 'systemctl is-system-running --wait')).toBe('running');
    expect(await on(first, 'hostname')).toBe(first);
    expect(await on(first, `getent ahostsv4 ${first} | cut -d' ' -f1 | sort -u`)).toBe(
      addressOf(theLab(), first),
    );
    expect(await on(first, 'cat /etc/machine-id')).not.toBe(await on(second, 'cat /etc/machine-id'));
    expect(await on(first, 'command -v python3 || echo none')).toBe('none');
    expect(await on(first, 'ls /var/lib/apt/lists/*Packages 2>/dev/null || echo none')).toBe('none');
  });

  test('has users who may become root with and without a password, and one who may not', async () => {
    expect(await on(first, 'sudo -n id -un', 'ops')).toBe('root');
    expect(await on(first, 'sudo -n id -un', 'pat')).toBe('code 1: sudo: a password is required');
    expect(await on(first, "echo lab-password | sudo -S -p '' id -un", 'pat')).toBe('root');
    expect(await on(first, "echo lab-password | sudo -S -p '' id -un", 'nosudo')).toMatch(/^code 1: /);
    expect(await on(first, 'sshd -T | grep -i ^passwordauthentication')).toBe('passwordauthentication yes');
  });

  test('installs packages, each loaded from afar at most once', async () => {
    const install = 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y tree';
    for (const host of [first, second])
      expect(await on(host, `(${install}) >/dev/null && tree --version`)).toContain('tree v');
    const kept = readdirSync(shared.packages, { recursive: true, encoding: 'utf8' });
    expect(kept.filter(path => /\/tree_[^/]*\.deb$/.test(path))).toHaveLength(1);
  });

  test('a host whose plug was pulled is dead at once, and up brings it back with its disk', async () => {
    await on(first, 'echo kept >/root/note; sync');
    const before = await bringUp();
    const { init } = machineOf(name, first);
    expect(init).toBeGreaterThan(0);
    await kill(first, name);
    expect(isAlive(init ?? 0)).toBe(false);
    expect((await status(name))?.hosts.map(host => host.state)).toEqual(['off', 'answers']);
    const { steps, pids } = await bringUp();
    expect(steps).toEqual([`Bring up ${first}`]);
    expect(pids?.[0]).not.toBe(before.pids?.[0]);
    expect(pids?.[1]).toBe(before.pids?.[1]);
    expect(await on(first, 'cat /root/note')).toBe('kept');
  });

  test('a host whose systemd-nspawn was killed, so that it runs on by itself, is replaced', async () => {
    const { supervisor, nspawn, init } = machineOf(name, first);
    for (const pid of [supervisor, nspawn]) killAtOnce(pid);
    expect(await waitUntil(() => machineOf(name, first).nspawn === undefined, 5000)).toBe(true);
    expect((await bringUp()).found.state).toBe('up');
    expect(machineOf(name, first).init).not.toBe(init);
    expect(await on(first, 'cat /root/note')).toBe('kept');
  });

  test('a host is started by itself', async () => {
    await kill(second, name);
    await start(second, name);
    expect((await status(name))?.state).toBe('up');
  });

  test('a host that is cut off runs on, and is healed, or repaired by up', async () => {
    const before = await bringUp();
    const stateOf = async () => (await status(name))?.hosts.map(host => host.state);
    await cut(first, name);
    expect(await stateOf()).toEqual(['cut off', 'answers']);
    expect(await on(second, `ping -c 1 -W 1 -q ${first} >/dev/null || echo silence`)).toBe('silence');
    await heal(first, name);
    // The network needs a moment until it carries again.
    await expect.poll(stateOf, { timeout: 30_000 }).toEqual(['answers', 'answers']);
    await cut(first, name);
    expect((await bringUp()).pids).toEqual(before.pids);
    expect(await stateOf()).toEqual(['answers', 'answers']);
  });

  test('a missing bridge and a dead proxy are repaired while the hosts run on', async () => {
    const before = await bringUp();
    await run(['ip', 'link', 'delete', bridgeName(theLab())]);
    killAtOnce(before.found.proxy.pid);
    expect((await status(name))?.state).toBe('partly');
    const { found, pids } = await bringUp();
    expect(found.state).toBe('up');
    expect(pids).toEqual(before.pids);
    expect(await on(first, `ping -c 1 -q ${second} >/dev/null && echo reached`)).toBe('reached');
  });

  test('a host reboots by itself', async () => {
    const started = 'cut -d" " -f22 /proc/1/stat';
    const before = await on(first, started);
    await on(first, 'systemctl reboot');
    const pid = pidsOf(await status(name))?.[0];
    expect(await waitUntil(() => !processes().some(process => process.pid === pid), 30_000)).toBe(true);
    expect((await bringUp()).found.state).toBe('up');
    expect(await on(first, started)).not.toBe(before);
  });

  test('a host whose ssh server is gone is switched off and on again', async () => {
    const before = await bringUp();
    await on(first, 'systemctl stop ssh');
    const { pids } = await bringUp();
    expect(pids?.[0]).not.toBe(before.pids?.[0]);
    expect(await on(first, 'hostname')).toBe(first);
  });

  test('a disk that was never finished is made anew', async () => {
    rmSync(hostLayout(name, first).disk);
    await bringUp();
    expect(await on(first, 'test -e /root/note || echo fresh')).toBe('fresh');
  });

  test('several ups at once do the work once', async () => {
    await kill(first, name);
    const ups = await Promise.all([bringUp(), bringUp(), bringUp()]);
    expect(ups.flatMap(one => one.steps)).toEqual([`Bring up ${first}`]);
    expect(new Set(ups.map(one => String(one.pids))).size).toBe(1);
  });

  test('an up that was interrupted is finished by the next', async () => {
    await down({ name, onProgress: () => {} });
    const abort = new AbortController();
    const interrupted = bringUp({ signal: abort.signal, onStep: () => abort.abort(new Error('enough')) });
    await expect(interrupted).rejects.toThrow('enough');
    expect((await bringUp()).found.state).toBe('up');
  });

  test('goes down without a trace, and comes up with its disks', async () => {
    await on(first, 'echo kept >/root/note');
    const lab = theLab();
    expect((await traces(lab)).length).toBeGreaterThan(0);
    await down({ name, onProgress: () => {} });
    expect(await traces(lab)).toEqual([]);
    expect((await status(name))?.state).toBe('down');
    await bringUp();
    expect(await on(first, 'cat /root/note')).toBe('kept');
  });

  test('is thrown away without a trace, and the base image stays', async () => {
    const lab = theLab();
    await down({ name, wipe: true, onProgress: () => {} });
    expect(await traces(lab)).toEqual([]);
    expect(existsSync(layoutOf(name).folder)).toBe(false);
    expect(await status(name)).toBeUndefined();
    expect(readdirSync(join(shared.base, 'bookworm')).length).toBeGreaterThan(0);
    await expect(ssh(first, 'true', name)).rejects.toThrow('there is no lab “t-lab”');
  });
});
