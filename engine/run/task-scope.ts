import { basename, dirname, resolve } from 'node:path';
import { findHost, hostVariables } from '../inventory/index.ts';
import { accumulated, type Play, type Task } from '../playbook/playbook.ts';
import { Dict, PyObject, type Value } from '../template/index.ts';
import type { PlayRun, RunContext } from './context.ts';
import { FactsNeeded } from './errors.ts';
import { flagOf } from './keywords.ts';
import { isFactName } from './magic-names.ts';
import { omit } from './omit.ts';
import { type Definition, type Layer, layerOf, VariableScope } from './scope.ts';

/** The variables of a task on a host, by Ansible's order of precedence: inventory, facts, play, blocks, task, registered, `-e`, magic. */
export function taskScope(run: PlayRun, task: Task, host: string): VariableScope {
  const inner = accumulated(task, 'vars').map(written => layerOf(written.node));
  return new VariableScope(
    [
      ...hostLayers(run.context, host, run.play),
      ...inner,
      ...upperLayers(run.context, host),
      ...magicLayers(run, host),
    ],
    run.context.environment,
  );
}

/** The variables of a host in a play, without a task's own. */
export function playScope(run: PlayRun, host: string): VariableScope {
  const inner = layerOf(run.play.keywords.get('vars')?.node);
  return new VariableScope(
    [
      ...hostLayers(run.context, host, run.play),
      inner,
      ...upperLayers(run.context, host),
      ...magicLayers(run, host),
    ],
    run.context.environment,
  );
}

/** The variables of a host outside of any play, as others see them through `hostvars`; with the variables of a play, as its connection needs them. */
export function hostScope(context: RunContext, host: string, play?: Play): VariableScope {
  const ofPlay =
    play === undefined
      ? []
      : [...play.varsFiles.map(file => layerOf(file.node)), layerOf(play.keywords.get('vars')?.node)];
  return new VariableScope(
    [
      ...hostLayers(context, host, undefined),
      ...ofPlay,
      ...upperLayers(context, host),
      inventoryMagic(context, host),
    ],
    context.environment,
  );
}

function hostLayers(context: RunContext, host: string, play: Play | undefined): readonly Layer[] {
  const inventory: Layer = new Map(
    Array.from(hostVariables(context.inventory, host), ([name, variable]) => [
      name,
      { node: variable.node, ...(variable.secret && { secret: variable.secret }) },
    ]),
  );
  const files = (play?.varsFiles ?? []).map(file => layerOf(file.node));
  return [inventory, new FactsLayer(context, host, play), ...files];
}

function upperLayers(context: RunContext, host: string): readonly Layer[] {
  const values: Layer = new Map(
    Array.from(context.memory(host).values, ([name, value]) => [name, { value }]),
  );
  return [values, context.settings.extraVariables];
}

/** The facts of a host, as `ansible_facts` and under their own names; asking for one that is not there yet asks the host. */
class FactsLayer implements Layer {
  readonly #context: RunContext;
  readonly #host: string;
  readonly #lazy: boolean;

  constructor(context: RunContext, host: string, play: Play | undefined) {
    this.#context = context;
    this.#host = host;
    const gather = play?.keywords.get('gather_facts')?.node;
    const refused =
      gather?.kind === 'scalar' &&
      gather.value !== null &&
      !flagOf(typeof gather.value === 'bigint' ? String(gather.value) : gather.value);
    this.#lazy = play !== undefined && context.factsModule !== undefined && !refused;
  }

