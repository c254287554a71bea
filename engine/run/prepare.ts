import type { Text } from '../kit/secret.ts';
import { Secret } from '../kit/secret.ts';
import type { Probe } from '../kit/source.ts';
import { Unknown } from '../kit/unknown.ts';
import { accumulated, type Task, writtenName } from '../playbook/playbook.ts';
import { str, type Value } from '../template/index.ts';
import { type Question, questionsOf } from './answers.ts';
import { argumentsOf } from './arguments.ts';
import type { Become } from './become.ts';
import type { PlayRun } from './context.ts';
import { evaluateConditions, evaluateNode } from './evaluate.ts';
import { keywordFlag, keywordMapping, keywordNumber, keywordText } from './keywords.ts';
import { type LoopItem, loopOf } from './loop.ts';
import type { VariableScope } from './scope.ts';
import { becomeOf } from './target.ts';
import { taskScope } from './task-scope.ts';

/** How a task is to be done on a host, beside its arguments. */
export interface Manner {
  readonly name: string;
  /** Whose task it is. */
  readonly host: string;
  /** Where its work is done: another host under `delegate_to`. */
  readonly target: string;
  readonly delegated: boolean;
  readonly become: Become | undefined;
  readonly check: boolean;
  readonly diff: boolean;
  readonly noLog: boolean;
  readonly ignoreErrors: boolean;
  readonly ignoreUnreachable: boolean;
  readonly environment: Readonly<Record<string, Text>>;
  readonly timeoutSeconds: number | undefined;
}

/** One piece of work: the task itself, or one item of its loop. */
export interface Item {
  readonly label: string | undefined;
  readonly loop: LoopItem | undefined;
  readonly scope: VariableScope;
  readonly work: Work;
}

/** What is to be done for an item. */
export type Work =
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly until: string }
  | { readonly kind: 'module'; readonly args: object; readonly probe: Probe<object> }
  | { readonly kind: 'action'; readonly args: object };

/** A task on a host, evaluated: nothing was asked or changed yet. */
export interface Prepared {
  readonly task: Task;
  readonly manner: Manner;
  readonly looped: boolean;
  readonly items: readonly Item[];
}

/** Evaluates a task for a host. Throws TemplateError, PlaybookMistake and FactsNeeded; changes nothing, so it may be done ahead and again. */
export function prepare(run: PlayRun, task: Task, host: string): Prepared {
  const scope = taskScope(run, task, host);
  const loop = loopOf(task, scope);
  if (loop === undefined) {
    return {
      task,
      manner: mannerOf(run, task, host, scope),
      looped: false,
      items: [prepareItem(run, task, host, scope, undefined)],
    };
  }
  if (loop instanceof Unknown) {
    return {
      task,
      manner: mannerOf(run, task, host, scope),
      looped: false,
      items: [
        {
          label: undefined,
          loop: undefined,
          scope,
          work: conditionsOf(task, scope) ?? { kind: 'unknown', until: loop.until },
        },
      ],
    };
  }
  const items = loop.map(one => prepareItem(run, task, host, scope.with(one.variables), one));
  return { task, manner: mannerOf(run, task, host, items[0]?.scope ?? scope), looped: true, items };
}

/** The same task, where a check cannot know whether it comes to its turn at all. */
export function doubted(prepared: Prepared, until: string): Prepared {
  const items = prepared.items.map(
    (item): Item => (item.work.kind === 'skip' ? item : { ...item, work: { kind: 'unknown', until } }),
  );
  return { ...prepared, items };
}

function prepareItem(
  run: PlayRun,
  task: Task,
  host: string,
  scope: VariableScope,
  loop: LoopItem | undefined,
): Item {
  const label = loop === undefined ? undefined : loop.label(scope);
  return { label, loop, scope, work: conditionsOf(task, scope) ?? workOf(run, task, host, scope) };
}

/** Why the work is not done, or not known to be done; undefined where all conditions hold. */
function conditionsOf(task: Task, scope: VariableScope): Work | undefined {
  let unknown: Unknown | undefined;
  for (const written of accumulated(task, 'when')) {
    const holds = evaluateConditions(written.node, scope);
    if (holds === false) return { kind: 'skip', reason: `when: ${conditionText(written.node)}` };
    if (holds instanceof Unknown) unknown ??= holds;
  }
  return unknown === undefined ? undefined : { kind: 'unknown', until: unknown.until };
}

function conditionText(node: Parameters<typeof evaluateNode>[0]): string {
  return node.kind === 'sequence'
    ? node.items.map(conditionText).join(' and ')
    : node.kind === 'scalar'
      ? String(node.value)
      : '…';
}

function workOf(run: PlayRun, task: Task, host: string, scope: VariableScope): Work {
  const args = argumentsOf(task, scope, run.play.path);
  if (args instanceof Unknown) return { kind: 'unknown', until: args.until };
  if (task.callee.kind === 'action') return { kind: 'action', args };
  const { target } = whereOf(task, host, scope);
  const probe = task.callee.definition.probe(args, { host: target, diff: diffOf(run, task, scope) });
  return { kind: 'module', args, probe };
}

function whereOf(task: Task, host: string, scope: VariableScope): { target: string; delegated: boolean } {
  const delegate = keywordText(task, 'delegate_to', scope);
  return delegate === undefined ? { target: host, delegated: false } : { target: delegate, delegated: true };
}

function diffOf(run: PlayRun, task: Task, scope: VariableScope): boolean {
  return keywordFlag(task, 'diff', scope) ?? run.context.settings.diff;
}

function mannerOf(run: PlayRun, task: Task, host: string, scope: VariableScope): Manner {
  const { settings } = run.context;
  const noLog = keywordFlag(task, 'no_log', scope) ?? false;
  return {
    name: noLog ? writtenName(task) : nameOf(task, scope),
    host,
    ...whereOf(task, host, scope),
    become: becomeOf(
      task,
      whereOf(task, host, scope).delegated ? taskScope(run, task, whereOf(task, host, scope).target) : scope,
      settings.connection,
    ),
    check: keywordFlag(task, 'check_mode', scope) ?? settings.check,
    diff: diffOf(run, task, scope),
    noLog,
    ignoreErrors: keywordFlag(task, 'ignore_errors', scope) ?? false,
    ignoreUnreachable: keywordFlag(task, 'ignore_unreachable', scope) ?? false,
    environment: Object.fromEntries(
      Array.from(keywordMapping(task, 'environment', scope), ([name, value]) => [name, textOf(value)]),
    ),
    timeoutSeconds: keywordNumber(task, 'timeout', scope),
  };
}

function textOf(value: Value): Text {
  return value instanceof Secret ? value.map(str) : str(value);
}

/** A task's name with its templates evaluated as far as they can be. */
function nameOf(task: Task, scope: VariableScope): string {
  const node = task.keywords.get('name')?.node;
  if (node === undefined) return task.calleeName.text;
  try {
    const value = evaluateNode(node, scope);
    return value instanceof Unknown || value instanceof Secret ? writtenName(task) : str(value);
  } catch {
    return writtenName(task);
  }
}

/** All that must be asked before the task can be planned on its host. */
export function questions(prepared: Prepared): readonly Question[] {
  return prepared.items.flatMap(item =>
    item.work.kind === 'module'
      ? questionsOf(item.work.probe, prepared.manner.target, prepared.manner.become)
      : [],
  );
}
