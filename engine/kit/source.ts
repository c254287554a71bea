import type { Command, Output } from './command.ts';
import { ProbeError } from './errors.ts';

/**
 * Something that a host can be asked about many keys at once (files, packages, units, the broker): one command for all keys, one
 * parser of its output. Read-only: it must never change the host.
 */
export interface Source<T> {
  readonly name: string;
  /** What a host answers depends on others as well (a cluster's members know of each other): a change on any host makes all answers stale. */
  readonly spansHosts?: boolean;
  /** It is one command of a task's own (`run`), its name the command's text. */
  readonly isCommand?: boolean;
  /** The one command that answers all keys. Its exit codes are checked as any command's. */
  command(keys: readonly string[]): Command;
  /** The answers by key, every key answered; throws ProbeError where the output is not what it must be. */
  parse(output: Output, keys: readonly string[]): ReadonlyMap<string, T>;
}

/** Defines a source; the engine batches and de-duplicates what is asked of it by its identity. */
export function defineSource<T>(source: Source<T>): Source<T> {
  return source;
}

/** One question: a source and a key, of the task's own host or of another one of the inventory. */
export interface Ask<T = unknown> {
  readonly source: Source<T>;
  readonly key: string;
  readonly host?: string;
}

/** The answers to the asks of a probe. Throws the ask's error where there is none. */
export interface Answers {
  get<T>(ask: Ask<T>): T;
}

/**
 * A set of asks and the function from their answers to a typed state. It is data, known before anything runs, so there is no
 * `andThen`: what to ask never depends on an answer.
 */
export interface Probe<out T> {
  readonly asks: readonly Ask[];
  read(answers: Answers): T;
}

/** The probe of one key of a source. */
export function ask<T>(source: Source<T>, key: string): Probe<T> {
  const question: Ask<T> = { source, key };
  return { asks: [question], read: answers => answers.get(question) };
}

/** A probe that needs no question. */
export function constant<T>(value: T): Probe<T> {
  return { asks: [], read: () => value };
}

/** The probe of a value computed from what another one finds. */
export function map<T, U>(probe: Probe<T>, compute: (value: T) => U): Probe<U> {
  return { asks: probe.asks, read: answers => compute(probe.read(answers)) };
}

type Found<P> = { readonly [K in keyof P]: P[K] extends Probe<infer T> ? T : never };

/** Several probes as one, by name: all({ file: ask(files, path), owner: ask(accounts, user) }). */
export function all<const P extends Readonly<Record<string, Probe<unknown>>>>(probes: P): Probe<Found<P>> {
  const entries = Object.entries(probes);
  return {
    asks: entries.flatMap(([, probe]) => probe.asks),
    // The mapped type cannot be built entry by entry without saying so.
    read: answers =>
      Object.fromEntries(entries.map(([name, probe]) => [name, probe.read(answers)])) as Found<P>,
  };
}

/** The same probe for each of several things. */
export function each<K, T>(items: readonly K[], probeOf: (item: K) => Probe<T>): Probe<readonly T[]> {
  const probes = items.map(probeOf);
  return {
    asks: probes.flatMap(probe => probe.asks),
    read: answers => probes.map(probe => probe.read(answers)),
  };
}

/** The same probe on another host of the inventory. Asks that name their host already keep it. */
export function on<T>(host: string, probe: Probe<T>): Probe<T> {
  const moved = new Map(
    probe.asks.map(question => [question, question.host === undefined ? { ...question, host } : question]),
  );
  return {
    asks: [...moved.values()],
    read: answers =>
      probe.read({
        get: <A>(question: Ask<A>): A => {
          const there = moved.get(question);
          // `moved` holds the same ask with a host added, so its answer has the same type.
          return answers.get(there === undefined ? { ...question, host } : there) as A;
        },
      }),
  };
}

/** What came of a probe that may fail without failing the task, e.g. of a host that may be down. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** The probe that says why instead of failing. */
export function attempt<T>(probe: Probe<T>): Probe<Attempt<T>> {
  return {
    asks: probe.asks,
    read: answers => {
      try {
        return { ok: true, value: probe.read(answers) };
      } catch (error) {
        if (error instanceof ProbeError) return { ok: false, reason: error.message };
        throw error;
      }
    },
  };
}

/** Sources of commands of their own, by what makes two of them the same question. */
const commandSources = new Map<string, Source<Output>>();

function commandSource(question: Command): Source<Output> {
  const define = (): Source<Output> =>
    defineSource({
      name: question.shown ?? question.script.text,
      isCommand: true,
      command: () => question,
      parse: (output, keys) => new Map(keys.map(key => [key, output])),
    });
  const { stdin, environment, script, ...rest } = question;
  // Secrets look alike from outside, so what has any is never taken for the same.
  if (stdin !== undefined || environment !== undefined) return define();
  const identity = JSON.stringify([script.text, rest]);
  const known = commandSources.get(identity) ?? define();
  commandSources.set(identity, known);
  return known;
}

/** The probe of a command of its own, where no source fits. The same command is asked once, however many tasks want it. */
export function run<T>(question: Command, parse: (output: Output) => T): Probe<T> {
  return map(ask(commandSource(question), 'run'), parse);
}
