import type { Module } from '../kit/module.ts';
import type { Play, Task } from '../playbook/playbook.ts';
import type { ScalarNode } from '../source/node.ts';
import { Dict, fromPlain, str, type Value } from '../template/index.ts';
import { questionsOf } from './answers.ts';
import type { PlayRun } from './context.ts';
import { FactsNeeded } from './errors.ts';
import { survey } from './survey.ts';
import { becomeOf } from './target.ts';
import { playScope } from './task-scope.ts';

/** The task that `gather_facts: true` stands for. */
export function factsTask(play: Play, module: Module): Task {
  const span = play.keywords.get('gather_facts')?.keySpan ?? play.span;
  const name: ScalarNode = { kind: 'scalar', span, value: 'Gathering Facts', float: false, style: 'plain' };
  return {
    kind: 'task',
    id: 0,
    handler: false,
    span,
    keywords: new Map([['name', { keySpan: span, node: name }]]),
    parent: play,
    callee: { kind: 'module', definition: module },
    calleeName: { text: module.name, span },
    argumentsNode: undefined,
    register: undefined,
    listens: [],
  };
}

/** Evaluates for each of several hosts; asks for facts, of all who need them at once, where an evaluation needs them. */
export async function withFacts<T>(
  run: PlayRun,
  hosts: readonly string[],
  evaluate: (host: string) => T,
): Promise<readonly T[]> {
  const lacking = new Set<string>();
  const attempt = (host: string): { readonly done: T } | undefined => {
    try {
      return { done: evaluate(host) };
    } catch (error) {
      if (!(error instanceof FactsNeeded)) throw error;
      lacking.add(host);
      return undefined;
    }
  };
  const first = hosts.map(attempt);
  if (lacking.size > 0) await gatherFacts(run, [...lacking]);
  return hosts.map((host, index) => first[index]?.done ?? evaluate(host));
}

/** Asks hosts for their facts. A host that cannot say gets none, so what uses them fails by name. */
async function gatherFacts(run: PlayRun, hosts: readonly string[]): Promise<void> {
  const { context } = run;
  const module = context.factsModule;
  if (module === undefined) return;
  const asked = hosts.map(host => ({
    host,
    probe: module.probe({}, { host, diff: false }),
    become: becomeOf(run.play, playScope(run, host), context.settings.connection),
  }));
  const now = asked.flatMap(({ host, probe, become }) => questionsOf(probe, host, become));
  const later = hosts.flatMap(host => run.lookAhead(host)).filter(question => !context.answers.has(question));
  await survey(context, [...now, ...later], 'look-ahead', 1);
  for (const { host, probe, become } of asked) {
    const memory = context.memory(host);
    try {
      const found = module.returns({}, context.answers.read(probe, host, become), []);
      rememberFacts(memory, fromPlain(found['ansible_facts'] ?? {}));
    } catch {
      memory.facts ??= new Map();
    }
  }
}

/** Stores the facts that a module returned, under their names without `ansible_`. */
export function rememberFacts(memory: { facts: ReadonlyMap<string, Value> | undefined }, facts: Value): void {
  if (!(facts instanceof Dict)) return;
  const named = Array.from(
    facts.entries(),
    ([name, value]) => [str(name).replace(/^ansible_/, ''), value] as const,
  );
  memory.facts = new Map([...(memory.facts ?? []), ...named]);
}
