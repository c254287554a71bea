import type { Diagnostics } from '../source/diagnostic.ts';
import type { SourceText, Span } from '../source/span.ts';
import { didYouMean } from '../source/suggest.ts';
import type { InventoryBuilder } from './build.ts';
import { addHosts } from './host-name.ts';
import { groupSpan, isHeader, type Line, linesOf, readHeader, type Section } from './ini-lines.ts';
import { valueNode } from './ini-value.ts';
import { splitWords, type Word } from './shell-words.ts';

/** What was named before it was declared: a child, or a group whose variables are set. */
interface Pending {
  readonly name: string;
  readonly kind: 'children' | 'vars';
  readonly parent: string;
  readonly span: Span;
}

/** Reads an inventory in Ansible's INI format (its inventory/ini.py is followed, deviations are stricter and say so). */
export function readIni(source: SourceText, builder: InventoryBuilder, diagnostics: Diagnostics): void {
  const pending: Pending[] = [];
  const declared = new Set(builder.groupNames);
  let section: Section | undefined = { group: 'ungrouped', kind: 'hosts' };
  for (const line of linesOf(source.text)) {
    const span = { source, start: line.start, end: line.start + line.text.length };
    if (isHeader(line.text)) {
      section = readHeader(line, span, diagnostics);
      if (section === undefined) continue;
      builder.addGroup(section.group, groupSpan(span, section.group));
      if (section.kind === 'vars')
        pending.push({
          name: section.group,
          kind: 'vars',
          parent: section.group,
          span: groupSpan(span, section.group),
        });
      else declared.add(section.group);
      continue;
    }
    // Below a header that is wrong nothing can be told.
    if (section?.kind === 'hosts') readHost(line, source, section.group, builder, diagnostics);
    if (section?.kind === 'vars') readVariable(line, source, section.group, builder, diagnostics);
    if (section?.kind === 'children') readChild(line, source, section.group, pending, diagnostics);
  }
  settle(pending, declared, builder, diagnostics);
}

function readHost(
  line: Line,
  source: SourceText,
  group: string,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): void {
  const { words, openAt, hashInWord } = splitWords(line.text, line.start);
  if (openAt !== undefined) {
    const what =
      source.text[openAt] === '\\' ? 'nothing follows this backslash' : 'this quote is never closed';
    diagnostics.error('bad-quoting', what, { source, start: openAt, end: openAt + 1 });
    return;
  }
  if (hashInWord !== undefined) reportHash(source, hashInWord, diagnostics);
  const [name, ...rest] = words;
  if (name === undefined) return;
  if (name.text.includes('=')) {
    diagnostics.error('host-without-name', 'a host’s line must begin with its name', spanOf(source, name), {
      hint: `write the name first: web1 ${name.text}`,
    });
    return;
  }
  const place = { source, text: name.text, start: name.offsets[0] ?? line.start };
  const hosts = addHosts(place, group, builder, diagnostics);
  // Behind a word that is wrong, the others are most likely parts of what was meant.
  for (const word of rest) if (!readHostVariable(word, source, hosts, builder, diagnostics)) break;
}

function reportHash(source: SourceText, at: number, diagnostics: Diagnostics): void {
  diagnostics.warning(
    'ini-hash',
    'this “#” begins a comment, though no blank stands before it',
    { source, start: at, end: at + 1 },
    {
      hint: 'if it belongs to the value, put the value in quotes',
    },
  );
}

/** Reads `key=value`; whether it was that. */
function readHostVariable(
  word: Word,
  source: SourceText,
  hosts: readonly string[],
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): boolean {
  const equals = word.text.indexOf('=');
  if (equals < 1) {
    const lonely =
      word.text.startsWith('=') || source.text.slice(word.offsets.at(-1)).trimStart().startsWith('=');
    diagnostics.error('bad-host-variable', `“${word.text}” is not key=value`, spanOf(source, word), {
      hint: lonely
        ? 'there must be no blanks around “=” on a host’s line'
        : 'a value with blanks must be put in quotes: key="a b"',
    });
    return false;
  }
  const keySpan = { source, start: word.offsets[0] ?? 0, end: word.offsets[equals] ?? 0 };
  const node = valueNode(source, {
    text: word.text.slice(equals + 1),
    offsets: word.offsets.slice(equals + 1),
  });
  for (const host of hosts) builder.setHostVariable(host, word.text.slice(0, equals), { node, keySpan });
  return true;
}

function readVariable(
  line: Line,
  source: SourceText,
  group: string,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): void {
  const equals = line.text.indexOf('=');
  const name = line.text.slice(0, equals).trimEnd();
  if (equals < 1 || name === '') {
    const span = { source, start: line.start, end: line.start + line.text.length };
    const colon = /^([\w-]+):\s+(.*)$/.exec(line.text);
    diagnostics.error('bad-group-variable', `in [${group}:vars] each line must be key=value`, span, {
      ...(colon && { hint: `write ${colon[1]}=${colon[2]}` }),
    });
    return;
  }
  const value = line.text.slice(equals + 1).trim();
  const start =
    line.start +
    equals +
    1 +
    (line.text.slice(equals + 1).length - line.text.slice(equals + 1).trimStart().length);
  const offsets = Array.from({ length: value.length + 1 }, (_, index) => start + index);
  const node = valueNode(source, { text: value, offsets });
  const comment = /\s#/.exec(value);
  if (comment !== null && node.kind === 'scalar' && node.value === value)
    diagnostics.warning(
      'ini-comment-in-value',
      'this comment is part of the value',
      { source, start: start + comment.index + 1, end: start + value.length },
      {
        hint: `in [${group}:vars] a comment needs a line of its own`,
      },
    );
  builder.setGroupVariable(group, name, {
    node,
    keySpan: { source, start: line.start, end: line.start + name.length },
  });
}

function readChild(
  line: Line,
  source: SourceText,
  parent: string,
  pending: Pending[],
  diagnostics: Diagnostics,
): void {
  const name = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line.text)?.[1];
  const span = { source, start: line.start, end: line.start + (name ?? line.text).length };
  if (name !== undefined) pending.push({ name, kind: 'children', parent, span });
  else
    diagnostics.error('bad-child', `in [${parent}:children] each line must name one group`, span, {
      hint: 'hosts belong to a section without “:children”',
    });
}

/** A child, and the group of a [group:vars], may be declared anywhere in the file, or in a source before it; but they must be. */
function settle(
  pending: readonly Pending[],
  declared: ReadonlySet<string>,
  builder: InventoryBuilder,
  diagnostics: Diagnostics,
): void {
  for (const { name, kind, parent, span } of pending) {
    if (declared.has(name)) {
      if (kind === 'children') builder.addChild(parent, name, span);
      continue;
    }
    const message =
      kind === 'children'
        ? `the group “${name}” is not declared anywhere`
        : `there is no group “${name}” to have variables`;
    const meant = didYouMean(name, declared);
    diagnostics.error('undeclared-group', message, span, {
      hint:
        meant === undefined
          ? `declare it with [${name}], even if it stays empty`
          : `did you mean “${meant}”?`,
    });
  }
}

function spanOf(source: SourceText, word: Word): Span {
  return { source, start: word.offsets[0] ?? 0, end: word.offsets.at(-1) ?? 0 };
}
