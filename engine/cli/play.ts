import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { modules as builtinModules } from '../../modules/index.ts';
import { type Inventory, loadInventory } from '../inventory/index.ts';
import type { Secret } from '../kit/secret.ts';
import { defaultLabName, inventoryPath } from '../lab/index.ts';
import { checkPlaybook } from '../playbook/check.ts';
import { loadPlaybook } from '../playbook/load.ts';
import { type Playbook, tasksOf, writtenName } from '../playbook/playbook.ts';
import { chooseReporter, wantsColour } from '../report/index.ts';
import type { RunSettings } from '../run/context.ts';
import type { Listener, RunEnd } from '../run/events.ts';
import { ExitCode } from '../run/exit-code.ts';
import { hostsOfPlay } from '../run/play-hosts.ts';
import { createRegistry } from '../run/registry.ts';
import { runPlaybooks } from '../run/run.ts';
import { layerOf } from '../run/scope.ts';
import { isSelected, tagsOf } from '../run/selection.ts';
import { tasksKnowledge } from '../run/static-knowledge.ts';
import { type Diagnostic, Diagnostics, SourceError } from '../source/diagnostic.ts';
import { renderDiagnostics } from '../source/render.ts';
import { didYouMean } from '../source/suggest.ts';
import type { Environment } from '../template/index.ts';
import { runProgram } from '../transport/index.ts';
import { environmentFor } from './environment.ts';
import { extraVariables } from './extra-variables.ts';
import { findPlaybook } from './find-playbook.ts';
import { loadModules } from './load-modules.ts';
import type { PlayOptions } from './options.ts';
import { promptFor } from './prompt.ts';

/** `play PLAYBOOK…`: everything that can be found wrong is found before the first connection. Gives the exit code. */
export async function playCommand(names: readonly string[], options: PlayOptions): Promise<number> {
  try {
    const loaded = await load(names, options);
    if (loaded.mistakes.length > 0) process.stderr.write(drawn(loaded.mistakes));
    if (loaded.mistakes.some(mistake => mistake.severity === 'error')) return ExitCode.mistaken;
    if (options.syntaxCheck === true || options.listHosts === true || options.listTasks === true)
      return list(loaded, options);
    return await run(loaded, options);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    process.stderr.write(drawn(error.diagnostics));
    return ExitCode.mistaken;
  }
}

interface Loaded {
  readonly playbooks: readonly Playbook[];
  readonly inventory: Inventory;
  readonly environment: Environment;
  readonly registry: ReturnType<typeof createRegistry>;
  readonly extra: RunSettings['extraVariables'];
  readonly mistakes: readonly Diagnostic[];
}

function drawn(diagnostics: readonly Diagnostic[]): string {
  return `${renderDiagnostics(diagnostics, { color: wantsColour(process.env, process.stderr) })}\n`;
}

async function load(names: readonly string[], options: PlayOptions): Promise<Loaded> {
  const diagnostics = new Diagnostics();
  const own = await Promise.all(options.modules.map(loadModules));
  const registry = createRegistry([...builtinModules, ...own.flat()]);
  let id = 0;
  const playbooks = names.flatMap(name =>
    told(diagnostics, [], () => [
      loadPlaybook(findPlaybook(name), { registry, diagnostics, nextId: () => ++id }),
    ]),
  );
  const environment = environmentFor(playbooks[0]?.path ?? '.');
  const extra = told(diagnostics, layerOf(undefined), () => extraVariables(options.extraVars, diagnostics));
  const sources = told(diagnostics, undefined, () => inventorySources(options));
  const { inventory, diagnostics: inInventory } = loadInventory(sources ?? [], {
    run: runProgram,
    ...(playbooks[0] && { playbookDirectory: dirname(playbooks[0].path) }),
  });
  if (sources === undefined)
    return { playbooks, inventory, environment, registry, extra, mistakes: diagnostics.all };
  for (const mistake of inInventory) diagnostics.add(mistake);
  const knowledge = tasksKnowledge({ inventory, extra, environment, limit: options.limit });
  for (const playbook of playbooks) checkPlaybook(playbook, { environment, knowledge, diagnostics });
  checkTags(playbooks, [...options.tags, ...options.skipTags], diagnostics);
  return { playbooks, inventory, environment, registry, extra, mistakes: diagnostics.all };
}

const SPECIAL_TAGS = ['all', 'tagged', 'untagged', 'always', 'never'];

/** A tag that no task has would choose nothing, in silence. */
function checkTags(
  playbooks: readonly Playbook[],
  wanted: readonly string[],
  diagnostics: Diagnostics,
): void {
  const tasks = playbooks.flatMap(({ plays }) =>
    plays.flatMap(play => [...play.sections.flatMap(section => [...tasksOf(section)]), ...play.handlers]),
  );
  const known = new Set(tasks.flatMap(task => [...tagsOf(task)]));
  for (const tag of wanted) {
    if (known.has(tag) || SPECIAL_TAGS.includes(tag)) continue;
    const suggestion = didYouMean(tag, known);
    const hint =
      suggestion !== undefined
        ? `did you mean “${suggestion}”?`
        : known.size === 0
          ? 'no task has tags'
          : `there are ${[...known].sort().join(', ')}`;
    diagnostics.error('unknown-tag', `no task has the tag “${tag}”`, undefined, { hint });
  }
}

