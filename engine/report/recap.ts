import type { Counts, RunEnd } from '../run/events.ts';
import type { ReporterOptions } from './options.ts';
import type { Paint, Style } from './paint.ts';
import { duration, visible } from './visible.ts';

/** What Ansible pads a host's name to in its recap, and each number. */
const HOST_WIDTH = 26;
const NUMBER_WIDTH = 4;

const STYLES: Readonly<Record<keyof Counts, Style>> = {
  ok: 'ok',
  changed: 'changed',
  unreachable: 'unreachable',
  failed: 'failed',
  skipped: 'skipped',
  rescued: 'ok',
  ignored: 'unknown',
  unknown: 'unknown',
};

const ORDER = ['ok', 'changed', 'unreachable', 'failed', 'skipped', 'rescued', 'ignored'] as const;

/** A title filled up with asterisks, as Ansible draws it (lib/ansible/utils/display.py, `banner`). */
export function banner(title: string, columns: number): string {
  return `${title} ${'*'.repeat(Math.max(3, Math.max(79, columns - 1) - title.length))}`;
}

/**
 * Ansible's recap: the banner and a line a host, padded as Ansible's default callback pads them (less the blanks at the end), so that what reads
 * those reads these; behind it ` unknown=N` in a check.
 */
function recapLines(end: RunEnd, check: boolean, columns: number, paint: Paint): readonly string[] {
  return [
    paint('strong', banner('PLAY RECAP', columns)),
    ...Object.entries(end.recap)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([host, counts]) => recapLine(host, counts, check, paint)),
  ];
}

function recapLine(host: string, counts: Counts, check: boolean, paint: Paint): string {
  const field = (name: keyof Counts): string => {
    const text = `${name}=${String(counts[name]).padEnd(NUMBER_WIDTH)}`;
    return counts[name] === 0 ? text : paint(STYLES[name], text);
  };
  const fields = [...ORDER, ...(check ? (['unknown'] as const) : [])].map(field).join(' ');
  const padded = visible(host).padEnd(HOST_WIDTH);
  return `${paint(hostStyle(counts), padded)} : ${fields}`.trimEnd();
}

function hostStyle(counts: Counts): Style {
  if (counts.unreachable > 0) return 'unreachable';
  if (counts.failed > 0) return 'failed';
  if (counts.unknown > 0) return 'unknown';
  return counts.changed > 0 ? 'changed' : 'ok';
}

/** What stands at the end of a run: where it was interrupted, the recap, and with `-v` how long it took. */
export function endLines(
  end: RunEnd,
  check: boolean,
  options: Pick<ReporterOptions, 'columns' | 'verbosity'>,
  paint: Paint,
): readonly string[] {
  const interrupted = interruptedLines(end, paint);
  return [
    ...(interrupted.length > 0 ? ['', ...interrupted] : []),
    '',
    ...recapLines(end, check, options.columns(), paint),
    '',
    ...(options.verbosity > 0 ? [`finished in ${duration(end.seconds)}`] : []),
  ];
}

/** Where an interrupted run stood, and how to go on. */
function interruptedLines(end: RunEnd, paint: Paint): readonly string[] {
  if (!end.interrupted) return [];
  const stood = Object.entries(end.stoodAt ?? {});
  return [
    paint('failed', stood.length === 0 ? 'Interrupted.' : 'Interrupted. It stood at:'),
    ...stood.map(([host, task]) => `  ${visible(host)}: ${visible(task)}`),
    'Run it again to go on: what is done is not done twice.',
  ];
}
