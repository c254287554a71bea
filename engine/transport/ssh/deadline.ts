/** A time limit that stands still while a person is asked something. */
export class Deadline {
  readonly #onExpired: () => void;
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, onExpired: () => void) {
    this.#left = milliseconds;
    this.#onExpired = onExpired;
    this.#start();
  }

  /** Runs something that must not count. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    this.stop();
    this.#left -= performance.now() - this.#since;
    try {
      return await work();
    } finally {
      this.#start();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.#onExpired, Math.max(0, this.#left));
  }
}
