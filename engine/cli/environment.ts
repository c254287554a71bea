import { builtins, type Environment } from '../template/index.ts';

/** The filters, tests, functions and lookups of playbooks. */
export const environment: Environment = builtins;
