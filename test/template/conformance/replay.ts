import { readFileSync } from 'node:fs';
import { Dict } from '../../../engine/template/dict.ts';
import {
  type Environment,
  parseTemplate,
  render,
  type Scope,
  type Template,
  TemplateError,
  type TemplateOptions,
  type Value,
} from '../../../engine/template/index.ts';
import { readJson } from '../../../engine/template/json-read.ts';

/** One template and what Python makes of it. */
export interface Case {
  readonly template: string;
  /** A text of JSON; the common variables where there is none. */
  readonly variables?: string;
  readonly templates?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string | boolean>>;
  readonly output?: string;
  readonly error?: 'syntax' | 'unknown' | 'undefined' | 'not-found' | 'runtime';
}

const data = new URL('fixtures/', import.meta.url);

/** The cases of a group. */
export function casesOf(group: string): readonly Case[] {
  // The file is written by generate.py in just this shape.
  return JSON.parse(readFileSync(new URL(`${group}.json`, data), 'utf8')) as readonly Case[];
}

const common = readFileSync(new URL('variables.txt', data), 'utf8');

/** The variables that a case is evaluated with. */
export function variablesOf(one: Case): ReadonlyMap<string, Value> {
  const dict = readJson(one.variables ?? common);
  return new Map(
    dict instanceof Dict ? Array.from(dict.entries(), ([name, value]) => [String(name), value]) : [],
  );
}

function optionsOf({ options = {} }: Case): TemplateOptions {
  return {
    ...(options['trim_blocks'] === true && { trimBlocks: true }),
    ...(options['lstrip_blocks'] === true && { lstripBlocks: true }),
    ...(options['keep_trailing_newline'] === true && { keepTrailingNewline: true }),
    ...(typeof options['line_statement_prefix'] === 'string' && {
      lineStatementPrefix: options['line_statement_prefix'],
    }),
    ...(typeof options['line_comment_prefix'] === 'string' && {
      lineCommentPrefix: options['line_comment_prefix'],
    }),
  };
}

const ERRORS: Readonly<Record<string, string>> = {
  'template-syntax': 'syntax',
  'unknown-filter': 'unknown',
  'unknown-test': 'unknown',
  'undefined-variable': 'undefined',
  'template-not-found': 'not-found',
};

/** What the evaluator makes of a case: its text, or the TemplateError that it throws. */
export function outcome(
  one: Case,
  environment: Environment,
  variables: ReadonlyMap<string, Value>,
): Value | TemplateError {
  const options = optionsOf(one);
  const load = (name: string): Template | undefined => {
    const text = one.templates?.[name];
    return text === undefined ? undefined : parseTemplate(text, undefined, options);
  };
  const scope: Scope = { get: name => variables.get(name), environment: { ...environment, load } };
  try {
    return render(parseTemplate(one.template, undefined, options), scope);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

/** What the evaluator makes of a case: its output, or `error: KIND`. */
export function replay(one: Case, environment: Environment): string {
  const result = outcome(one, environment, variablesOf(one));
  return result instanceof TemplateError ? `error: ${ERRORS[result.code] ?? 'runtime'}` : String(result);
}

/** What Python makes of it, in the same form. */
export function expected(one: Case): string {
  return one.error === undefined ? (one.output ?? '') : `error: ${one.error}`;
}
