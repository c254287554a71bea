import { type Diagnostics, SourceError } from '../source/diagnostic.ts';
import { readSource } from '../source/file.ts';
import type { Node } from '../source/node.ts';
import { didYouMean } from '../source/suggest.ts';
import type { Inventory } from './inventory.ts';
import {
  type PatternPart,
  type PatternText,
  patternsOf,
  readPart,
  type Subscript,
  splitPattern,
} from './pattern-parts.ts';
import { compileGlob, compilePythonPattern, isGlob } from './pattern-regexp.ts';
import { findHost } from './variables.ts';

export interface MatchOptions {
  /** As `--limit` takes it: a pattern, in which `@FILE` stands for the patterns in a file, one a line. */
  readonly limit?: string;
  /** Where unknown names and the like are told. */
  readonly diagnostics?: Diagnostics;
}

/**
 * Names of the hosts that a pattern stands for (a text, several, or a play's `hosts` as it is written), in Ansible's order: first what
 * is added, in the order of the patterns, then only what all `&` match, without what any `!` matches. A name that is nowhere in the
 * inventory is an error; in an exclusion, a warning.
 */
export function matchHosts(
  inventory: Inventory,
  pattern: string | Node | readonly PatternText[],
  options: MatchOptions = {},
): readonly string[] {
  const matching: Matching = { inventory, diagnostics: options.diagnostics };
  const parts = partsOf(pattern);
  if (parts.length === 0) reportEmpty(pattern, options.diagnostics);
  const hosts = evaluate(parts, matching);
  if (options.limit === undefined) return hosts;
  const limit = new Set(matchLimit(options.limit, matching));
  return hosts.filter(host => limit.has(host));
}

interface Matching {
  readonly inventory: Inventory;
  readonly diagnostics: Diagnostics | undefined;
}

function partsOf(pattern: string | Node | readonly PatternText[]): readonly PatternPart[] {
  if (typeof pattern === 'string') return splitPattern({ text: pattern });
  const texts = 'kind' in pattern ? patternsOf(pattern) : pattern;
  return texts.flatMap(splitPattern);
}

function reportEmpty(
  pattern: string | Node | readonly PatternText[],
  diagnostics: Diagnostics | undefined,
): void {
  const span = typeof pattern === 'object' && 'kind' in pattern ? pattern.span : undefined;
  diagnostics?.error('empty-host-pattern', 'no hosts are named', span, { hint: 'for all hosts write “all”' });
}

function matchLimit(limit: string, matching: Matching): readonly string[] {
  const { diagnostics } = matching;
  const source = { name: '--limit', text: limit };
  const before = diagnostics?.all.length;
  const parts = splitPattern({ text: limit, spanOf: (start, end) => ({ source, start, end }) }).flatMap(
    part => (part.written.startsWith('@') ? partsInFile(part, diagnostics) : [part]),
  );
  const hosts = evaluate(parts, matching);
  if (hosts.length === 0 && diagnostics?.all.length === before)
    diagnostics?.error('limit-matches-nothing', 'the limit leaves no host', {
      source,
      start: 0,
      end: limit.length,
    });
  return hosts;
}

