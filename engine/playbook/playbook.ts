import type { ArgumentsSchema, Module } from '../kit/module.ts';
import type { Node } from '../source/node.ts';
import type { SourceText, Span } from '../source/span.ts';
import { KEYWORDS, type Keyword } from './keywords.ts';

/** Something that the engine itself does when a task names it (`debug`, `assert`, `meta`): it has arguments like a module. */
export interface ActionDefinition {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly args: ArgumentsSchema;
  readonly freeForm?: string;
  /** Takes arguments of any name (`set_fact`). */
  readonly anyArguments?: boolean;
  readonly mistake?: (args: object) => string | undefined;
}

/** What a task can name. */
export type Callee =
  | { readonly kind: 'module'; readonly definition: Module }
  | { readonly kind: 'action'; readonly definition: ActionDefinition };

/** All that tasks can name, by name and alias. */
export interface Registry {
  find(name: string): Callee | undefined;
  readonly names: readonly string[];
}

/** A keyword as it was written. */
export interface Written {
  readonly keySpan: Span;
  readonly node: Node;
}

/** What holds keywords, inside what holds it. */
export interface Scoped {
  readonly span: Span;
  readonly keywords: ReadonlyMap<Keyword, Written>;
  readonly parent: Scoped | undefined;
}

export interface Playbook {
  readonly source: SourceText;
  readonly path: string;
  readonly plays: readonly Play[];
}

export interface Play extends Scoped {
  readonly kind: 'play';
  readonly name: string;
  /** The playbook's file, for the search of files and the names of owed handlers. */
  readonly path: string;
  /** `hosts`: whom the play is for. */
  readonly hosts: Node | undefined;
  readonly pattern: string;
  /** pre_tasks, tasks, post_tasks: notified handlers run behind each. */
  readonly sections: readonly Block[];
  readonly handlers: readonly Task[];
  readonly varsFiles: readonly { readonly path: string; readonly node: Node | undefined }[];
}

export interface Block extends Scoped {
  readonly kind: 'block';
  readonly body: readonly (Block | Task)[];
  readonly rescue: readonly (Block | Task)[];
  readonly always: readonly (Block | Task)[];
}

export interface Task extends Scoped {
  readonly kind: 'task';
  /** Unique in the run, in the order of the text. */
  readonly id: number;
  readonly handler: boolean;
  readonly callee: Callee;
  /** The key by which the task names its module, as written. */
  readonly calleeName: { readonly text: string; readonly span: Span };
  /** The value under that key: a mapping, free-form text, or nothing. */
  readonly argumentsNode: Node | undefined;
  readonly register: string | undefined;
  /** The names that `notify` finds a handler by: its own and `listen`. */
  readonly listens: readonly string[];
}

/** The keyword that counts for a task: its own, or the nearest one around it. */
export function nearest(scoped: Scoped, keyword: Keyword): Written | undefined {
  for (let at: Scoped | undefined = scoped; at !== undefined; at = at.parent) {
    const written = at.keywords.get(keyword);
    if (written !== undefined) return written;
    if (KEYWORDS[keyword].inherits === 'no') return undefined;
  }
  return undefined;
}

/** All values of a keyword that add up for a task, the outermost first. */
export function accumulated(scoped: Scoped, keyword: Keyword): readonly Written[] {
  const found: Written[] = [];
  for (let at: Scoped | undefined = scoped; at !== undefined; at = at.parent) {
    const written = at.keywords.get(keyword);
    if (written !== undefined) found.unshift(written);
  }
  return found;
}

/** The tasks of a block in the order of the text, those of rescue and always included. */
export function* tasksOf(block: Block): Generator<Task> {
  for (const item of [...block.body, ...block.rescue, ...block.always]) {
    if (item.kind === 'task') yield item;
    else yield* tasksOf(item);
  }
}

/** What a task is called before its templates are evaluated: its name, or its module's. */
export function writtenName(task: Task): string {
  const node = task.keywords.get('name')?.node;
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : task.calleeName.text;
}
