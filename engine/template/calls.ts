import type { Span } from '../source/span.ts';
import type { ArgumentList } from './ast.ts';
import type { Expression, Template } from './template.ts';
import { expressionsIn, expressionsWithin } from './walk.ts';

/** One use of a filter, test, lookup or function. */
export interface Use {
  readonly name: string;
  /** The place of its name, or, of a lookup, of the string that names it. */
  readonly span: Span | undefined;
  /** How many arguments without a name are given, the input of a filter or test not counted; at least so many where `open` is true. */
  readonly positional: number;
  readonly named: readonly string[];
  /** Whether `*rest` or `**more` may bring further ones. */
  readonly open: boolean;
}

/** Everything that a template or expression uses of its environment by name. */
export interface Calls {
  readonly filters: readonly Use[];
  readonly tests: readonly Use[];
  readonly lookups: readonly Use[];
  readonly functions: readonly Use[];
}

const LOOKUPS = new Set(['lookup', 'query', 'q']);

/** The filters, tests, lookups and functions that are used, each place of use, for static checks. */
export function calls(source: Template | Expression): Calls {
  const found = { filters: [] as Use[], tests: [] as Use[], lookups: [] as Use[], functions: [] as Use[] };
  const { places } = source;
  const nodes =
    source.kind === 'expression' ? expressionsWithin(source.node) : expressionsIn(source.statements);
  for (const node of nodes) {
    if (node.kind === 'filter') found.filters.push(use(node.name, places.spanOf(node.nameAt), node.args));
    else if (node.kind === 'test') found.tests.push(use(node.name, places.spanOf(node.nameAt), node.args));
    else if (node.kind === 'call' && node.callee.kind === 'name') {
      const { name } = node.callee;
      found.functions.push(use(name, places.spanOf(node.callee), node.args));
      const [first] = node.args.positional;
      const isLookup = LOOKUPS.has(name) && first?.kind === 'constant' && typeof first.value === 'string';
      if (isLookup)
        found.lookups.push(
          use(String(first.value), places.spanOf(first), {
            ...node.args,
            positional: node.args.positional.slice(1),
          }),
        );
    }
  }
  return found;
}

function use(name: string, span: Span | undefined, args: ArgumentList): Use {
  return {
    name,
    span,
    positional: args.positional.length,
    named: args.named.map(argument => argument.name),
    open: args.rest !== undefined || args.more !== undefined,
  };
}
