/**
 * A value that nobody can know yet: it depends on a change that a check has not made. Whatever is computed from it is
 * unknown too, until the same task; `false and unknown` is false.
 */
export class Unknown {
  /** Name of the task after which it will be known. */
  readonly until: string;

  constructor(until: string) {
    this.until = until;
  }

  toString(): string {
    return `(unknown until “${this.until}”)`;
  }

  toJSON(): { readonly unknown_until: string } {
    return { unknown_until: this.until };
  }
}
