import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inventoryPath, kill } from '../../engine/lab/index.ts';
import type { Change, Doubted, Result, RunEnd, RunEvent } from '../../engine/run/events.ts';

/** Why suites on real hosts cannot run here; undefined where they can. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux') return 'real hosts need Linux';
  if (process.getuid?.() !== 0) return 'real hosts under systemd-nspawn need root';
  if (!existsSync('/usr/bin/apt-get')) return 'the throw-away hosts are made by Debian’s tools';
  return undefined;
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The hosts of a lab by how many there are. */
const HOSTS = {
  1: ['9lpo192'],
  2: ['9lpo192', '9lpo134'],
  3: ['9lpo192', '9lpo134', '9lpo135'],
} as const;

/**
 * What a host is at rest: every file with its times, size, mode and owner, and every process, but for logs, what logging in and becoming
 * another user leave, and what the system does by itself.
 */
const AT_REST = `{ find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log -o -path /root/.cache -o -path /var/lib/sudo \\) -prune -o -printf '%p %T@ %C@ %s %m %U %G\\n' | sort
ps -eo pid,args --no-headers | grep -Ev 'sshd|ps -eo|find|grep|sort|diff|\\[|sh -c|systemd-userwork|\\(sd-pam\\)|systemd --user|systemd-hostnamed|systemd-timedated'; }`;

/** A lab of its own for a suite, driven by the real command line. */
export class LabOfHosts<Count extends keyof typeof HOSTS> {
  readonly hosts: (typeof HOSTS)[Count];
  readonly #name: string;

  constructor(name: string, count: Count) {
    this.#name = name;
    this.hosts = HOSTS[count];
  }

  /** The lab's own inventory. */
  get inventory(): string {
    return inventoryPath(this.#name);
  }

  /** Runs `play` with these words. */
  async play(...words: readonly string[]): Promise<Finished> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['dist/engine/cli/main.js', ...words], {
        env: { ...process.env, PLAY_LAB: this.#name, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject);
      child.on('close', code => resolve({ code, stdout, stderr }));
    });
  }

  /** Virgin hosts, whatever was there. */
  async fresh(): Promise<void> {
    await this.mustPlay('lab', 'down', '--wipe');
    await this.mustPlay('lab', 'up', '--hosts', String(this.hosts.length));
  }

  async gone(): Promise<void> {
    await this.mustPlay('lab', 'down', '--wipe');
  }

  async mustPlay(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.play(...words);
    if (code !== 0) throw new Error(`play ${words.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Runs a script on a host as root, behind the engine's back; its standard output. */
  async on(host: string, script: string): Promise<string> {
    const { code, stdout, stderr } = await this.play('lab', 'ssh', host, script);
    if (code !== 0) throw new Error(`${host}: ${script}\nended with ${code}:\n${stdout}\n${stderr}`);
    return stdout.trim();
  }

  /** Notes what the hosts are like, for `touched`. */
  async note(): Promise<void> {
    await Promise.all(this.hosts.map(host => this.on(host, `${AT_REST} >/tmp/at-rest`)));
  }

  /** What is otherwise on the hosts than `note` found it. */
  async touched(): Promise<readonly string[]> {
    const question = `${AT_REST} | diff /tmp/at-rest - || :`;
    const differences = await Promise.all(this.hosts.map(host => this.on(host, question)));
    return differences.filter(text => text !== '');
  }

  /** Pulls a host's plug. */
  async kill(host: string): Promise<void> {
    await kill(host, this.#name);
  }

  /** Brings back what is off. */
  async up(): Promise<void> {
    await this.mustPlay('lab', 'up');
  }

  /** Runs a playbook and gives all that it told. */
  async tell(...words: readonly string[]): Promise<Told> {
    const finished = await this.play(...words, '--report', 'json');
    return toldOf(finished);
  }
}

/** What a run told, by event. */
export interface Told extends Finished {
  readonly events: readonly RunEvent[];
  readonly end: RunEnd;
  /** Results of whole tasks, those of single items left out. */
  readonly results: readonly Result[];
}

function toldOf(finished: Finished): Told {
  const events = finished.stdout
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as RunEvent);
  const end = events.find(event => event.type === 'run-end');
  if (end === undefined) throw new Error(`the run told no end:\n${finished.stdout}\n${finished.stderr}`);
  const results = events.filter(event => event.type === 'result').filter(event => event.item === undefined);
  return { ...finished, events, end, results };
}

/** Where something happened. */
interface Place {
  readonly host: string;
  readonly task: string;
}

const byPlace = (one: Place, other: Place): number =>
  `${one.task} ${one.host}`.localeCompare(`${other.task} ${other.host}`);

/** All changes of a run, sorted by task and host. */
export function changesOf({ results }: Told): readonly (Place & Change)[] {
  return results
    .flatMap(result =>
      result.changes.map(change => ({ host: result.host, task: result.task.name, ...change })),
    )
    .sort(byPlace);
}

/** All that a check could not know. */
export function doubtsOf({ results }: Told): readonly (Place & Doubted)[] {
  return results
    .flatMap(result => result.doubts.map(doubt => ({ host: result.host, task: result.task.name, ...doubt })))
    .sort(byPlace);
}
