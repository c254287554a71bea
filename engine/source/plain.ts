import type { Node } from './node.ts';
import { unreachable } from './unreachable.ts';

/** A value as JavaScript has it. Mappings are Maps: they keep their order and the types of their keys. */
export type Plain =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Plain[]
  | ReadonlyMap<PlainKey, Plain>;

/** What can be the key of a mapping. */
type PlainKey = string | number | bigint | boolean | null;

/** The value of a node without its places. That a float was written as one (`1.0`) is lost; `ScalarNode.float` has it. */
export function nodeToPlain(node: Node): Plain {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(nodeToPlain);
    case 'mapping':
      return new Map(node.entries.map(entry => [entry.key, nodeToPlain(entry.value)]));
    default:
      return unreachable(node);
  }
}
