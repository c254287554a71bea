import type { Diagnostics } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import { didYouMeanHint } from '../source/suggest.ts';

/** A line of an INI file. */
export interface Line {
  /** Without blanks around it. */
  readonly text: string;
  readonly start: number;
}

/** What a section holds. */
type Kind = 'hosts' | 'children' | 'vars';

/** What the lines below a header belong to. */
export interface Section {
  readonly group: string;
  readonly kind: Kind;
}

const kinds: readonly string[] = ['hosts', 'children', 'vars'];
const header = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;

/** Whether a line is the header of a section, or meant to be: `[2001:db8::1]:22` is a host. */
export function isHeader(text: string): boolean {
  if (!text.startsWith('[')) return false;
  return !/^\[[^\]]*:[^\]]*\]:[0-9]+/.test(text) && !/^\[[0-9a-zA-Z]+:[0-9a-zA-Z:]+\][^\s#]/.test(text);
}

/** The lines that are neither empty nor comments. */
export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const isComment = trimmed.startsWith('#') || trimmed.startsWith(';');
    if (trimmed !== '' && !isComment) lines.push({ text: trimmed, start: start + line.indexOf(trimmed) });
    start += line.length + 1;
  }
  return lines;
}

/** Reads the header of a section; what is wrong with it is told. */
export function readHeader(line: Line, span: Span, diagnostics: Diagnostics): Section | undefined {
  const match = header.exec(line.text);
  const group = match?.[1];
  if (group === undefined) {
    diagnostics.error('bad-section', `this is not the header of a section: ${whyNot(line.text)}`, span, {
      hint: 'write [group], [group:children] or [group:vars]',
    });
    return undefined;
  }
  const kind = match?.[2] ?? 'hosts';
  if (isKind(kind)) return { group, kind };
  const start = span.start + line.text.indexOf(':') + 1;
  diagnostics.error(
    'bad-section',
    `“${kind}” is no kind of section`,
    { ...span, start, end: start + kind.length },
    {
      hint: didYouMeanHint(kind, kinds) ?? 'there are [group], [group:children] and [group:vars]',
    },
  );
  return undefined;
}

function isKind(text: string): text is Kind {
  return kinds.includes(text);
}

function whyNot(text: string): string {
  if (!text.includes(']')) return 'its “]” is missing';
  if (/^\[\s*\]/.test(text)) return 'it names no group';
  if (/^\[[^\]]*\s[^\]]*\]/.test(text)) return 'there must be no blanks in it';
  if (/^\[[^\]]*\]\s*[^\s#]/.test(text)) return 'text follows its “]”';
  return 'it has more than one “:”';
}

/** The place of the group's name in a header. */
export function groupSpan(span: Span, group: string): Span {
  return { ...span, start: span.start + 1, end: span.start + 1 + group.length };
}
