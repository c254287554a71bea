import { readFileSync } from 'node:fs';
import type { LoadedFile } from '../kit/schema.ts';
import { Secret } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import { checkArguments } from '../playbook/arguments.ts';
import { findFile } from '../playbook/files.ts';
import type { Task } from '../playbook/playbook.ts';
import { parseTemplateFile } from '../playbook/template-file.ts';
import type { Node } from '../source/node.ts';
import {
  Dict,
  render,
  type Scope,
  str,
  TemplateError,
  toPlain,
  type Value,
  withLineEnds,
} from '../template/index.ts';
import { PlaybookMistake } from './errors.ts';
import { evaluateNode } from './evaluate.ts';
import { Omit } from './omit.ts';

/** The arguments of a task on a host as its module wants them, or the Unknown that one of them depends on. Throws TemplateError and PlaybookMistake. */
export function argumentsOf(task: Task, scope: Scope, playbookPath: string): object | Unknown {
  const written = writtenArguments(task, scope);
  const values = Object.fromEntries(
    [...written]
      .filter(([, value]) => !(value instanceof Omit))
      .map(([name, value]) => [name, toPlain(value)]),
  );
  const { args, diagnostics } = checkArguments(task.callee, values, task.argumentsNode, task.calleeName.span);
  if (diagnostics.length > 0) throw new PlaybookMistake(diagnostics);
  // `set_fact` keeps what is known of its values, and what is not.
  const { callee } = task;
  const unknown =
    callee.kind === 'action' && callee.definition.anyArguments === true ? undefined : findUnknown(args);
  if (unknown !== undefined) return unknown;
  return withFiles(task, args, scope, playbookPath);
}

/** The arguments under the module's name and `args:`, evaluated. */
function writtenArguments(task: Task, scope: Scope): ReadonlyMap<string, Value> {
  const merged = new Map<string, Value>();
  const extra = task.keywords.get('args')?.node;
  for (const node of [extra, task.argumentsNode]) {
    if (node === undefined) continue;
    const value = evaluateNode(node, scope);
    if (value instanceof Dict) for (const [name, item] of value.entries()) merged.set(str(name), item);
    else merged.set(freeFormName(task, node), value);
  }
  return merged;
}

function freeFormName(task: Task, node: Node): string {
  const { definition } = task.callee;
  if (definition.freeForm !== undefined) return definition.freeForm;
  throw new PlaybookMistake([
    {
      code: 'wrong-type',
      severity: 'error',
      message: `the arguments of ${definition.name} are a mapping`,
      span: node.span,
      hint: `\`play docs ${definition.name}\` lists them`,
    },
  ]);
}

function findUnknown(value: unknown): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (value instanceof Secret || typeof value !== 'object' || value === null || value instanceof Uint8Array)
    return undefined;
  for (const item of Object.values(value)) {
    const found = findUnknown(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Loads the files of the controller that arguments name, templates rendered. */
function withFiles(task: Task, args: object, scope: Scope, playbookPath: string): object | Unknown {
  const loaded: Record<string, unknown> = { ...args };
  for (const [name, schema] of Object.entries(task.callee.definition.args.properties)) {
    const value = loaded[name];
    if (schema.type !== 'string' || !('file' in schema) || typeof value !== 'string') continue;
    const found = findFile(playbookPath, value, schema.file, task.calleeName.span);
    if ('missing' in found) throw new PlaybookMistake([found.missing]);
    const content = schema.file === 'template' ? renderFile(found.path, scope) : readFileSync(found.path);
    if (content instanceof Unknown) return content;
    const file: LoadedFile = { path: found.path, content };
    loaded[name] = file;
  }
  return loaded;
}

/** A template file, rendered: text, secret if anything secret went into it. */
function renderFile(path: string, scope: Scope): string | Secret | Unknown {
  const { template, name } = parseTemplateFile(path);
  const value = render(template, scope);
  if (value instanceof Unknown) return value;
  if (typeof value === 'string') return withLineEnds(template.text, value);
  if (value instanceof Secret) return value.map(secret => withLineEnds(template.text, str(secret)));
  throw new TemplateError('template-value', `“${name}” does not render to text`);
}
