/**
 * The flagship's playbook on three converged hosts: `play`, beside Ansible (pipelining on) and a parallel ssh loop written by hand, on the
 * same hosts in one run. `npx jiti bench/flagship.ts [ROUNDS]`, as root, with the lab up and converged (`npm run demo`). It installs Debian's ansible
 * here and python3 on the hosts, which Ansible needs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultLabName, inventoryPath } from '../engine/lab/index.ts';
import type { RunEvent } from '../engine/run/events.ts';

const rounds = Number(process.argv[2] ?? 5);
const root = resolve(import.meta.dirname, '..');
const inventory = inventoryPath(defaultLabName());
const main = join(root, 'dist/engine/cli/main.js');

/** Runs a command and gives how long it took, in seconds, and what it printed. */
function timed(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): { readonly seconds: number; readonly stdout: string } {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return { seconds: (performance.now() - started) / 1000, stdout };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Debian's Ansible here, and on the hosts the Python that it needs. */
function prepareAnsible(): { readonly folder: string; readonly environment: NodeJS.ProcessEnv } {
  if (!existsSync('/usr/bin/ansible-playbook'))
    timed('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'ansible'], {
      DEBIAN_FRONTEND: 'noninteractive',
    });
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const python = join(folder, 'python.yml');
  writeFileSync(python, '- hosts: all\n  tasks:\n    - apt: { name: [python3, python3-apt] }\n');
  timed(process.execPath, [main, python, '-i', inventory]);
  const hosts = [...readFileSync(inventory, 'utf8').matchAll(/^ {4}(\S+):\n {6}ansible_host: (\S+)/gm)];
  const [, key] = /ansible_ssh_private_key_file: (\S+)/.exec(readFileSync(inventory, 'utf8')) ?? [];
  const [, known] = /ansible_ssh_known_hosts_file: (\S+)/.exec(readFileSync(inventory, 'utf8')) ?? [];
  const lines = hosts.map(
    ([, name, address]) =>
      `${name} ansible_host=${address} ansible_user=root ansible_ssh_private_key_file=${key} ansible_python_interpreter=/usr/bin/python3`,
  );
  writeFileSync(join(folder, 'hosts'), `[rabbitmq]\n${lines.join('\n')}\n`);
  writeFileSync(
    join(folder, 'ansible.cfg'),
    `[defaults]\nforks = 20\ninventory = ${join(folder, 'hosts')}\nstdout_callback = default\n[ssh_connection]\npipelining = True\nssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${known}\n`,
  );
  return { folder, environment: { ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), LC_ALL: 'C.UTF-8' } };
}

function byHand(): number {
  const text = readFileSync(inventory, 'utf8');
  const addresses = [...text.matchAll(/ansible_host: (\S+)/g)].map(found => found[1]);
  const [, key] = /ansible_ssh_private_key_file: (\S+)/.exec(text) ?? [];
  const [, known] = /ansible_ssh_known_hosts_file: (\S+)/.exec(text) ?? [];
  const script = join(root, 'bench/flagship/by-hand.sh');
  const loop = addresses
    .map(
      address =>
        `ssh -i ${key} -o UserKnownHostsFile=${known} root@${address} sh -s < ${script} > /dev/null & `,
    )
    .join('');
  return timed('sh', ['-c', `${loop} wait`]).seconds;
}

const ansible = prepareAnsible();
const playbook = join(root, 'bench/flagship/ansible.yml');
const ansibleRun = (...more: readonly string[]): number =>
  timed(
    'ansible-playbook',
    [playbook, '-e', `templates=${join(root, 'playbooks/templates')}`, ...more],
    ansible.environment,
  ).seconds;
const playRun = (...more: readonly string[]): number =>
  timed(process.execPath, [main, 'rabbitmq-ha.yml', '-i', inventory, ...more]).seconds;

const sides: Readonly<Record<string, () => number>> = {
  play: () => playRun(),
  'play --check': () => playRun('--check'),
  'by hand: three parallel ssh': byHand,
  'Ansible, pipelining': () => ansibleRun(),
  'Ansible --check': () => ansibleRun('--check'),
};

const taken = new Map<string, number[]>(Object.keys(sides).map(name => [name, []]));
for (const side of Object.values(sides)) side(); // everything once, so that nobody pays for a cold cache
for (let round = 0; round < rounds; round++)
  for (const [name, side] of Object.entries(sides)) taken.get(name)?.push(side());

const base = median(taken.get('play') ?? []);
console.log(`${rounds} rounds, interleaved; seconds`);
console.log('| | median | least | most | × play |\n| --- | --- | --- | --- | --- |');
for (const [name, seconds] of taken) {
  console.log(
    `| ${name} | ${median(seconds).toFixed(2)} | ${Math.min(...seconds).toFixed(2)} | ${Math.max(...seconds).toFixed(2)} | ${(median(seconds) / base).toFixed(1)} |`,
  );
}

// Where the rest of play's time goes.
const { seconds: whole, stdout } = timed(process.execPath, [
  main,
  'rabbitmq-ha.yml',
  '-i',
  inventory,
  '--report',
  'json',
]);
const events = stdout
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as RunEvent);
const longest = (type: 'connected' | 'survey'): number =>
  Math.max(...events.flatMap(event => (event.type === type ? [event.seconds] : [])));
const run = events.flatMap(event => (event.type === 'run-end' ? [event.seconds] : []))[0] ?? Number.NaN;
const empty = timed(process.execPath, ['-e', '0']).seconds;
console.log(
  `\nOne run of play, ${whole.toFixed(2)} s: Node itself ${empty.toFixed(2)}; loading the program, the playbook and the inventory, checking them ${(whole - run - empty).toFixed(2)}; the run ${run.toFixed(2)}, of it connecting ${longest('connected').toFixed(2)} and the survey ${longest('survey').toFixed(2)} (the slowest host, connecting included)`,
);
