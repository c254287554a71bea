import { type Document, visit } from 'yaml';
import type { Diagnostics } from './diagnostic.ts';
import { endOfLine, positionOf, type SourceText, type Span, startOfLine } from './span.ts';
import { quoted } from './yaml-lines.ts';

/**
 * Finds values that begin with an unquoted `{{ … }}` or `{% … %}`, which YAML takes for a mapping within a mapping, and says to quote them.
 * Gives the places, for the tree to hold them as the text that was meant, and so that nothing else is said of those lines.
 */
export function findBareTemplates(
  source: SourceText,
  document: Document.Parsed,
  diagnostics: Diagnostics,
): readonly Span[] {
  const found: Span[] = [];
  visit(document, {
    Map(position, node) {
      const start = node.range?.[0];
      if (start === undefined || !node.flow || !/^\{[{%]/.test(source.text.slice(start, start + 2)))
        return undefined;
      const alone = position !== 'key' && !isInFlow(source, start);
      const nodeEnd = Math.max(start + 2, Math.min(node.range?.[1] ?? start, endOfLine(source, start)));
      const span = { source, start, end: alone ? endOfTemplate(source, start, nodeEnd) : nodeEnd };
      found.push(span);
      report(span, alone ? endOfLine(source, start) : nodeEnd, diagnostics);
      return visit.SKIP;
    },
  });
  return found;
}

/** Whether an offset stands on a line on which a bare template was found. */
export function isOnLineOf(spans: readonly Span[], source: SourceText, offset: number): boolean {
  const { line } = positionOf(source, offset);
  return spans.some(span => positionOf(source, span.start).line === line);
}

function isInFlow(source: SourceText, start: number): boolean {
  return /(?:^|[\s:])[[{]/.test(source.text.slice(startOfLine(source, start), start));
}

/** Behind the last `}}` or `%}` of the line, where there is one: what the parser made of the text in between says nothing. */
function endOfTemplate(source: SourceText, start: number, nodeEnd: number): number {
  const line = source.text.slice(start, endOfLine(source, start));
  const close = Math.max(line.lastIndexOf('}}'), line.lastIndexOf('%}'));
  return close >= 0 ? start + close + 2 : nodeEnd;
}

function report(span: Span, end: number, diagnostics: Diagnostics): void {
  const whole = span.source.text
    .slice(span.start, end)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  const closed = /[}%]\}/.test(whole);
  diagnostics.error(
    'yaml-bare-template',
    'a value that begins with a template must be quoted, or YAML takes it for a mapping',
    span,
    {
      hint: closed ? `write ${quoted(whole)}` : 'put the whole value, to its last line, in quotes',
    },
  );
}