/** Each line of the file is one part: commas and colons do not split it. */
function partsInFile(part: PatternPart, diagnostics: Diagnostics | undefined): readonly PatternPart[] {
  try {
    const source = readSource(part.written.slice(1));
    return [...source.text.matchAll(/^[^\S\n]*(\S.*?)[^\S\n]*$/gm)].map(match => {
      const text = match[1] ?? '';
      const start = match.index + match[0].indexOf(text);
      return readPart(text, from => ({ source, start: start + from, end: start + text.length }));
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    for (const diagnostic of error.diagnostics)
      diagnostics?.add({ ...diagnostic, ...(part.span && { span: part.span }) });
    return [];
  }
}

function evaluate(parts: readonly PatternPart[], matching: Matching): readonly string[] {
  // Nothing said is no pattern; without this it would be all but what is excluded.
  if (parts.length === 0) return [];
  const adding = parts.filter(part => part.modifier === '');
  let hosts = new Set<string>();
  const all: PatternPart = { modifier: '', expression: 'all', written: 'all' };
  for (const part of adding.length > 0 ? adding : [all])
    for (const host of matchPart(part, matching)) hosts.add(host);
  for (const modifier of ['&', '!']) {
    for (const part of parts.filter(one => one.modifier === modifier)) {
      const matched = new Set(matchPart(part, matching));
      hosts = new Set([...hosts].filter(host => matched.has(host) === (modifier === '&')));
    }
  }
  return [...hosts];
}

function matchPart(part: PatternPart, matching: Matching): readonly string[] {
  const { inventory, diagnostics } = matching;
  if (inventory.hosts.has(part.written)) return [part.written];
  const matches = compile(part, diagnostics);
  if (matches === undefined) return [];
  const groups = [...inventory.groups.keys()].filter(matches);
  const hosts = new Set(groups.flatMap(group => inventory.hostsOf(group)));
  if (groups.length === 0 || isLoose(part.expression))
    for (const host of inventory.hosts.keys()) if (matches(host)) hosts.add(host);
  if (hosts.size === 0) {
    const local = findHost(inventory, part.expression);
    if (local !== undefined) return [local.implicit ? part.expression : local.name];
    reportNothing(part, groups, matching);
  }
  return part.subscript === undefined ? [...hosts] : select([...hosts], part.subscript, part, diagnostics);
}

/** What the expression matches; none where it is no regular expression. */
function compile(
  part: PatternPart,
  diagnostics: Diagnostics | undefined,
): ((name: string) => boolean) | undefined {
  const { expression, span } = part;
  if (!expression.startsWith('~')) {
    if (!isGlob(expression)) return name => name === expression;
    const glob = compileGlob(expression);
    return name => glob.test(name);
  }
  const compiled = compilePythonPattern(expression.slice(1));
  if (compiled !== undefined) return name => compiled.test(name);
  diagnostics?.error('bad-host-pattern', `“${expression.slice(1)}” is not a regular expression`, span);
  return undefined;
}

/** As Ansible decides whether a pattern that matches a group is looked for among hosts too: a dot is enough. */
function isLoose(expression: string): boolean {
  return /^~|[.?*[]/.test(expression);
}

function select(
  hosts: readonly string[],
  subscript: Subscript,
  part: PatternPart,
  diagnostics: Diagnostics | undefined,
): readonly string[] {
  if (hosts.length === 0) return [];
  if ('from' in subscript)
    return hosts.slice(subscript.from, subscript.to < 0 ? hosts.length : subscript.to + 1);
  const host = hosts.at(subscript.index);
  if (host !== undefined) return [host];
  const last = hosts.length - 1;
  diagnostics?.error('bad-subscript', `“${part.expression}” has no host ${subscript.index}`, part.span, {
    hint: `its hosts are counted from 0 to ${last}`,
  });
  return [];
}

function reportNothing(
  part: PatternPart,
  groups: readonly string[],
  { inventory, diagnostics }: Matching,
): void {
  const { expression, modifier, span } = part;
  if (groups.length > 0) {
    if (modifier === '' && expression !== 'all' && !isGlob(expression))
      diagnostics?.warning('empty-group', `the group “${expression}” has no hosts`, span);
    return;
  }
  if (isLoose(expression) && (isGlob(expression) || expression.startsWith('~'))) {
    diagnostics?.warning('pattern-matches-nothing', `no host or group matches “${expression}”`, span);
    return;
  }
  const hint = hintFor(expression, inventory);
  const message = `no host or group is named “${expression}”`;
  if (modifier === '!') diagnostics?.warning('unknown-host-pattern', message, span, { hint });
  else diagnostics?.error('unknown-host-pattern', message, span, { hint });
}

function hintFor(expression: string, inventory: Inventory): string {
  if (/[^:]:[&!]/.test(expression))
    return 'where a comma stands in a pattern, write commas throughout: a,&b,!c';
  const meant = didYouMean(expression, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
  if (meant !== undefined) return `did you mean “${meant}”?`;
  return inventory.hosts.size === 0
    ? 'the inventory has no hosts; name another one with -i'
    : 'declare the group in the inventory, even if it stays empty';
}
