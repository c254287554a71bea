import type { Span } from './span.ts';

/** A YAML document with the place of every key and value. */
export type Node = ScalarNode | SequenceNode | MappingNode;

/**
 * A scalar. Strings keep the map from their characters to the file, so that a mistake inside a template is drawn where it stands.
 * `int` beyond 2^53 is a bigint, a float that is written as one (`1.0`) is kept apart from an int.
 */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string | number | bigint | boolean | null;
  readonly float: boolean;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** The explicit tag, e.g. `!vault` or `!unsafe`; none for plain values. */
  readonly tag?: string;
  /** Anchor or alias by which this value came here, if any: where it stands in the text. */
  readonly aliasSpan?: Span;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly span: Span;
  readonly items: readonly Node[];
  readonly tag?: string;
  readonly aliasSpan?: Span;
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly span: Span;
  readonly entries: readonly MappingEntry[];
  readonly tag?: string;
  readonly aliasSpan?: Span;
}

/** One `key: value`. `key` is the key as YAML reads it (an int key stays an int). */
export interface MappingEntry {
  readonly key: string | number | bigint | boolean | null;
  readonly keySpan: Span;
  readonly value: Node;
}

/** The value under a key, if it is there. */
export function get(node: Node | undefined, key: string): Node | undefined {
  return entryOf(node, key)?.value;
}

/** The entry of a key, if it is there. */
export function entryOf(node: Node | undefined, key: string): MappingEntry | undefined {
  return node?.kind === 'mapping' ? node.entries.find(entry => entry.key === key) : undefined;
}
