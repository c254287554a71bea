import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../../engine/run/events.ts';
import { changesOf, type LabOfHosts, type Told } from '../lab-of-hosts.ts';

/** What is told of a task in a check, in the run behind it, in another run, and in another check. */
export interface Account {
  readonly check: readonly string[];
  readonly run: readonly string[];
  readonly again: readonly string[];
  readonly checkAgain: readonly string[];
}

/** A state of a host, made by hand, and a task that meets it. */
export interface Case {
  /** The task's name, too. */
  readonly name: string;
  /** A directory of its own for the case, in which the scripts run. */
  readonly folder?: string;
  /** Makes the state, whatever was there, as root. */
  readonly before?: string;
  readonly task: Readonly<Record<string, unknown>>;
  readonly told: Account;
  /** A question to the host behind it all, and what it prints. */
  readonly after?: readonly [script: string, prints: string];
}

/** Nothing to do. */
export const NOTHING: Account = { check: [], run: [], again: [], checkAgain: [] };

/** Announced, done as announced, and then done with. Steps are written as `TITLE (FIELD, …)`. */
export function changes(...steps: readonly string[]): Account {
  return { ...NOTHING, check: steps, run: steps };
}

/** The check and the run fail alike, and always. */
export function refused(failure: string): Account {
  const told = [`! ${failure}`];
  return { check: told, run: told, again: told, checkAgain: told };
}

/** Announced, but each time it is tried it fails. */
export function fails(step: string, failure: string): Account {
  return { check: [step], run: [`! ${failure}`], again: [`! ${failure}`], checkAgain: [step] };
}

/** A check cannot know; done each time. */
export function repeats(step: string): Account {
  return { check: [`? ${step}`], run: [step], again: [step], checkAgain: [`? ${step}`] };
}

/** Announced and done, each time. */
export function always(step: string): Account {
  return { check: [step], run: [step], again: [step], checkAgain: [step] };
}

/** What was told of a task, in the words of an account. */
export function told({ results }: Told, task: string): readonly string[] {
  return results.filter(result => result.task.name === task).flatMap(words);
}

function words({ changes, doubts, failure }: Result): readonly string[] {
  return [
    ...changes.map(({ step, drift }) => {
      const fields = drift.map(({ field }) => field).join(', ');
      return fields === '' ? step : `${step} (${fields})`;
    }),
    ...doubts.map(({ what, until }) => `? ${what}${until === undefined ? '' : ` until ${until}`}`),
    ...(failure === undefined ? [] : [`! ${failure.kind}: ${failure.message}`]),
  ];
}

/** Several cases, taken through check, run, run, check at once. */
export interface Cycle {
  readonly announced: Told;
  readonly done: Told;
  readonly again: Told;
  readonly clean: Told;
  /** What the two checks touched. */
  readonly touched: readonly string[];
  /** What `after` printed, by case. */
  readonly found: ReadonlyMap<string, string>;
}

/** Who logs in, and whether that is told by arguments of `play`'s. */
export interface Login {
  readonly name: string;
  readonly words: readonly string[];
}

/** A playbook of one play in a folder, with the folder's other files beside it; the same tasks for the first host of the lab. */
export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'play-hosts-'));

  /** Writes a file of the folder; its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** A playbook for one host; JSON is YAML. */
  playbook(name: string, host: string, play: Readonly<Record<string, unknown>>): string {
    return this.write(name, JSON.stringify([{ hosts: host, ...play }], undefined, 2));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Makes the states of the cases on the first host, and goes through the cycle. */
export async function cycle(
  lab: LabOfHosts<2>,
  site: Site,
  cases: readonly Case[],
  words: readonly string[] = [],
): Promise<Cycle> {
  const [host] = lab.hosts;
  const tasks = cases.map(({ name, task }) => ({ name, ignore_errors: true, ...task }));
  const playbook = site.playbook('site.yml', host, { become: true, tasks });
  await lab.on(host, cases.map(preparation).join('\n'));
  await lab.note();
  const announced = await lab.tell(playbook, '--check', ...words);
  const touched = [...(await lab.touched())];
  const done = await lab.tell(playbook, ...words);
  const again = await lab.tell(playbook, ...words);
  await lab.note();
  const clean = await lab.tell(playbook, '--check', ...words);
  touched.push(...(await lab.touched()));
  const found = await lab.on(host, cases.map(question).join('\n'));
  return {
    ...{ announced, done, again, clean, touched },
    found: new Map(found.split(/^@@ /m).map(text => split(text, '\n'))),
  };
}

function preparation({ name, folder, before = ':' }: Case): string {
  const enter = folder === undefined ? '' : `rm -rf ${folder}; mkdir -p ${folder} && cd ${folder} || exit`;
  return `(\n${enter}\n${before}\n) >/tmp/prepared 2>&1 || { cat /tmp/prepared; echo ${quoted(name)}; exit 1; } >&2`;
}

function question({ name, folder, after }: Case): string {
  return `printf '\\n@@ %s\\n' ${quoted(name)}; ( cd ${folder ?? '/'} && { ${after?.[0] ?? ':'}\n} ) 2>&1`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function split(text: string, separator: string): readonly [string, string] {
  const [first = '', ...rest] = text.split(separator);
  return [first, rest.join(separator).trimEnd()];
}

/** What the cycle told of a case, to be compared with what the case says. */
export function accountOf({ announced, done, again, clean }: Cycle, { name }: Case): Account {
  return {
    check: told(announced, name),
    run: told(done, name),
    again: told(again, name),
    checkAgain: told(clean, name),
  };
}

/** The changes of a task, field by field with their values. */
export function valuesOf(from: Told, name: string) {
  return changesOf(from).filter(change => change.task === name);
}