  get #facts(): ReadonlyMap<string, Value> | undefined {
    return this.#context.memory(this.#host).facts;
  }

  has(name: string): boolean {
    if (!isFactName(name)) return false;
    if (this.#facts === undefined) return this.#lazy;
    return name === 'ansible_facts' || this.#facts.has(name.slice('ansible_'.length));
  }

  get(name: string): Definition | undefined {
    return { compute: () => this.#fact(name) };
  }

  #fact(name: string): Value {
    const facts = this.#facts;
    if (facts === undefined) throw new FactsNeeded('facts are needed');
    if (name === 'ansible_facts') return new Dict(facts);
    return facts.get(name.slice('ansible_'.length)) ?? null;
  }

  keys(): Iterable<string> {
    const facts = this.#facts;
    return (
      facts === undefined ? [] : ['ansible_facts', ...Array.from(facts.keys(), name => `ansible_${name}`)]
    ).values();
  }
}

/** `hostvars`: the variables of other hosts, evaluated when asked for. */
class HostVariables extends PyObject {
  readonly typeName = 'HostVars';
  readonly #context: RunContext;
  constructor(context: RunContext) {
    super();
    this.#context = context;
  }

  override attribute(name: string): Value | undefined {
    return this.#context.inventory.hosts.has(name) || name === 'localhost'
      ? new VariablesOf(name, hostScope(this.#context, name))
      : undefined;
  }

  override iterate(): Iterable<Value> {
    return this.#context.inventory.hosts.keys();
  }

  override size(): number {
    return this.#context.inventory.hosts.size;
  }
}

/** The variables of one host, as an object. */
class VariablesOf extends PyObject {
  readonly typeName = 'HostVarsVars';
  readonly #host: string;
  readonly #scope: VariableScope;
  constructor(host: string, scope: VariableScope) {
    super();
    this.#host = host;
    this.#scope = scope;
  }

  override attribute(name: string): Value | undefined {
    return this.#scope.get(name);
  }

  override iterate(): Iterable<Value> {
    return new Set(this.#scope.names());
  }

  override text(): string {
    return `<variables of ${this.#host}>`;
  }
}

const values = (entries: Readonly<Record<string, () => Value>>): Layer =>
  new Map(Object.entries(entries).map(([name, compute]) => [name, { compute }]));

function inventoryMagic(context: RunContext, host: string): Layer {
  const { inventory, settings } = context;
  const source = findHost(inventory, host)?.source;
  const groupsOf = (): Value =>
    Array.from(inventory.groups.values())
      .filter(group => group.name !== 'all' && inventory.hostsOf(group.name).includes(host))
      .map(group => group.name)
      .sort();
  return values({
    inventory_hostname: () => host,
    inventory_hostname_short: () => host.split('.')[0] ?? host,
    group_names: groupsOf,
    groups: () =>
      new Dict(Array.from(inventory.groups.keys(), name => [name, [...inventory.hostsOf(name)]] as const)),
    hostvars: () => new HostVariables(context),
    inventory_dir: () => (source === undefined ? null : dirname(resolve(source))),
    inventory_file: () => (source === undefined ? null : resolve(source)),
    omit: () => omit,
    ansible_check_mode: () => settings.check,
    ansible_diff_mode: () => settings.diff,
    ansible_forks: () => settings.forks,
    ansible_run_tags: () => (settings.tags.length === 0 ? ['all'] : [...settings.tags]),
    ansible_skip_tags: () => [...settings.skipTags],
    ansible_version: () =>
      new Dict([
        ['full', '2.19.0'],
        ['major', 2],
        ['minor', 19],
        ['revision', 0],
        ['string', '2.19.0'],
      ]),
  });
}

/** The variables that Ansible calls magic. */
function magicLayers(run: PlayRun, host: string): readonly Layer[] {
  const play = values({
    ansible_play_name: () => run.play.name,
    ansible_play_hosts_all: () => [...run.allHosts],
    ansible_play_hosts: () =>
      run.allHosts.filter(name => !run.batch.includes(name) || run.active().includes(name)),
    ansible_play_batch: () => [...run.active()],
    play_hosts: () => [...run.active()],
    playbook_dir: () => dirname(resolve(run.play.path)),
    ansible_playbook_name: () => basename(run.play.path),
  });
  return [inventoryMagic(run.context, host), play];
}
