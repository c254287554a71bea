import type { Inventory } from '../inventory/index.ts';
import type { Module } from '../kit/module.ts';
import { type Play, type Playbook, type Registry, tasksOf } from '../playbook/playbook.ts';
import { placeOf } from '../source/span.ts';
import type { Environment, Value } from '../template/index.ts';
import type { ConnectOptions } from '../transport/index.ts';
import { AnswerBook } from './answers.ts';
import { BatchRun } from './batch.ts';
import type { HostMemory, RunContext, RunSettings } from './context.ts';
import { Interrupted } from './errors.ts';
import { EVENTS_VERSION, type Listener, type RunEvent } from './events.ts';
import { Exclusion } from './exclusion.ts';
import { ExitCode } from './exit-code.ts';
import { Gate } from './gate.ts';
import { RemoteHost } from './hosts.ts';
import { keywordValue } from './keywords.ts';
import { hostsOfPlay } from './play-hosts.ts';
import { Recap } from './recap.ts';
import { batchesOf } from './serial.ts';
import { SettledResources } from './settled.ts';
import { connectOptions } from './target.ts';
import { hostScope, playScope } from './task-scope.ts';

/** What a run is made of. */
export interface RunInput {
  readonly playbooks: readonly Playbook[];
  readonly inventory: Inventory;
  readonly registry: Registry;
  readonly factsModule: Module | undefined;
  readonly environment: Environment;
  readonly settings: RunSettings;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Asks the person at the terminal, where there is one. */
  readonly prompt?: ConnectOptions['prompt'];
}

/** Runs playbooks; every event goes to the listener, the last one is `run-end`. Gives the exit code. Throws only for defects of `play`. */
export async function runPlaybooks(input: RunInput): Promise<number> {
  const started = performance.now();
  const live = new Run(input);
  const { settings } = input;
  live.emit({
    type: 'run-start',
    version: EVENTS_VERSION,
    time: new Date().toISOString(),
    playbooks: input.playbooks.map(playbook => playbook.source.name),
    check: settings.check,
    diff: settings.diff,
    forks: settings.forks,
  });
  let interrupted = false;
  try {
    for (const play of input.playbooks.flatMap(playbook => playbook.plays))
      if (!(await live.runPlay(play))) break;
  } catch (error) {
    if (!(error instanceof Interrupted) && !input.signal.aborted) throw error;
    interrupted = true;
  } finally {
    await live.close();
  }
  const recap = live.recap.counts;
  const exitCode = interrupted ? ExitCode.interrupted : exitCodeOf(recap);
  live.emit({
    type: 'run-end',
    time: new Date().toISOString(),
    recap,
    exitCode,
    interrupted,
    seconds: (performance.now() - started) / 1000,
    ...(interrupted && { stoodAt: live.stoodAt }),
  });
  await input.listener.done?.();
  return exitCode;
}

function exitCodeOf(recap: Recap['counts']): number {
  const counts = Object.values(recap);
  if (counts.some(host => host.unreachable > 0)) return ExitCode.unreachable;
  return counts.some(host => host.failed > 0) ? ExitCode.failed : ExitCode.fine;
}

/** A run on its way. */
class Run implements RunContext {
  readonly settings: RunSettings;
  readonly inventory: Inventory;
  readonly registry: Registry;
  readonly environment: Environment;
  readonly factsModule: Module | undefined;
  readonly answers = new AnswerBook();
  readonly exclusion = new Exclusion();
  readonly settled = new SettledResources();
  readonly signal: AbortSignal;
  readonly recap = new Recap();
  readonly #input: RunInput;
  readonly #gate: Gate;
  readonly #hosts = new Map<string, RemoteHost>();
  readonly #memories = new Map<string, HostMemory>();
  readonly #lost = new Set<string>();
  readonly #underWay = new Map<string, string>();
  #play: Play | undefined;

  constructor(input: RunInput) {
    this.#input = input;
    this.settings = input.settings;
    this.inventory = input.inventory;
    this.registry = input.registry;
    this.environment = input.environment;
    this.factsModule = input.factsModule;
    this.signal = input.signal;
    this.#gate = new Gate(input.settings.forks);
  }

  /** Where each host was, for whoever interrupted the run. */
  get stoodAt(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#underWay);
  }

  emit(event: RunEvent): void {
    if (event.type === 'task-start')
      for (const host of event.hosts) this.#underWay.set(host, event.task.name);
    if (event.type === 'result' && event.item === undefined) this.#underWay.delete(event.host);
    this.#input.listener.on(event);
  }

  memory(host: string): HostMemory {
    const memory = this.#memories.get(host) ?? { values: new Map<string, Value>(), facts: undefined };
    this.#memories.set(host, memory);
    return memory;
  }

  host(name: string): RemoteHost {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    const options = (): ConnectOptions => ({
      ...this.#optionsOf(name),
      ...(this.#input.prompt && { prompt: this.#input.prompt }),
      warn: warning => this.emit({ type: 'warning', host: warning.host, message: warning.message }),
    });
    const host = new RemoteHost(name, options, this.#gate, event => this.emit(event));
    this.#hosts.set(name, host);
    return host;
  }

  #optionsOf(name: string): ConnectOptions {
    return connectOptions(name, hostScope(this, name, this.#play), this.#play, this.settings.connection);
  }

  /** Whether the run goes on behind the play. */
  async runPlay(play: Play): Promise<boolean> {
    this.signal.throwIfAborted();
    await this.#enter(play);
    const hosts = this.#hostsOf(play).filter(host => !this.#lost.has(host));
    const [first] = hosts;
    const tasks = play.sections.flatMap(section => [...tasksOf(section)]).length;
    if (first === undefined) {
      this.emit({ type: 'play-start', play: play.name, place: placeOf(play.span), hosts: [], tasks });
      this.emit({
        type: 'warning',
        message: `no hosts for the play “${play.name}”`,
        hint: `the pattern “${play.pattern}”${this.settings.limit === undefined ? '' : ` with the limit “${this.settings.limit}”`} matches none that is left`,
      });
      this.emit({ type: 'play-end', play: play.name });
      return true;
    }
    const whole = new BatchRun(this, play, hosts, hosts, this.recap);
    const batches = batchesOf(hosts, keywordValue(play, 'serial', playScope(whole, first)));
    for (const batch of batches) {
      this.emit({ type: 'play-start', play: play.name, place: placeOf(play.span), hosts: batch, tasks });
      const run = new BatchRun(this, play, hosts, batch, this.recap);
      await run.run();
      for (const host of run.lost) this.#lost.add(host);
      this.emit({ type: 'play-end', play: play.name });
      if (run.leadsTo === 'end') return false;
      if (run.leadsTo === 'next play') return true;
    }
    return true;
  }

  /** A play may reach hosts in another way than the one before it: those connections are opened anew, and what was said over the old ones is forgotten. */
  async #enter(play: Play): Promise<void> {
    this.#play = play;
    for (const [name, host] of this.#hosts) {
      if (host.isReachedAlike(this.#optionsOf(name))) continue;
      this.#hosts.delete(name);
      this.answers.stale(name);
      this.memory(name).facts = undefined;
      await host.close();
    }
  }

  #hostsOf(play: Play): readonly string[] {
    const { inventory, environment, settings } = this;
    return hostsOfPlay(play, {
      inventory,
      environment,
      extra: settings.extraVariables,
      limit: settings.limit,
    });
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#hosts.values(), host => host.close()));
  }
}
