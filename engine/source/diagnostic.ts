import type { Span } from './span.ts';

/** A second place that belongs to a diagnostic, e.g. where a key was written first. */
export interface Note {
  readonly message: string;
  readonly span?: Span;
}

/** A mistake in what the user wrote, as data: found before anything connects, gathered, and drawn all together. */
export interface Diagnostic {
  /** Stable kebab-case name, e.g. `unknown-keyword`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span?: Span;
  readonly notes?: readonly Note[];
  /** What to do about it, as a full sentence or `did you mean “x”?`. */
  readonly hint?: string;
}

/** Collects diagnostics on the way through a text. */
export class Diagnostics {
  readonly #found: Diagnostic[] = [];

  get all(): readonly Diagnostic[] {
    return this.#found;
  }

  get hasErrors(): boolean {
    return this.#found.some(diagnostic => diagnostic.severity === 'error');
  }

  add(diagnostic: Diagnostic): void {
    this.#found.push(diagnostic);
  }

  error(
    code: string,
    message: string,
    span?: Span,
    more: Partial<Pick<Diagnostic, 'notes' | 'hint'>> = {},
  ): void {
    this.add({ code, severity: 'error', message, ...(span && { span }), ...more });
  }

  warning(
    code: string,
    message: string,
    span?: Span,
    more: Partial<Pick<Diagnostic, 'notes' | 'hint'>> = {},
  ): void {
    this.add({ code, severity: 'warning', message, ...(span && { span }), ...more });
  }
}

/** What is thrown where user input is wrong beyond going on: it carries its diagnostics, never a message of its own. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(diagnostic => diagnostic.message).join('; '));
    this.diagnostics = diagnostics;
  }
}
