import type { Node } from '../source/node.ts';

/** The texts of a value that is one text, a list of them, or nothing. Other kinds are left out: they were reported when the keyword was read. */
export function textsOf(node: Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if (node.kind === 'scalar') return node.value === null ? [] : [String(node.value)];
  return node.kind === 'sequence' ? node.items.flatMap(textsOf) : [];
}
