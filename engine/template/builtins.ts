import type { Environment } from './environment.ts';
import { jsonFilters } from './filters/json.ts';
import { numberFilters } from './filters/number.ts';
import { selectFilters } from './filters/select.ts';
import { sequenceFilters } from './filters/sequence.ts';
import { textFilters } from './filters/text.ts';
import { builtinGlobals } from './globals.ts';
import { builtinTests } from './tests/builtin.ts';

/** Jinja2's own filters, tests and functions. */
export const builtins: Environment = {
  filters: new Map([...sequenceFilters, ...selectFilters, ...textFilters, ...numberFilters, ...jsonFilters]),
  tests: builtinTests,
  globals: builtinGlobals,
  lookups: new Map(),
};
