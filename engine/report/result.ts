import type { Notified, Result, Status } from '../run/events.ts';
import { changeLines, type DriftOptions } from './diff.ts';
import { failureLines, failureTitle } from './failure.ts';
import type { Paint, Style } from './paint.ts';
import { cut, duration, outputLines, visible } from './visible.ts';

/** How results are told. */
export interface ResultOptions extends DriftOptions {
  /** Whether nothing is really changed. */
  readonly check: boolean;
  readonly verbosity: number;
}

const RETURNED_LENGTH = 1000;

/** The word for what came of a task, Ansible's where it has one. */
export function statusWord(status: Status, check: boolean): string {
  if (status === 'changed') return check ? 'would change' : 'changed';
  return status === 'skipped' ? 'skipping' : status;
}

/** `[host]`, `[host -> other]`, `[host] => (item=x)`, as Ansible writes it. */
function hostLabel(result: Result): string {
  const host = visible(result.host);
  const where = result.delegatedTo === undefined ? host : `${host} -> ${visible(result.delegatedTo)}`;
  return result.item === undefined ? `[${where}]` : `[${where}] => (item=${cut(visible(result.item), 100)})`;
}

/** A result in full: the line of its status and, below it, its changes, doubts, failure and, from `-v` on, what it returned. */
export function resultLines(result: Result, options: ResultOptions, paint: Paint): readonly string[] {
  const { status, failure, message } = result;
  const style: Style = status;
  const [said = '', ...more] = failure === undefined ? outputLines(message ?? '') : [failureTitle(failure)];
  const arrow = said === '' ? '' : ` => ${said}`;
  const time = options.verbosity > 0 ? paint('faint', ` (${duration(result.seconds)})`) : '';
  return [
    `${paint(style, `${statusWord(status, result.check ?? options.check)}: ${hostLabel(result)}${arrow}`)}${time}`,
    ...more.map(line => `    ${line}`),
    ...changeLines(result.changes, result.doubts, options, paint),
    ...(failure === undefined ? [] : failureLines(failure, result.task, options.verbosity > 0, paint)),
    ...(result.ignored ? ['...ignoring'] : []),
    ...(options.verbosity > 0 ? returnedLines(result, options) : []),
  ];
}

/** `notified: [host] => handler “x”`; a handler that an earlier run owes says so. */
export function notifiedLine({ host, handler, owed }: Notified): string {
  const what = `[${visible(host)}] => handler “${visible(handler)}”`;
  return owed ? `owed: ${what}, by a run that died before it ran` : `notified: ${what}`;
}

function returnedLines(result: Result, options: ResultOptions): readonly string[] {
  if (result.returned === undefined || Object.keys(result.returned).length === 0) return [];
  const text = visible(JSON.stringify(result.returned));
  return [`    returned: ${options.verbosity > 1 ? text : cut(text, RETURNED_LENGTH)}`];
}
