import type { Diagnostics } from './diagnostic.ts';
import type { MappingEntry, Node } from './node.ts';
import type { Span } from './span.ts';

/**
 * The entries of a mapping with its merge keys (`<<: *defaults`, or a list of them) worked in: what is merged comes first, of several the
 * earlier one wins, and a mapping's own entries win over all.
 */
export function mergedEntries(
  merges: readonly Node[],
  own: readonly MappingEntry[],
  diagnostics: Diagnostics,
  aliased: (part: Node, at: Span) => Node,
): readonly MappingEntry[] {
  if (merges.length === 0) return own;
  const merged = new Map<MappingEntry['key'], MappingEntry>();
  for (const merge of merges)
    for (const entry of mergeSources(merge, diagnostics, aliased))
      if (!merged.has(entry.key)) merged.set(entry.key, entry);
  for (const entry of own) merged.set(entry.key, entry);
  return [...merged.values()];
}

function mergeSources(
  merge: Node,
  diagnostics: Diagnostics,
  aliased: (part: Node, at: Span) => Node,
): readonly MappingEntry[] {
  const sources = merge.kind === 'sequence' ? merge.items : [merge];
  return sources.flatMap(from => {
    if (from.kind === 'mapping') {
      const at = from.aliasSpan;
      return at ? from.entries.map(entry => ({ ...entry, value: aliased(entry.value, at) })) : from.entries;
    }
    diagnostics.error('yaml-bad-merge', 'only mappings can be merged by “<<”', from.aliasSpan ?? from.span, {
      hint: 'write an alias of a mapping (<<: *name) or a list of such aliases',
    });
    return [];
  });
}
