import type { Listener } from '../run/events.ts';
import { unreachable } from '../source/unreachable.ts';
import { jsonReporter } from './json.ts';
import type { ReporterOptions } from './options.ts';
import type { MaybeTerminal } from './paint.ts';
import { plainReporter } from './plain.ts';

/** The values of `--report`. */
export const REPORTS = ['live', 'plain', 'json'] as const;

export type Report = (typeof REPORTS)[number];

/** What is drawn where nothing was asked for, or where `live` was: live only where there is a terminal that can move its cursor. */
export function reportFor(
  wanted: Report | undefined,
  environment: NodeJS.ProcessEnv,
  stdout: MaybeTerminal,
): Report {
  const canMove = stdout.isTTY === true && environment['TERM'] !== 'dumb';
  if (wanted === undefined || wanted === 'live') return canMove ? 'live' : 'plain';
  return wanted;
}

/** The reporter for `--report` (none: the one that fits), writing where the options say. */
export function chooseReporter(
  wanted: Report | undefined,
  environment: NodeJS.ProcessEnv,
  options: ReporterOptions & { readonly out: MaybeTerminal },
): Listener {
  const report = reportFor(wanted, environment, options.out);
  switch (report) {
    case 'live':
      return plainReporter(options);
    case 'plain':
      return plainReporter(options);
    case 'json':
      return jsonReporter(options);
    default:
      return unreachable(report);
  }
}