/** What the work gives; where it throws mistakes, they are kept with the others, and `otherwise` goes on in its place. */
function told<T>(diagnostics: Diagnostics, otherwise: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    for (const mistake of error.diagnostics) diagnostics.add(mistake);
    return otherwise;
  }
}

/** The inventory that was named, or the lab's. */
function inventorySources(options: PlayOptions): readonly string[] {
  if (options.inventory.length > 0) return options.inventory;
  const lab = inventoryPath(defaultLabName());
  if (existsSync(lab)) return [lab];
  throw new SourceError([
    {
      code: 'no-inventory',
      severity: 'error',
      message: 'there is no inventory, and no lab',
      hint: 'name one with `-i INVENTORY`, or bring up throw-away hosts with `play lab up`',
    },
  ]);
}

function list({ playbooks, inventory, environment, extra }: Loaded, options: PlayOptions): number {
  for (const playbook of playbooks) {
    process.stdout.write(`\nplaybook: ${playbook.source.name}\n`);
    if (options.listHosts !== true && options.listTasks !== true) continue;
    for (const [index, play] of playbook.plays.entries()) {
      process.stdout.write(`\n  play #${index + 1} (${play.pattern}): ${play.name}\n`);
      if (options.listHosts === true) {
        const hosts = hostsOfPlay(play, { inventory, extra, environment, limit: options.limit });
        process.stdout.write(
          `    hosts (${hosts.length}):\n${hosts.map(host => `      ${host}\n`).join('')}`,
        );
      }
      if (options.listTasks !== true) continue;
      const tasks = play.sections
        .flatMap(section => [...tasksOf(section)])
        .filter(task => isSelected(task, options.tags, options.skipTags));
      process.stdout.write(`    tasks:\n${tasks.map(task => `      ${writtenName(task)}\n`).join('')}`);
    }
  }
  return ExitCode.fine;
}

async function run(loaded: Loaded, options: PlayOptions): Promise<number> {
  const password = options.askPass === true ? await asked('password to log in:') : undefined;
  const becomePassword =
    options.askBecomePass === true ? await asked('password to become the other user:') : undefined;
  const interrupt = interruption();
  const ends: RunEnd[] = [];
  const reporter = chooseReporter(options.report, process.env, {
    out: process.stdout,
    err: process.stderr,
    columns: () => process.stdout.columns || 80,
    rows: () => process.stdout.rows || 24,
    colour: wantsColour(process.env, process.stdout),
    verbosity: options.verbose,
  });
  const listener: Listener = {
    on: event => {
      if (event.type === 'run-end') ends.push(event);
      reporter.on(event);
    },
    done: async () => reporter.done?.(),
  };
  const facts = loaded.registry.find('setup');
  try {
    const code = await runPlaybooks({
      playbooks: loaded.playbooks,
      inventory: loaded.inventory,
      registry: loaded.registry,
      factsModule: facts?.kind === 'module' ? facts.definition : undefined,
      environment: loaded.environment,
      settings: settingsOf(options, loaded.extra, password, becomePassword),
      listener,
      signal: interrupt.signal,
      ...(process.stdin.isTTY === true && {
        prompt: question => promptFor(`${question.host}: ${question.prompt}`, question.echo),
      }),
    });
    const changed = ends.some(end => Object.values(end.recap).some(counts => counts.changed > 0));
    return options.detailedExitcode === true && code === ExitCode.fine && changed ? ExitCode.changed : code;
  } finally {
    interrupt.forget();
    // Something that is still being connected to must not keep whoever interrupted the run waiting.
    if (interrupt.signal.aborted) setTimeout(() => process.exit(ExitCode.interrupted), 500).unref();
  }
}

async function asked(question: string): Promise<Secret> {
  const answer = await promptFor(question, false);
  if (answer !== undefined) return answer;
  throw new SourceError([
    {
      code: 'no-terminal',
      severity: 'error',
      message: 'a password was to be asked for, but there is no terminal',
      hint: 'set ansible_become_password or ansible_password in the inventory, from a file that only you can read',
    },
  ]);
}

function settingsOf(
  options: PlayOptions,
  extraVariables: RunSettings['extraVariables'],
  password: Secret | undefined,
  becomePassword: Secret | undefined,
): RunSettings {
  const given = {
    user: options.user,
    transport: options.connection,
    privateKeyFile: options.privateKey,
    connectTimeoutSeconds: options.timeout,
    becomeUser: options.becomeUser,
    becomeMethod: options.becomeMethod,
    hostKeyChecking: options.hostKeyChecking,
    sshArguments: options.sshCommonArgs?.split(/\s+/).filter(word => word !== ''),
    password,
    becomePassword,
  };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    check: options.check ?? false,
    diff: options.diff ?? false,
    forks: options.forks,
    tags: options.tags,
    skipTags: options.skipTags,
    limit: options.limit,
    extraVariables,
    forceHandlers: options.forceHandlers ?? false,
    connection: { become: options.become ?? false, ...present },
  };
}

/** ctrl-C and a polite kill stop the run in good order; a second one ends it at once. */
function interruption(): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return {
    signal: controller.signal,
    forget: () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
    },
  };
}
