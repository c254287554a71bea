import type { Expr } from './ast.ts';
import { located } from './carry.ts';
import { truth } from './coerce.ts';
import { compileExpr } from './compile-expression.ts';
import type { Frame, Places } from './frame.ts';
import { placeOf } from './place.ts';

/** Makes a condition ready: its truth is that of the text around it, unknown and secret ones included. */
export function compileTruth(node: Expr, places: Places): (frame: Frame) => boolean {
  const evaluate = compileExpr(node, places);
  const place = placeOf(places, node);
  return frame => {
    const value = evaluate(frame);
    return typeof value === 'boolean' ? value : located(place, () => truth(value));
  };
}
