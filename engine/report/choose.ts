import type { Listener } from '../run/events.ts';
import { unreachable } from '../source/unreachable.ts';
import { jsonReporter } from './json.ts';
import { liveReporter } from './live.ts';
import type { ReporterOptions } from './options.ts';
import type { MaybeTerminal } from './paint.ts';
import { plainReporter } from './plain.ts';

/** The values of `--report`. */
export const REPORTS = ['live', 'plain', 'json'] as const;

export type Report = (typeof REPORTS)[number];

/**
 * The report that fits: live only where there is a terminal that can move its cursor, and where nobody wants to read commands and their output
 * as they come (`-vv`); otherwise plain.
 */
export function reportFor(
  wanted: Report | undefined,
  environment: NodeJS.ProcessEnv,
  stdout: MaybeTerminal,
  verbosity: number,
): Report {
  const canMove = stdout.isTTY === true && environment['TERM'] !== 'dumb' && verbosity < 2;
  if (wanted === undefined || wanted === 'live') return canMove ? 'live' : 'plain';
  return wanted;
}

/** The reporter for `--report` (none: the one that fits), writing where the options say. */
export function chooseReporter(
  wanted: Report | undefined,
  environment: NodeJS.ProcessEnv,
  options: ReporterOptions & { readonly out: MaybeTerminal },
): Listener {
  for (const stream of [options.out, options.err]) stream.on('error', forgiveClosedPipe);
  const report = reportFor(wanted, environment, options.out, options.verbosity);
  switch (report) {
    case 'live':
      return liveReporter(options);
    case 'plain':
      return plainReporter(options);
    case 'json':
      return jsonReporter(options);
    default:
      return unreachable(report);
  }
}

/** Whoever reads what is told may go away (`play … | head`); the run goes on, half-done work helps nobody. */
function forgiveClosedPipe(error: Error & { readonly code?: unknown }): void {
  if (error.code !== 'EPIPE') throw error;
}
