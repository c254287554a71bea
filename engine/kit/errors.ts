/** A question to a host came to nothing: a command failed, its output is not what it must be, the host is out of reach. */
export class ProbeError extends Error {
  override readonly name: string = 'ProbeError';
  /** What to do about it. */
  readonly hint?: string;
  constructor(message: string, options: { hint?: string } = {}) {
    super(message);
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** A module's “I will not”: nothing was changed; it says what is at stake and the way out. Thrown by `plan`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** What the author can do, e.g. which argument allows it. */
  readonly wayOut: string;
  constructor(reason: string, wayOut: string) {
    super(reason);
    this.wayOut = wayOut;
  }
}
