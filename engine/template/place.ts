import type { Stretch } from './ast.ts';
import type { Place } from './carry.ts';
import type { Places } from './frame.ts';

/** The place of a node, worked out only when an error asks for it. */
export function placeOf(places: Places, node: Stretch, mayBeUndefined = false): Place {
  return {
    mayBeUndefined,
    get span() {
      return places.spanOf(node);
    },
  };
}
