import type { Diagnostic, Note } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';

/** What kind of mistake a template holds; the diagnostic's code. */
export type TemplateErrorCode =
  | 'template-syntax'
  | 'template-too-deep'
  | 'template-not-found'
  | 'template-type'
  | 'template-value'
  | 'template-arguments'
  | 'template-failed'
  | 'undefined-variable'
  | 'unknown-filter'
  | 'unknown-test'
  | 'unknown-lookup';

/** A mistake in a template or expression, with its place. Its message never holds a secret. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code: TemplateErrorCode;
  readonly hint: string | undefined;
  #span: Span | undefined;
  #placed = false;
  readonly #notes: Note[] = [];

  constructor(
    code: TemplateErrorCode,
    message: string,
    more: { readonly span?: Span | undefined; readonly hint?: string | undefined } = {},
  ) {
    super(message);
    this.code = code;
    this.hint = more.hint;
    if (more.span !== undefined) this.at(more.span);
  }

  get span(): Span | undefined {
    return this.#span;
  }

  get notes(): readonly Note[] {
    return this.#notes;
  }

  /** Gives the error its place, unless a place further in has been given: the innermost one is the true one. */
  at(span: Span | undefined): this {
    if (!this.#placed && span !== undefined) {
      this.#span = span;
      this.#placed = true;
    }
    return this;
  }

  /** Adds how the evaluation came here, e.g. through which variable. */
  because(message: string, span?: Span): this {
    const last = this.#notes.at(-1);
    if (last?.message !== message || last.span?.start !== span?.start)
      this.#notes.push({ message, ...(span && { span }) });
    return this;
  }

  /** The same mistake as data, to be gathered and drawn with others. */
  toDiagnostic(): Diagnostic {
    return {
      code: this.code,
      severity: 'error',
      message: this.message,
      ...(this.#span && { span: this.#span }),
      ...(this.#notes.length > 0 && { notes: [...this.#notes] }),
      ...(this.hint !== undefined && { hint: this.hint }),
    };
  }
}

/** A value of the wrong kind, e.g. a list where a number is needed. */
export function typeError(message: string, hint?: string): TemplateError {
  return new TemplateError('template-type', message, { hint });
}

/** A value of the right kind that cannot be used, e.g. a division by zero. */
export function valueError(message: string, hint?: string): TemplateError {
  return new TemplateError('template-value', message, { hint });
}
