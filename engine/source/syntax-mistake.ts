import type { Note } from './diagnostic.ts';
import type { Span } from './span.ts';

/** A complaint of the parser in plain words. */
export interface SyntaxMistake {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
  readonly notes?: readonly Note[];
  /** Nothing after it can be understood: a quote or bracket that is never closed. */
  readonly runsOn?: boolean;
}
