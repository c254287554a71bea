import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Diagnostics } from './diagnostic.ts';
import type { MappingEntry, MappingNode, Node, ScalarNode, SequenceNode } from './node.ts';
import type { SourceText, Span } from './span.ts';
import { didYouMeanHint } from './suggest.ts';
import { mergedEntries } from './yaml-merge.ts';
import { readPlainScalar, readTaggedScalar } from './yaml-scalar.ts';
import { coreTags, keptTags, tagOf } from './yaml-tags.ts';

/** Levels of nesting that are taken; everything that walks a tree may recurse this deep. */
const deepest = 100;
/** Nodes that aliases may stand for all together, before it is taken for an attack (“billion laughs”). */
const mostAliased = 100_000;

interface Building {
  readonly source: SourceText;
  readonly diagnostics: Diagnostics;
  readonly bare: readonly Span[];
  /** A node, or that it is still being built: an alias to it would be endless. */
  readonly anchors: Map<string, Node | 'open'>;
  /** How many nodes a node stands for, aliases followed. */
  readonly sizes: WeakMap<Node, number>;
  aliased: number;
  tooDeep: boolean;
}

/** Builds the tree of a parsed document; mistakes that are not of syntax (keys, anchors, tags, depth) go to `diagnostics`. */
export function buildTree(
  source: SourceText,
  root: ParsedNode,
  bare: readonly Span[],
  diagnostics: Diagnostics,
): Node | undefined {
  const building: Building = {
    source,
    diagnostics,
    bare,
    anchors: new Map(),
    sizes: new WeakMap(),
    aliased: 0,
    tooDeep: false,
  };
  const node = build(building, root, 0);
  return building.tooDeep || building.aliased > mostAliased ? undefined : node;
}

function build(building: Building, node: unknown, depth: number, emptyAt = 0): Node {
  if (isAlias(node)) return follow(building, node);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return nothing(building, emptyAt);
  const anchor = node.anchor;
  if (anchor !== undefined) building.anchors.set(anchor, 'open');
  const built = depth > deepest ? tooDeep(building, node) : buildKind(building, node, depth);
  if (anchor !== undefined) building.anchors.set(anchor, built);
  return built;
}

function buildKind(building: Building, node: Scalar | YAMLMap | YAMLSeq, depth: number): Node {
  const bare = building.bare.find(span => span.start === node.range?.[0]);
  if (bare !== undefined && isMap(node) && node.flow === true) return textOf(bare);
  const built = isScalar(node)
    ? buildScalar(building, node)
    : isMap(node)
      ? buildMapping(building, node, depth)
      : buildSequence(building, node, depth);
  building.sizes.set(built, sizeOf(building, built));
  return built;
}

function buildScalar(building: Building, node: Scalar): ScalarNode {
  const span = spanOf(building, node);
  const style = styleOf(node);
  const text = String(node.value);
  const tag = tagOf(node, span, building.diagnostics);
  const kept = tag !== undefined && keptTags.includes(tag) ? { tag } : {};
  if (tag === undefined || !coreTags.includes(tag)) {
    const read =
      style === 'plain' && kept.tag === undefined ? readPlainScalar(text) : { value: text, float: false };
    return { kind: 'scalar', span, style, ...read, ...kept };
  }
  const read = readTaggedScalar(text, tag.slice(2));
  if (read === undefined)
    building.diagnostics.error('yaml-tag-mismatch', `“${text}” does not fit its tag ${tag}`, span);
  return { kind: 'scalar', span, style, value: text, float: false, ...read };
}

function buildSequence(building: Building, node: YAMLSeq, depth: number): SequenceNode {
  const span = spanOf(building, node);
  const tag = collectionTag(building, node, span);
  const items = node.items.map(item => build(building, item, depth + 1, span.end));
  return { kind: 'sequence', span, items, ...tag };
}

function buildMapping(building: Building, node: YAMLMap, depth: number): MappingNode {
  const span = spanOf(building, node);
  const tag = collectionTag(building, node, span);
  const own = new Map<MappingEntry['key'], MappingEntry>();
  const merges: Node[] = [];
  for (const pair of node.items) {
    const key = build(building, pair.key, depth + 1, span.start);
    const value = build(building, pair.value, depth + 1, key.span.end);
    if (key.kind !== 'scalar') {
      building.diagnostics.error(
        'yaml-key-not-scalar',
        'a key must be a single value, not a list or mapping',
        placeAt(key),
      );
    } else if (key.value === '<<' && key.style === 'plain') {
      merges.push(value);
    } else {
      addEntry(building, own, { key: key.value, keySpan: placeAt(key), value });
    }
  }
  const entries = mergedEntries(merges, [...own.values()], building.diagnostics, (part, at) =>
    aliased(building, part, at),
  );
  return { kind: 'mapping', span, entries, ...tag };
}

