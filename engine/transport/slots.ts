/** A counted number of places; who finds none waits in line. */
export class Slots {
  readonly #onFull: () => void;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** `onFull` is called when somebody has to wait, to make room if it can. */
  constructor(size: number, onFull: () => void = () => undefined) {
    this.#free = size;
    this.#onFull = onFull;
  }

  /** Whether somebody waits. */
  get wanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves, with the function that gives the place back, when there is one. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else {
      const turn = new Promise<void>(resolve => this.#waiting.push(resolve));
      this.#onFull();
      await turn;
    }
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }
}
