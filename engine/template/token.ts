import type { Stretch } from './ast.ts';
import { TemplateError } from './error.ts';

/** What a template is cut into. `text` of a string token is its value, escapes read; of others, what stands there. */
export interface Token extends Stretch {
  readonly type:
    | 'data'
    | 'variable-begin'
    | 'variable-end'
    | 'block-begin'
    | 'block-end'
    | 'name'
    | 'string'
    | 'integer'
    | 'float'
    | 'operator'
    | 'end';
  readonly text: string;
}

/** A syntax mistake that knows its indexes, not yet its place in a file; `parseTemplate` gives it that. */
export class SyntaxMistake extends TemplateError {
  readonly stretch: Stretch;
  constructor(
    message: string,
    stretch: Stretch,
    hint?: string,
    code: 'template-syntax' | 'template-too-deep' = 'template-syntax',
  ) {
    super(code, message, { hint });
    this.stretch = stretch;
  }
}

/** A mistake in a template's grammar. */
export function syntaxError(message: string, stretch: Stretch, hint?: string): SyntaxMistake {
  return new SyntaxMistake(message, { start: stretch.start, end: stretch.end }, hint);
}
