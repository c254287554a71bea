import type { Failure, TaskRef } from '../run/events.ts';
import type { Paint } from './paint.ts';
import { outputLines, visible } from './visible.ts';

const LAST_LINES = 20;

/** `StepFailed: apt-get ended with exit code 100`, in one line. */
export function failureTitle(failure: Failure): string {
  const [first = ''] = failure.message.split('\n');
  return `${visible(failure.kind)}: ${visible(first)}`;
}

/**
 * What an operator needs behind the title of a failure: the rest of the message, the place, the command, its exit code, the last lines of what
 * it wrote (`whole`: all), the drawn line of the playbook, and the way out.
 */
export function failureLines(
  failure: Failure,
  task: TaskRef,
  whole: boolean,
  paint: Paint,
): readonly string[] {
  const lines = outputLines(failure.message).slice(1);
  const fact = (name: string, text: string) => lines.push(`${paint('faint', `${name}:`)} ${visible(text)}`);
  fact('place', task.place);
  if (failure.command !== undefined) lines.push(...commandLines(failure.command, paint));
  if (failure.exitCode !== undefined)
    fact('exit code', failure.exitCode === null ? 'none, it was killed' : String(failure.exitCode));
  for (const stream of ['stdout', 'stderr'] as const)
    lines.push(...streamLines(stream, failure[stream] ?? '', whole, paint));
  if (failure.drawn !== undefined) lines.push(...outputLines(failure.drawn));
  if (failure.hint !== undefined) lines.push(`${paint('strong', 'way out:')} ${visible(failure.hint)}`);
  return lines.map(line => `    ${line}`.trimEnd());
}

function commandLines(command: string, paint: Paint): readonly string[] {
  const [first = '', ...rest] = outputLines(command);
  return [`${paint('faint', 'command:')} ${first}`, ...rest.map(line => `  ${line}`)];
}

function streamLines(name: string, text: string, whole: boolean, paint: Paint): readonly string[] {
  const lines = outputLines(text);
  if (lines.length === 0) return [];
  const left = whole ? 0 : Math.max(0, lines.length - LAST_LINES);
  return [
    paint('faint', left === 0 ? `${name}:` : `${name}, the last ${LAST_LINES} of ${lines.length} lines:`),
    ...lines.slice(left).map(line => `  ${line}`),
  ];
}
