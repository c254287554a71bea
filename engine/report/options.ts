import type { Writable } from 'node:stream';

/** Where a reporter writes, and how. */
export interface ReporterOptions {
  readonly out: Writable;
  readonly err: Writable;
  /** The width of the terminal now; asked anew for each line, so that a resize counts. */
  columns(): number;
  /** Its height now; 24 where nothing says. */
  rows?(): number;
  readonly colour: boolean;
  /** How many `-v`: 0 what came of each task, 1 also timing, surveys and returned values, 2 also steps, commands and output, 3 every event. */
  readonly verbosity: number;
}
