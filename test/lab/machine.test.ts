import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cgroupMounts } from '../../engine/lab/cgroup.ts';
import { end, run, tail } from '../../engine/lab/command.ts';
import type { Lab } from '../../engine/lab/lab.ts';
import { lock } from '../../engine/lab/lock.ts';
import { machineOf, nspawnArguments } from '../../engine/lab/machine.ts';
import { mountPoints } from '../../engine/lab/mounts.ts';
import { bridgeStands, isPlugged, parseInterfaces } from '../../engine/lab/network.ts';
import { type Process, parseRootMounts, processes, waitUntil } from '../../engine/lab/processes.ts';
import { recipeDigest } from '../../engine/lab/recipe.ts';
import { checkMachine } from '../../engine/lab/tools.ts';

const onLinux = process.platform === 'linux';
const lab: Lab = { name: 'lab', release: 'bookworm', octet: 7, hosts: ['9lpo192'] };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'play-lab-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('a machine that cannot have a lab', () => {
  const otherWay =
    'any three hosts with ssh serve as well: write them into an inventory and name it with `-i INVENTORY`';

  test('has no Linux', () => {
    const message = 'a lab needs Linux: its hosts run under systemd-nspawn, and this is darwin';
    expect(() => checkMachine('darwin', 0)).toThrow(expect.objectContaining({ message, hint: otherWay }));
  });

  test('gives us no root', () => {
    const message = 'a lab needs root: it boots containers, makes a bridge and mounts file systems';
    const hint = `call it again with sudo; or ${otherWay}`;
    expect(() => checkMachine('linux', 1000)).toThrow(expect.objectContaining({ message, hint }));
  });
});

describe('what the machine says', () => {
  test('mount points, blanks in them included, in the order of mounting', () => {
    const text = 'proc /proc proc rw 0 0\nplay-lab /var/a\\040b overlay rw 0 0\n';
    expect(mountPoints(text)).toEqual(['/proc', '/var/a b']);
  });

  test('control groups: the unified hierarchy alone, or beside the old ones, or not at all', () => {
    expect(cgroupMounts('cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n')).toEqual({
      unified: '/sys/fs/cgroup',
      all: ['/sys/fs/cgroup'],
    });
    const hybrid =
      'cgroup /sys/fs/cgroup/systemd cgroup rw 0 0\ncgroup /sys/fs/cgroup/unified cgroup2 rw 0 0\n';
    expect(cgroupMounts(hybrid)).toEqual({
      unified: '/sys/fs/cgroup/unified',
      all: ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'],
    });
    expect(cgroupMounts('proc /proc proc rw 0 0\n')).toEqual({ unified: undefined, all: [] });
  });

  const bridge = {
    ifname: 'playlab7',
    flags: ['BROADCAST', 'UP'],
    addr_info: [
      { family: 'inet', local: '10.213.7.1', prefixlen: 24 },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64 },
    ],
  };
  const cable = { ifname: 'vb-p7-9lpo192', flags: ['UP', 'LOWER_UP'], master: 'playlab7', addr_info: [] };
  const seen = (...entries: readonly object[]) => parseInterfaces(JSON.stringify(entries));

  test('a bridge stands when it is there, up, with its address', () => {
    expect(bridgeStands(lab, seen(bridge))).toBe(true);
    expect(bridgeStands(lab, seen())).toBe(false);
    expect(bridgeStands(lab, seen({ ...bridge, flags: ['BROADCAST'] }))).toBe(false);
    expect(bridgeStands(lab, seen({ ...bridge, addr_info: [] }))).toBe(false);
  });

  test('a host is plugged in when its cable is up and ends in the bridge', () => {
    expect(isPlugged(lab, '9lpo192', seen(bridge, cable, {}))).toBe(true);
    expect(isPlugged(lab, '9lpo192', seen(bridge))).toBe(false);
    expect(isPlugged(lab, '9lpo192', seen(bridge, { ...cable, flags: [] }))).toBe(false);
    expect(isPlugged(lab, '9lpo192', seen(bridge, { ...cable, master: 'other' }))).toBe(false);
  });

  test('a host is found by the exact arguments of its processes, those within containers apart', () => {
    const nspawn = ['systemd-nspawn', ...nspawnArguments(lab, '9lpo192', false)];
    const supervisor = ['sh', '-c', '…', 'play-lab', '', ...nspawn.slice(1)];
    const other = ['systemd-nspawn', ...nspawnArguments({ ...lab, name: 'lab2' }, '9lpo192', false)];
    const own = (pid: number, parent: number, argv: readonly string[]): Process => ({
      pid,
      parent,
      argv,
      ids: [pid],
    });
    const all: readonly Process[] = [
      own(5, 1, other),
      { pid: 6, parent: 1, argv: nspawn, ids: [6, 60] },
      own(10, 1, supervisor),
      own(11, 10, nspawn),
      own(12, 11, nspawn),
      own(13, 10, supervisor),
    ];
    expect(machineOf('lab', '9lpo192', all)).toEqual({ supervisor: 10, nspawn: 11, init: undefined });
    expect(machineOf('lab', '9lpo134', all)).toEqual({
      supervisor: undefined,
      nspawn: undefined,
      init: undefined,
    });
  });

  test('what a process sees at /', () => {
    const text = `629 610 0:47 / / rw,relatime shared:298 - overlay play-lab rw,lowerdir=/l,upperdir=/u,workdir=/w
630 629 0:48 / /tmp rw,nosuid shared:299 - tmpfs tmpfs rw,size=10%
631 629 254:0 /var/lib/play/lab/lab/hosts/a/root / rw,relatime - ext4 /dev/vda rw,discard
`;
    expect(parseRootMounts(text)).toEqual([
      { folder: '/', options: ['rw', 'lowerdir=/l', 'upperdir=/u', 'workdir=/w'] },
      { folder: '/var/lib/play/lab/lab/hosts/a/root', options: ['rw', 'discard'] },
    ]);
  });

  test('a container registers nowhere, and makes no scope where there is no systemd', () => {
    expect(nspawnArguments(lab, '9lpo192', false)).toContain('--keep-unit');
    expect(nspawnArguments(lab, '9lpo192', true)).not.toContain('--keep-unit');
  });

  test('the recipe of each release is another', () => {
    expect(recipeDigest('bookworm')).not.toBe(recipeDigest('trixie'));
  });
});

