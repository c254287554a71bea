import { builtins } from './builtins.ts';
import type { Environment } from './environment.ts';
import { dataFilters } from './filters/ansible-data.ts';
import { ansibleNumberFilters } from './filters/ansible-numbers.ts';
import { passwordFilters } from './filters/ansible-password.ts';
import { pathFilters } from './filters/ansible-paths.ts';
import { regexFilters } from './filters/ansible-regex.ts';
import { ansibleTextFilters } from './filters/ansible-text.ts';
import { yamlFilters } from './filters/ansible-yaml.ts';
import { ansibleTests } from './tests/ansible.ts';

/** Jinja2's filters, tests and functions with Ansible's on top; lookups need the outside and come from `lookups`. */
export const ansible: Environment = {
  filters: new Map([
    ...builtins.filters,
    ...dataFilters,
    ...regexFilters,
    ...ansibleTextFilters,
    ...pathFilters,
    ...ansibleNumberFilters,
    ...yamlFilters,
    ...passwordFilters,
  ]),
  tests: new Map([...builtins.tests, ...ansibleTests]),
  globals: builtins.globals,
  lookups: builtins.lookups,
};
