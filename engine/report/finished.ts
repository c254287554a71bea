import { isDeepStrictEqual } from 'node:util';
import type { Result, Status, TaskRef } from '../run/events.ts';
import { alikeLines, isQuiet } from './alike.ts';
import { widthOf } from './cells.ts';
import type { Paint } from './paint.ts';
import { type ResultOptions, resultLines, statusWord } from './result.ts';
import { ToldItems } from './told-items.ts';
import { counted, visible } from './visible.ts';

/** From bad to good: the worst of a task's statuses gives its sign. */
const ORDER: readonly Status[] = ['failed', 'unreachable', 'unknown', 'changed', 'ok', 'skipped'];

const SIGNS: Readonly<Record<Status, string>> = {
  failed: '✖',
  unreachable: '✖',
  unknown: '?',
  changed: '✔',
  ok: '✔',
  skipped: '–',
};

/**
 * What stays on the terminal of a task that ended: one line with its sign, its name and its hosts by what came of it there; below it changes,
 * doubts and failures in full, once for hosts where they are the same.
 */
export function finishedLines(
  task: TaskRef,
  results: readonly Result[],
  options: ResultOptions & { readonly columns: number },
  paint: Paint,
): readonly string[] {
  const own = results.filter(result => result.item === undefined);
  const worst = ORDER.find(status => results.some(result => result.status === status)) ?? 'ok';
  const name = `${task.handler ? 'handler: ' : ''}${visible(task.name)}`;
  return [
    `${paint(worst, SIGNS[worst])} ${paint('strong', name)}  ${summary(own, widthOf(name) + 4, options, paint)}`.trimEnd(),
    ...detailLines(results, options, paint).map(line => `  ${line}`),
  ];
}

/** `changed: a, b · ok: c`, with counts for names where the line would be too long. */
function summary(
  results: readonly Result[],
  taken: number,
  options: ResultOptions & { readonly columns: number },
  paint: Paint,
): string {
  const groups = ORDER.flatMap(status => {
    const hosts = results.filter(result => result.status === status).map(result => visible(result.host));
    return hosts.length === 0 ? [] : [{ status, hosts, word: statusWord(status, options.check) }];
  });
  const named = groups.map(({ word, hosts }) => `${word}: ${hosts.join(', ')}`).join(' · ');
  const isLong = taken + widthOf(named) >= options.columns;
  return groups
    .map(({ status, hosts, word }) =>
      paint(status, `${word}: ${isLong ? counted(hosts.length, 'host') : hosts.join(', ')}`),
    )
    .join(paint('faint', ' · '));
}

function detailLines(results: readonly Result[], options: ResultOptions, paint: Paint): readonly string[] {
  const items = new ToldItems();
  const telling: Result[] = [];
  for (const result of results) {
    if (items.repeats(result)) continue;
    const hasToTell = options.verbosity > 0 || !isQuiet(result) || hasSaid(result);
    if (!hasToTell) continue;
    items.add(result);
    telling.push(result);
  }
  const quiet =
    options.verbosity > 0 ? [] : telling.filter(result => isQuiet(result) && result.item === undefined);
  return [
    ...alikeLines(quiet, paint),
    ...sameOnes(
      telling.filter(result => !quiet.includes(result)),
      options,
    ).flatMap(([first, hosts]) => resultLines({ ...first, host: hosts.join(', ') }, options, paint)),
  ];
}

function hasSaid({ item, status, message }: Result): boolean {
  return item === undefined && status === 'ok' && message !== undefined;
}

/** Results that differ in nothing but their host, with their hosts; with `-v`, where the time is told too, each by itself. */
function sameOnes(
  results: readonly Result[],
  options: ResultOptions,
): readonly (readonly [Result, readonly string[]])[] {
  const groups: { readonly first: Result; readonly hosts: string[] }[] = [];
  for (const result of results) {
    const same = options.verbosity > 0 ? undefined : groups.find(({ first }) => areSame(first, result));
    if (same === undefined) groups.push({ first: result, hosts: [result.host] });
    else same.hosts.push(result.host);
  }
  return groups.map(({ first, hosts }) => [first, hosts] as const);
}

function areSame(a: Result, b: Result): boolean {
  const toldOf = ({ item, status, changes, doubts, message, ignored, failure, delegatedTo }: Result) => ({
    item,
    status,
    changes,
    doubts,
    message,
    ignored,
    failure,
    delegatedTo,
  });
  return isDeepStrictEqual(toldOf(a), toldOf(b));
}
