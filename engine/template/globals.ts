import { integer, string } from './coerce.ts';
import { Dict } from './dict.ts';
import { globalFunction } from './environment.ts';
import { valueError } from './error.ts';
import { pairsOf } from './methods/dict.ts';
import { Callable, Namespace, PyObject, Range, type Value } from './value.ts';

/** Jinja2's global functions. */
export const builtinGlobals: ReadonlyMap<string, Value> = new Map<string, Value>([
  [
    'range',
    globalFunction('range', ['start', 'stop?', 'step?'], ([first = null, stop, step = 1]) =>
      range(first, stop, step),
    ),
  ],
  [
    'dict',
    globalFunction(
      'dict',
      ['pairs?', '**named'],
      ([pairs], { named }) => new Dict([...(pairs === undefined ? [] : pairsOf(pairs)), ...named]),
    ),
  ],
  [
    'namespace',
    globalFunction('namespace', ['pairs?', '**named'], ([pairs], { named }) => namespace(pairs, named)),
  ],
  ['cycler', globalFunction('cycler', ['*items'], (_args, { rest }) => new Cycler(rest))],
  ['joiner', globalFunction('joiner', ['sep?'], ([separator = ', ']) => joiner(separator))],
]);

function range(first: Value, stop: Value | undefined, step: Value): Value {
  const stride = integer(step, 'the step of a range');
  if (stride === 0) throw valueError('the step of a range cannot be zero');
  const start = integer(first, 'the start of a range');
  return stop === undefined
    ? new Range(0, start, stride)
    : new Range(start, integer(stop, 'the stop of a range'), stride);
}

function namespace(pairs: Value | undefined, named: ReadonlyMap<string, Value>): Value {
  const entries =
    pairs === undefined
      ? []
      : pairsOf(pairs).map(([key, value]) => [string(key, 'the name of a field'), value] as const);
  return new Namespace([...entries, ...named]);
}

function joiner(separator: Value): Value {
  let used = false;
  return new Callable('joiner', () => {
    const text = used ? separator : '';
    used = true;
    return text;
  });
}

/** `cycler(…)`: gives one of its values after the other, from the first again behind the last. */
class Cycler extends PyObject {
  readonly typeName = 'Cycler';
  readonly #items: readonly Value[];
  #at = 0;

  constructor(items: readonly Value[]) {
    super();
    if (items.length === 0) throw valueError('“cycler” needs at least one value');
    this.#items = items;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.#items[this.#at];
      case 'pos':
        return this.#at;
      case 'next':
        return new Callable('next', () => this.#next());
      case 'reset':
        return new Callable('reset', () => {
          this.#at = 0;
          return null;
        });
      default:
        return undefined;
    }
  }

  #next(): Value {
    const value = this.#items[this.#at] ?? null;
    this.#at = (this.#at + 1) % this.#items.length;
    return value;
  }
}
