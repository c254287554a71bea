import type { KeywordDefinition } from '../playbook/keywords.ts';
import { code, page, table } from './markdown.ts';

/** The keywords of playbooks, as data. */
export type Keywords = Readonly<Record<string, KeywordDefinition>>;

const INHERITS = {
  nearest: 'the nearest one counts',
  all: 'all of them count',
  no: '',
} as const satisfies Readonly<Record<KeywordDefinition['inherits'], string>>;

const KINDS = {
  expression: 'expression, without braces',
  template: 'may hold templates',
  static: 'read before the run',
  structure: '',
} as const satisfies Readonly<Record<KeywordDefinition['kind'], string>>;

/** The page of the keywords of plays, blocks, tasks and handlers, in Markdown. */
export function renderKeywordsPage(keywords: Keywords): string {
  return page(
    '# Keywords',
    'What stands beside the module in a task, and in the blocks and plays that hold tasks.',
    table(
      ['keyword', 'where', 'what it is', 'value', 'of several around a task'],
      Object.entries(keywords)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { holders, summary, kind, inherits }]) => [
          code(name),
          holders.join(', '),
          summary,
          KINDS[kind],
          INHERITS[inherits],
        ]),
    ),
  );
}
