import { isDeepStrictEqual } from 'node:util';
import { structuredPatch } from 'diff';
import type { Change, Doubted, FieldDrift, Shown } from '../run/events.ts';
import type { Paint } from './paint.ts';
import { counted, cut, visible } from './visible.ts';

export interface DriftOptions {
  /** Whether texts of several lines are shown as unified diffs, rather than by how many lines changed. */
  readonly diff: boolean;
  /** Whether long values and long diffs are shown whole. */
  readonly whole: boolean;
}

const VALUE_LENGTH = 100;
const DIGEST_LENGTH = 20;
const DIFF_LINES = 200;
const DIFF_LINE_LENGTH = 300;
/** Texts further apart than this many lines are not compared line by line: the time grows with the square of it. */
const FARTHEST = 1000;

/** The steps of a result with their drift, and its doubts: one line a step, below it one a field. */
export function changeLines(
  changes: readonly Change[],
  doubts: readonly Doubted[],
  options: DriftOptions,
  paint: Paint,
): readonly string[] {
  return [
    ...changes.flatMap(change => [
      `  - ${visible(change.step)}`,
      ...change.drift.flatMap(drift => driftLines(drift, options, paint)).map(line => `      ${line}`),
      ...(change.notes ?? []).map(note => `      ${paint('faint', visible(note))}`),
    ]),
    ...doubts.map(doubt => `  ? ${paint('unknown', doubtText(doubt))}`),
  ];
}

/** `whether the unit runs: unknown until “Install the broker”`. */
function doubtText(doubt: Doubted): string {
  const until =
    doubt.until === undefined ? 'unknown until it is run' : `unknown until “${visible(doubt.until)}”`;
  return `${visible(doubt.what)}: ${until}`;
}

/** A field's drift: `mode: 0644 → 0400`; mappings by path, a field each; texts of several lines as a unified diff. */
export function driftLines(drift: FieldDrift, options: DriftOptions, paint: Paint): readonly string[] {
  const { field, before, after } = drift;
  if (isDeepStrictEqual(before, after)) {
    // Both masked: that it changes is all that may be said.
    return [`${visible(field)}: ${showValue(before, options)} → ${showValue(after, options)}`];
  }
  if (isMapping(before) && isMapping(after)) return mappingLines(field, before, after, options, paint);
  if (isText(before) && isText(after) && hasLines(before, after))
    return textLines(field, before ?? undefined, after ?? undefined, options, paint);
  const shown = [before, after].map(value => showValue(value, options));
  const [was, becomes] =
    shown[0] === shown[1] ? [before, after].map(value => visible(JSON.stringify(value))) : shown;
  return [`${visible(field)}: ${was} → ${becomes}`];
}

type Mapping = { readonly [key: string]: Shown };

function isMapping(value: Shown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: Shown): value is string | null {
  return value === null || typeof value === 'string';
}

function hasLines(...texts: readonly (string | null)[]): boolean {
  return texts.some(text => text?.includes('\n') === true);
}

function mappingLines(
  field: string,
  before: Mapping,
  after: Mapping,
  options: DriftOptions,
  paint: Paint,
): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(key => !isDeepStrictEqual(before[key], after[key]))
    .flatMap(key =>
      driftLines(
        { field: `${field}.${key}`, before: before[key] ?? null, after: after[key] ?? null },
        options,
        paint,
      ),
    );
}

function showValue(value: Shown, options: DriftOptions): string {
  const text = value === null ? '(none)' : plainText(value);
  if (options.whole) return text;
  return isDigest(text) ? cut(text, DIGEST_LENGTH) : cut(text, VALUE_LENGTH);
}

/** `sha256:` and its digits, which stand for a content that is not shown. */
function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function plainText(value: Shown): string {
  if (typeof value === 'string')
    return value === '' || value.trim() !== value ? visible(JSON.stringify(value)) : visible(value);
  if (Array.isArray(value)) return `[${value.map(plainText).join(', ')}]`;
  if (isMapping(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${visible(key)}: ${plainText(item)}`)
      .join(', ')}}`;
  return String(value);
}

function textLines(
  field: string,
  before: string | undefined,
  after: string | undefined,
  options: DriftOptions,
  paint: Paint,
): readonly string[] {
  const name = visible(field);
  const patch = structuredPatch('', '', before ?? '', after ?? '', '', '', {
    context: 3,
    maxEditLength: FARTHEST,
  });
  if (patch === undefined) return [`${name}: ${lineCount(before)} → ${lineCount(after)}`];
  const body = patch.hunks.flatMap(hunk => [
    `@@ -${rangeOf(hunk.oldStart, hunk.oldLines)} +${rangeOf(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  if (!options.diff) {
    const count = (sign: string) => body.filter(line => line.startsWith(sign)).length;
    return [`${name}: ${counted(count('+'), 'line')} more, ${count('-')} fewer (--diff shows them)`];
  }
  const most = options.whole ? body.length : DIFF_LINES;
  const left = body.length - most;
  return [
    paint('removed', `--- ${before === undefined ? '(none)' : `${name} before`}`),
    paint('added', `+++ ${after === undefined ? '(none)' : `${name} after`}`),
    ...body.slice(0, most).map(line => diffLine(line, options, paint)),
    ...(left > 0 ? [`… ${counted(left, 'more line')} (-v shows them)`] : []),
  ];
}

/** `3,7`; an empty range names the line before it (POSIX, diff -u). */
function rangeOf(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}

function lineCount(text: string | undefined): string {
  if (text === undefined) return '(none)';
  return counted(text.split('\n').length - (text.endsWith('\n') ? 1 : 0), 'line');
}

function diffLine(line: string, options: DriftOptions, paint: Paint): string {
  const safe = visible(line.replaceAll('\t', '    '));
  const shown = options.whole ? safe : cut(safe, DIFF_LINE_LENGTH);
  if (line.startsWith('+')) return paint('added', shown);
  if (line.startsWith('-')) return paint('removed', shown);
  return line.startsWith('@@') ? paint('hunk', shown) : shown;
}
