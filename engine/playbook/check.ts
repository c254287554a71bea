import { Deferred } from '../kit/coerce.ts';
import { type Diagnostics, SourceError } from '../source/diagnostic.ts';
import type { Node } from '../source/node.ts';
import { didYouMean } from '../source/suggest.ts';
import { type Environment, hasTemplate, TemplateError } from '../template/index.ts';
import { checkArguments } from './arguments.ts';
import { checkNames } from './check-names.ts';
import { checkVariables, type Visible } from './check-variables.ts';
import { findFile } from './files.ts';
import { isTemplated } from './keyword-values.ts';
import { KEYWORDS, type Keyword } from './keywords.ts';
import type { Knowledge } from './knowledge.ts';
import {
  accumulated,
  type Block,
  type Play,
  type Playbook,
  type Scoped,
  type Task,
  tasksOf,
} from './playbook.ts';
import { parseTemplateFile } from './template-file.ts';
import { type Code, expressionsIn, templatesIn } from './templates-in.ts';
import { textsOf } from './texts.ts';

/** What the checks are made with. */
export interface CheckOptions {
  readonly environment: Environment;
  readonly knowledge: Knowledge;
  readonly diagnostics: Diagnostics;
}

/** Finds, before anything connects, what is certain to be wrong in a playbook that could be read. */
export function checkPlaybook(playbook: Playbook, options: CheckOptions): void {
  const brought = new Set(playbook.plays.flatMap(play => [...allTasks(play)].flatMap(broughtBy)));
  for (const play of playbook.plays) new PlayCheck(play, brought, options).all();
}

function* allTasks(play: Play): Generator<Task> {
  for (const section of play.sections) yield* tasksOf(section);
  yield* play.handlers;
}

/** The variables that a task's run brings. */
function broughtBy(task: Task): readonly string[] {
  const facts =
    task.callee.definition.name === 'set_fact' && task.argumentsNode?.kind === 'mapping'
      ? task.argumentsNode.entries.map(entry => String(entry.key))
      : [];
  return task.register === undefined ? facts : [...facts, task.register];
}

const ALWAYS_EVALUATED: ReadonlySet<Keyword> = new Set([
  'loop',
  'run_once',
  'throttle',
  'serial',
  'gather_facts',
  'max_fail_percentage',
]);

class PlayCheck {
  readonly #play: Play;
  readonly #brought: ReadonlySet<string>;
  readonly #options: CheckOptions;
  readonly #hosts: readonly string[];

  constructor(play: Play, brought: ReadonlySet<string>, options: CheckOptions) {
    this.#play = play;
    this.#brought = brought;
    this.#options = options;
    this.#hosts = options.knowledge.hostsOf(play, options.diagnostics);
  }

