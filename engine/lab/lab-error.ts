/** What went wrong with a lab, said to the person who asked for it; `hint` says what to do about it. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly hint: string | undefined;
  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
  }
}
