import type { Diagnostic } from './diagnostic.ts';
import { drawSpan } from './draw.ts';
import { placeOf, type Span } from './span.ts';

export interface RenderOptions {
  /** Whether to colour by ANSI escapes. */
  readonly color: boolean;
}

const styles = { error: '1;31', warning: '1;33', place: '1;34', help: '1;36', strong: '1' } as const;
type Style = keyof typeof styles;

/**
 * Diagnostics as text for a terminal, each with its place, the line drawn and a caret, and a closing count; sorted by file and place, those
 * that are the same left out. Empty for none. Control characters of the user's files come out as visible signs.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  if (diagnostics.length === 0) return '';
  const paint = painter(options);
  const shown = withoutRepeats([...diagnostics].sort(byPlace));
  return `${shown.map(diagnostic => renderOne(diagnostic, paint)).join('\n')}\n${countOf(shown, paint)}\n`;
}

type Paint = (style: Style, text: string) => string;

function painter(options: RenderOptions): Paint {
  return options.color ? (style, text) => `\u001b[${styles[style]}m${text}\u001b[0m` : (_style, text) => text;
}

function renderOne(diagnostic: Diagnostic, paint: Paint): string {
  const { severity, span } = diagnostic;
  const title = `${paint(severity, `${severity}:`)} ${paint('strong', visible(diagnostic.message))}`;
  const lines = [title, ...(span ? renderSpan(span, severity, paint) : [])];
  for (const note of diagnostic.notes ?? []) {
    lines.push(`  ${paint('place', 'note:')} ${visible(note.message)}`);
    if (note.span) lines.push(...renderSpan(note.span, 'place', paint));
  }
  if (diagnostic.hint !== undefined) lines.push(`  ${paint('help', 'help:')} ${visible(diagnostic.hint)}`);
  return `${lines.join('\n')}\n`;
}

function renderSpan(span: Span, style: Style, paint: Paint): readonly string[] {
  const drawn = drawSpan(span);
  const gutter = ' '.repeat(drawn.number.length);
  const bar = paint('place', '|');
  return [
    `${gutter}${paint('place', '-->')} ${visible(placeOf(span))}`,
    `${gutter} ${bar}`,
    `${paint('place', drawn.number)} ${bar} ${drawn.text}`.trimEnd(),
    `${gutter} ${bar} ${' '.repeat(drawn.column)}${paint(style, '^'.repeat(drawn.width))}`,
  ];
}

function countOf(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [
    ...(errors > 0 ? [paint('error', counted(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('warning', counted(warnings, 'warning'))] : []),
  ];
  return parts.join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Those without a place first, then by file and place; an error before a warning of the same place. */
function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (!a.span || !b.span) return Number(a.span !== undefined) - Number(b.span !== undefined);
  const names = compare(a.span.source.name, b.span.source.name);
  return names || a.span.start - b.span.start || a.span.end - b.span.end || compare(a.severity, b.severity);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ severity, code, message, span }) => {
    const identity = JSON.stringify([severity, code, message, span?.source.name, span?.start, span?.end]);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** A message may quote the user's text; line breaks and control characters in it are shown, not sent to the terminal. */
function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, character =>
    character === '\n' ? '⏎' : '·',
  );
}
