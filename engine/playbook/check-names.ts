import type { Diagnostics } from '../source/diagnostic.ts';
import { didYouMean } from '../source/suggest.ts';
import { calls, type Environment, type Use } from '../template/index.ts';
import type { Code } from './templates-in.ts';

/** Reports filters, tests and lookups that there are not. */
export function checkNames(code: Code, environment: Environment, diagnostics: Diagnostics): void {
  const used = calls(code);
  const kinds = [
    ['filter', used.filters, environment.filters],
    ['test', used.tests, environment.tests],
    ['lookup', used.lookups, environment.lookups],
  ] as const;
  for (const [kind, uses, known] of kinds) for (const use of uses) checkUse(kind, use, known, diagnostics);
}

function checkUse(
  kind: 'filter' | 'test' | 'lookup',
  use: Use,
  known: ReadonlyMap<string, unknown>,
  diagnostics: Diagnostics,
): void {
  const short = use.name.replace(/^ansible\.(builtin|legacy|utils)\./, '');
  if (known.has(use.name) || known.has(short)) return;
  const suggestion = didYouMean(use.name, known.keys());
  diagnostics.error(
    `unknown-${kind}`,
    `unknown ${kind} “${use.name}”`,
    use.span,
    suggestion === undefined ? {} : { hint: `did you mean “${suggestion}”?` },
  );
}