function addEntry(
  building: Building,
  entries: Map<MappingEntry['key'], MappingEntry>,
  entry: MappingEntry,
): void {
  const first = entries.get(entry.key);
  if (first === undefined) {
    entries.set(entry.key, entry);
    return;
  }
  building.diagnostics.error(
    'yaml-duplicate-key',
    `the key “${entry.key}” stands here a second time`,
    entry.keySpan,
    {
      notes: [{ message: 'it stands here first', span: first.keySpan }],
      hint: 'remove one of them; YAML would silently take the second',
    },
  );
}

/** What an alias stands for, with the place of the alias. The parts are shared, so a bomb takes no memory; its size is counted all the same. */
function follow(building: Building, alias: Alias): Node {
  const { anchors, diagnostics, sizes } = building;
  const span = spanOf(building, alias);
  const target = anchors.get(alias.source);
  if (target === undefined) {
    const hint = didYouMeanHint(alias.source, anchors.keys());
    diagnostics.error('yaml-unknown-alias', `there is no anchor “&${alias.source}” above`, span, {
      hint: hint ?? `if it is meant as text, quote it: "*${alias.source}"`,
    });
    return nothing(building, span.start);
  }
  if (target === 'open') {
    diagnostics.error('yaml-endless-alias', `“*${alias.source}” stands inside of what it stands for`, span);
    return nothing(building, span.start);
  }
  const size = sizes.get(target) ?? 1;
  const before = building.aliased;
  building.aliased += size;
  if (building.aliased > mostAliased && before <= mostAliased)
    diagnostics.error('yaml-too-many-aliases', `aliases stand for more than ${mostAliased} values`, span, {
      hint: 'aliases of aliases multiply; keep such data in variables',
    });
  return aliased(building, target, span);
}

function aliased(building: Building, target: Node, span: Span): Node {
  const copy: Node = { ...target, aliasSpan: span };
  building.sizes.set(copy, building.sizes.get(target) ?? 1);
  return copy;
}

function sizeOf(building: Building, node: Node): number {
  if (node.kind === 'scalar') return 1;
  const parts = node.kind === 'sequence' ? node.items : node.entries.map(entry => entry.value);
  return parts.reduce((sum, part) => sum + (building.sizes.get(part) ?? 1), 1);
}

function tooDeep(building: Building, node: Scalar | YAMLMap | YAMLSeq): Node {
  const span = spanOf(building, node);
  if (!building.tooDeep)
    building.diagnostics.error('yaml-too-deep', `this is nested more than ${deepest} levels deep`, {
      ...span,
      end: span.start + 1,
    });
  building.tooDeep = true;
  return nothing(building, span.start);
}

function collectionTag(building: Building, node: YAMLMap | YAMLSeq, span: Span): { readonly tag?: string } {
  const tag = tagOf(node, span, building.diagnostics);
  if (tag === undefined || tag === '!unsafe' || tag === (isMap(node) ? '!!map' : '!!seq')) {
    return tag === '!unsafe' ? { tag } : {};
  }
  const found = isMap(node) ? 'a mapping' : 'a list';
  building.diagnostics.error('yaml-tag-mismatch', `${found} does not fit its tag ${tag}`, span);
  return {};
}

function textOf(span: Span): ScalarNode {
  return {
    kind: 'scalar',
    span,
    value: span.source.text.slice(span.start, span.end),
    float: false,
    style: 'plain',
  };
}

function nothing(building: Building, at: number): ScalarNode {
  return {
    kind: 'scalar',
    span: { source: building.source, start: at, end: at },
    value: null,
    float: false,
    style: 'plain',
  };
}

function styleOf(node: Scalar): ScalarNode['style'] {
  switch (node.type) {
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'QUOTE_SINGLE':
      return 'single';
    case 'BLOCK_LITERAL':
      return 'literal';
    case 'BLOCK_FOLDED':
      return 'folded';
    default:
      return 'plain';
  }
}

function spanOf(
  building: Building,
  node: { readonly range?: readonly [number, number, number] | null },
): Span {
  const [start, end] = node.range ?? [0, 0];
  return { source: building.source, start, end };
}

/** Where a node is written in the text: for an alias, the alias. */
function placeAt(node: Node): Span {
  return node.aliasSpan ?? node.span;
}