describe.runIf(onLinux)('processes', () => {
  test('are seen with their arguments and parents, whatever their names', async () => {
    const bash = spawn('bash', ['-c', 'exec -a "a) R 1 (b" sleep 61'], { stdio: 'ignore' });
    onTestFinished(() => {
      bash.kill('SIGKILL');
    });
    const find = () => processes().find(one => one.pid === bash.pid && one.argv[1] === '61');
    expect(await waitUntil(() => find() !== undefined, 5000)).toBe(true);
    expect(find()).toEqual({
      pid: bash.pid,
      parent: process.pid,
      argv: ['a) R 1 (b', '61'],
      ids: [bash.pid],
    });
    bash.kill('SIGKILL');
    await once(bash, 'close');
    expect(find()).toBeUndefined();
  });

  test('a program that fails is reported with its last lines', async () => {
    await expect(run(['sh', '-c', 'echo one; echo two >&2; exit 3'])).rejects.toThrow(
      'sh -c echo one; echo two >&2; exit 3\nended with code 3:\ntwo',
    );
  });

  test('a program that is not there is named', async () => {
    await expect(run(['/no/such/program'])).rejects.toThrow(
      '/no/such/program could not be started: spawn /no/such/program ENOENT',
    );
  });

  test('an abort is over only when the program has cleared up behind itself', async () => {
    const file = join(temporaryFolder(), 'cleared');
    const abort = new AbortController();
    const script = `trap 'sleep 0.2; touch ${file}; exit' TERM; echo ready; while :; do sleep 0.01; done`;
    const running = end(['sh', '-c', script], {
      signal: abort.signal,
      onLine: () => abort.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
    await run(['test', '-f', file]);
  });

  test('the tail of a log has no colours', () => {
    expect(tail('one\r\n[\u001b[0;32m  OK  \u001b[0m] two\r\nthree\n\n', 2)).toBe('[  OK  ] two\nthree');
  });
});

describe.runIf(onLinux)('a lock', () => {
  test('is held by one at a time, and others are told that they wait', async () => {
    const file = join(temporaryFolder(), 'locks', 'one');
    const order: string[] = [];
    const first = await lock(file, () => order.push('first waits'));
    const second = lock(file, () => order.push('second waits')).then(held => {
      order.push('second holds');
      return held;
    });
    while (order.length === 0) await new Promise(resolve => setImmediate(resolve));
    order.push('first lets go');
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
    expect(order).toEqual(['second waits', 'first lets go', 'second holds']);
  });

  test('is free when its holder was killed', async () => {
    const file = join(temporaryFolder(), 'one');
    const module = join(import.meta.dirname, '../../engine/lab/lock.ts');
    const script = `import { lock } from ${JSON.stringify(module)}; await lock(process.argv[2], () => {}); console.log('held'); setInterval(() => {}, 1000);`;
    const program = join(temporaryFolder(), 'holder.ts');
    await run(['tee', program], { input: script });
    const holder = spawn(
      process.execPath,
      ['--import', import.meta.resolve('jiti/register'), program, file],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(holder.stdout, 'data');
    let waited = false;
    const second = lock(file, () => {
      waited = true;
      holder.kill('SIGKILL');
    });
    await (await second)[Symbol.asyncDispose]();
    expect(waited).toBe(true);
  });

  test('is waited for no longer than until an abort', async () => {
    const file = join(temporaryFolder(), 'one');
    await using _ = await lock(file, () => {});
    const abort = new AbortController();
    await expect(lock(file, () => abort.abort(new Error('enough')), abort.signal)).rejects.toThrow();
  });
});