  all(): void {
    this.#keywords(this.#play, true);
    for (const section of this.#play.sections) this.#block(section, true);
    for (const handler of this.#play.handlers) this.#task(handler, false);
  }

  /** `certain` says whether the run is sure to come here. */
  #block(block: Block, certain: boolean): void {
    this.#keywords(block, certain);
    const inner = certain && !block.keywords.has('when');
    for (const [items, sure] of [
      [block.body, inner],
      [block.rescue, false],
      [block.always, inner],
    ] as const) {
      for (const item of items) {
        if (item.kind === 'block') this.#block(item, sure);
        else this.#task(item, sure);
      }
    }
  }

  #task(task: Task, certain: boolean): void {
    const loop = task.keywords.get('loop')?.node;
    const runs =
      certain &&
      !task.keywords.has('when') &&
      (loop === undefined || (loop.kind === 'sequence' && loop.items.length > 0));
    this.#keywords(task, certain);
    for (const node of [task.argumentsNode, task.keywords.get('args')?.node]) {
      if (node !== undefined)
        for (const code of templatesIn(node, this.#options.diagnostics)) this.#code(code, task, runs);
    }
    this.#arguments(task, runs);
    this.#notified(task);
    this.#delegate(task);
  }

  #keywords(scoped: Scoped, certain: boolean): void {
    for (const [keyword, { node }] of scoped.keywords) {
      const { kind } = KEYWORDS[keyword];
      if (kind === 'structure' || kind === 'static') continue;
      const codes =
        kind === 'expression'
          ? expressionsIn(node, this.#options.diagnostics)
          : templatesIn(node, this.#options.diagnostics);
      for (const [index, code] of codes.entries())
        this.#code(code, scoped, certain && this.#isEvaluated(keyword, index));
    }
  }

  /** Whether a keyword of a task that the run is sure to come to is sure to be evaluated. */
  #isEvaluated(keyword: Keyword, index: number): boolean {
    // Later conditions only count where the earlier ones hold; variables and results are looked at only when they are needed or there.
    return ALWAYS_EVALUATED.has(keyword) || (keyword === 'when' && index === 0);
  }

  #code(code: Code, scoped: Scoped, certain: boolean): void {
    checkNames(code, this.#options.environment, this.#options.diagnostics);
    if (certain) checkVariables(code, this.#visible(scoped), this.#options.diagnostics);
  }

  #visible(scoped: Scoped): Visible {
    const own = accumulated(scoped, 'vars').map(written => variablesIn(written.node));
    const files = this.#play.varsFiles.map(file => variablesIn(file.node));
    const control = scoped.keywords.get('loop_control')?.node;
    const loop = scoped.keywords.has('loop')
      ? [
          'item',
          'ansible_loop',
          'ansible_loop_var',
          ...textsOf(valueIn(control, 'loop_var')),
          ...textsOf(valueIn(control, 'index_var')),
        ]
      : [];
    return {
      knowledge: this.#options.knowledge,
      environment: this.#options.environment,
      hosts: this.#hosts,
      written: [...own].reverse().concat(files),
      brought: new Set([...this.#brought, ...loop]),
    };
  }

  /** Unknown and missing arguments, and values of the wrong type, as far as they can be told without the run. */
  #arguments(task: Task, certain: boolean): void {
    const { diagnostics } = this.#options;
    const { definition } = task.callee;
    const nodes = [task.keywords.get('args')?.node, task.argumentsNode];
    const values: Record<string, unknown> = {};
    for (const node of nodes) {
      if (node === undefined) continue;
      if (node.kind === 'mapping')
        for (const entry of node.entries) values[String(entry.key)] = deferred(entry.value);
      else if (definition.freeForm !== undefined) values[definition.freeForm] = deferred(node);
      else if (isOneTemplate(node)) return;
      else {
        diagnostics.error('wrong-type', `the arguments of ${definition.name} are a mapping`, node.span, {
          hint: /^\s*\w+=/.test(node.kind === 'scalar' ? String(node.value) : '')
            ? 'write each one as `name: value`, on a line of its own'
            : `\`play docs ${definition.name}\` lists them`,
        });
        return;
      }
    }
    const checked = checkArguments(task.callee, values, task.argumentsNode, task.calleeName.span);
    for (const diagnostic of checked.diagnostics) diagnostics.add(diagnostic);
    if (checked.diagnostics.length === 0) this.#files(task, checked.args, certain);
  }

  /** The files that a task names, and the templates among them. */
  #files(task: Task, args: object, certain: boolean): void {
    for (const [name, value] of Object.entries(args)) {
      const schema = task.callee.definition.args.properties[name];
      if (schema?.type !== 'string' || !('file' in schema) || typeof value !== 'string') continue;
      const node = valueIn(task.argumentsNode, name);
      const found = findFile(this.#play.path, value, schema.file, node?.span ?? task.calleeName.span);
      if ('missing' in found) this.#options.diagnostics.add(found.missing);
      else if (schema.file === 'template') this.#templateFile(found.path, task, certain);
    }
  }

  #templateFile(path: string, task: Task, certain: boolean): void {
    try {
      this.#code(parseTemplateFile(path).template, task, certain);
    } catch (error) {
      if (error instanceof TemplateError) this.#options.diagnostics.add(error.toDiagnostic());
      else if (error instanceof SourceError)
        for (const one of error.diagnostics) this.#options.diagnostics.add(one);
      else throw error;
    }
  }

  #notified(task: Task): void {
    const known = this.#play.handlers.flatMap(handler => handler.listens);
    const written = task.keywords.get('notify');
    if (written === undefined) return;
    for (const node of written.node.kind === 'sequence' ? written.node.items : [written.node]) {
      if (
        node.kind !== 'scalar' ||
        isTemplated(node) ||
        known.includes(String(node.value)) ||
        known.some(hasTemplate)
      )
        continue;
      const suggestion = didYouMean(String(node.value), known);
      const hint =
        suggestion !== undefined
          ? `did you mean “${suggestion}”?`
          : known.length === 0
            ? 'the play has no handlers: add it under `handlers:`'
            : `the play’s handlers are ${known.map(name => `“${name}”`).join(', ')}`;
      this.#options.diagnostics.error(
        'unknown-handler',
        `there is no handler “${String(node.value)}”`,
        node.span,
        { hint },
      );
    }
  }

  #delegate(task: Task): void {
    const node = task.keywords.get('delegate_to')?.node;
    const { knowledge, diagnostics } = this.#options;
    if (
      node?.kind !== 'scalar' ||
      isTemplated(node) ||
      node.value === null ||
      knowledge.isHost(String(node.value))
    )
      return;
    const suggestion = didYouMean(String(node.value), knowledge.hostNames);
    diagnostics.error('unknown-host', `“${String(node.value)}” is no host of the inventory`, node.span, {
      hint: suggestion === undefined ? 'name a host of the inventory' : `did you mean “${suggestion}”?`,
    });
  }
}

function variablesIn(node: Node | undefined): ReadonlyMap<string, Node> {
  return new Map(
    node?.kind === 'mapping' ? node.entries.map(entry => [String(entry.key), entry.value] as const) : [],
  );
}

function valueIn(node: Node | undefined, key: string): Node | undefined {
  return variablesIn(node).get(key);
}

/** Whether a node is one template and nothing else, so that its value may be a mapping. */
function isOneTemplate(node: Node): boolean {
  return isTemplated(node) && node.kind === 'scalar' && /^\s*\{\{.*\}\}\s*$/s.test(String(node.value));
}

/** A node's value, with Deferred for what only the run knows. */
function deferred(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return isTemplated(node) || node.tag === '!vault' ? new Deferred() : node.value;
    case 'sequence':
      return node.items.map(deferred);
    case 'mapping':
      return Object.fromEntries(node.entries.map(entry => [String(entry.key), deferred(entry.value)]));
  }
}
