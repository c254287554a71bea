import { equal } from './compare.ts';
import { typeError, valueError } from './error.ts';
import { type Arguments, Callable, orElse, PyObject, Undefined, type Value } from './value.ts';

/** The variable `loop` inside of a `for`. */
export class LoopContext extends PyObject {
  readonly typeName = 'LoopContext';
  readonly #items: readonly Value[];
  readonly #depth: number;
  readonly #recurse: ((items: Value, depth: number) => Value) | undefined;
  #last: readonly Value[] | undefined;
  /** Which item the loop is at, from 0. */
  index = 0;

  constructor(items: readonly Value[], depth: number, recurse?: (items: Value, depth: number) => Value) {
    super();
    this.#items = items;
    this.#depth = depth;
    this.#recurse = recurse;
  }

  override attribute(name: string): Value | undefined {
    const { length } = this.#items;
    switch (name) {
      case 'index':
        return this.index + 1;
      case 'index0':
        return this.index;
      case 'revindex':
        return length - this.index;
      case 'revindex0':
        return length - this.index - 1;
      case 'first':
        return this.index === 0;
      case 'last':
        return this.index === length - 1;
      case 'length':
        return length;
      case 'depth':
        return this.#depth + 1;
      case 'depth0':
        return this.#depth;
      case 'previtem':
        return orElse(
          this.#items[this.index - 1],
          () => new Undefined('loop.previtem', 'there is no item before the first one'),
        );
      case 'nextitem':
        return orElse(
          this.#items[this.index + 1],
          () => new Undefined('loop.nextitem', 'there is no item behind the last one'),
        );
      case 'cycle':
        return new Callable('loop.cycle', ({ positional }) => this.#cycle(positional));
      case 'changed':
        return new Callable('loop.changed', ({ positional }) => this.#changed(positional));
      default:
        return undefined;
    }
  }

  override text(): string {
    return `<LoopContext ${this.index + 1}/${this.#items.length}>`;
  }

  override size(): number {
    return this.#items.length;
  }

  override get call(): (args: Arguments) => Value {
    return ({ positional }) => {
      const [items] = positional;
      if (this.#recurse === undefined)
        throw typeError('this loop cannot be called', 'write “recursive” at the end of its “for” tag');
      if (items === undefined || positional.length > 1)
        throw typeError('“loop” is called with the one value to loop over');
      return this.#recurse(items, this.#depth + 1);
    };
  }

  #cycle(values: readonly Value[]): Value {
    const value = values[this.index % values.length];
    if (value === undefined) throw valueError('“loop.cycle” needs at least one value');
    return value;
  }

  #changed(values: readonly Value[]): boolean {
    const before = this.#last;
    this.#last = values;
    return (
      before === undefined ||
      before.length !== values.length ||
      !values.every((value, index) => equal(value, before[index] ?? null))
    );
  }
}
