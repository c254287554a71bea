import { attribute, item } from '../access.ts';
import { open } from '../carry.ts';
import type { Opened, Value } from '../value.ts';
import { Undefined } from '../value.ts';

/** Reads `a.b.0` out of a value, as the argument `attribute` of many filters means it; `otherwise` stands for what is undefined. */
export function attributeReader(path: Value, otherwise?: Value): (value: Value) => Value {
  const steps = stepsOf(open(path));
  return value => {
    let found = value;
    for (const step of steps) {
      found = typeof step === 'string' ? dotted(found, step) : item(found, step, () => 'the item');
      if (found instanceof Undefined && otherwise !== undefined) return otherwise;
    }
    return found;
  };
}

/** Items before methods, unlike `a.b`: a dictionary's key `items` is meant. */
function dotted(value: Value, name: string): Value {
  const found = item(value, name, () => 'the item');
  return found instanceof Undefined ? attribute(value, name, () => 'the item') : found;
}

function stepsOf(path: Opened): (string | Opened)[] {
  if (typeof path !== 'string') return path === null ? [] : [path];
  return path.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Text that compares alike in any case, where `caseSensitive` is not asked for. */
export function withoutCase(value: Value): Value {
  const opened = open(value);
  return typeof opened === 'string' ? opened.toLowerCase() : opened;
}
