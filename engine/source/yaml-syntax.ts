import type { Document } from 'yaml';
import type { Diagnostics } from './diagnostic.ts';
import { positionOf, type SourceText, type Span } from './span.ts';
import { explainSyntax } from './yaml-mistake.ts';
import { isOnLineOf } from './yaml-template.ts';

/** More than this many are not shown: what comes after so many is most likely their consequence. */
const mostShown = 10;

/**
 * Reports what the parser stumbled over, in plain words; whether there was anything. One mistake makes the parser complain several times, so
 * only the first complaint of a line is shown, and none of a line on which a bare template was found.
 */
export function reportSyntax(
  source: SourceText,
  documents: readonly Document.Parsed[],
  bare: readonly Span[],
  diagnostics: Diagnostics,
): boolean {
  const errors = documents.flatMap(document => document.errors).sort((a, b) => a.pos[0] - b.pos[0]);
  const lines = new Set<number>();
  for (const error of errors) {
    if (isOnLineOf(bare, source, error.pos[0])) continue;
    if (lines.size > 0 && error.message.includes('in YAML stream')) continue;
    const mistake = explainSyntax(source, error);
    const where = [error.pos[0], mistake.span.start].map(offset => positionOf(source, offset).line);
    if (where.some(line => lines.has(line))) continue;
    for (const line of where) lines.add(line);
    diagnostics.error(mistake.code, mistake.message, mistake.span, {
      ...(mistake.notes && { notes: mistake.notes }),
      ...(mistake.hint !== undefined && { hint: mistake.hint }),
    });
    if (mistake.runsOn || lines.size >= mostShown) break;
  }
  return errors.length > 0;
}

// What PyYAML refuses as “special characters”, and a carriage return that ends no line.
const forbidden = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|\r(?!\n)/gu;

/** Reports characters that cannot stand in YAML; whether there were any. The parser itself would take some of them for its own marks. */
export function reportControlCharacters(source: SourceText, diagnostics: Diagnostics): boolean {
  const found = [...source.text.matchAll(forbidden)];
  for (const match of found.slice(0, 3)) {
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const name =
      match[0] === '\r' ? 'a carriage return without a line feed' : `the control character U+${code}`;
    diagnostics.error(
      'yaml-control-character',
      `${name} cannot stand in YAML`,
      { source, start: match.index, end: match.index + match[0].length },
      {
        hint:
          match[0] === '\r'
            ? 'save the file with Unix line ends'
            : `remove it, or write it as an escape in double quotes: "${escapeOf(code)}"`,
      },
    );
  }
  return found.length > 0;
}

function escapeOf(code: string): string {
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code}`;
}
