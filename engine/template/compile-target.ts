import { unreachable } from '../source/unreachable.ts';
import type { Target } from './ast.ts';
import { concealIfMet, located } from './carry.ts';
import { list } from './coerce.ts';
import { typeError, valueError } from './error.ts';
import type { Frame, Places } from './frame.ts';
import { placeOf } from './place.ts';
import { kindOf } from './print.ts';
import { Namespace, type Value } from './value.ts';

/** Makes the assignment to a target ready. */
export function compileTarget(target: Target, places: Places): (frame: Frame, value: Value) => void {
  switch (target.kind) {
    case 'name': {
      const { name } = target;
      return (frame, value) => frame.set(name, concealIfMet(value));
    }
    case 'field': {
      const place = placeOf(places, target);
      return (frame, value) =>
        located(place, () => setField(frame, target.name, target.field, concealIfMet(value)));
    }
    case 'unpack': {
      const targets = target.targets.map(one => compileTarget(one, places));
      const place = placeOf(places, target);
      return (frame, value) => {
        const items = located(place, () => unpacked(value, targets.length));
        for (const [index, assign] of targets.entries()) assign(frame, items[index] ?? null);
      };
    }
    default:
      return unreachable(target);
  }
}

function setField(frame: Frame, name: string, field: string, value: Value): void {
  const namespace = frame.get(name) ?? frame.evaluation.scope.get(name);
  if (!(namespace instanceof Namespace)) {
    throw typeError(
      `“${name}” is no namespace: only those have fields that can be set`,
      `make it one first: {% set ${name} = namespace(…) %}`,
    );
  }
  namespace.set(field, value);
}

function unpacked(value: Value, count: number): Value[] {
  const items = list(value);
  if (items.length !== count)
    throw valueError(`${kindOf(value)} with ${items.length} items cannot be split into ${count} names`);
  return items;
}
