import type { RunProgram } from './executable.ts';
import type { Decrypt } from './vault-file.ts';

/** What reading an inventory may need besides its sources. */
export interface LoadOptions {
  /** The playbook's directory, for the `group_vars` and `host_vars` beside it. */
  readonly playbookDirectory?: string;
  /** Decrypts files that are encrypted as a whole; without it, such a file is an error. */
  readonly decrypt?: Decrypt;
  /** Runs executable inventories; without it, such a file is an error. */
  readonly run?: RunProgram;
}
