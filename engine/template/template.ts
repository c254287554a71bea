import type { Span } from '../source/span.ts';
import type { Expr, Statement, Stretch } from './ast.ts';
import { carry } from './carry.ts';
import { compileExpr } from './compile-expression.ts';
import { compileBody, compileStatement } from './compile-statement.ts';
import { runTemplate } from './compile-template.ts';
import type { Scope } from './environment.ts';
import { TemplateError } from './error.ts';
import { type BlockBody, type Evaluate, Evaluation, type Execute, Frame, type Places } from './frame.ts';
import { type TemplateOptions, tokenize } from './lexer.ts';
import { scanExpression } from './lexer-expression.ts';
import { parseTuple } from './parse-expression.ts';
import { parseBody } from './parse-statement.ts';
import { str } from './print.ts';
import { SyntaxMistake, syntaxError, type Token } from './token.ts';
import { TokenStream } from './token-stream.ts';
import type { Value } from './value.ts';
import { partsOf } from './walk.ts';

/** Maps indexes of a template's text to the file it stands in. */
export interface Origin {
  spanOf(start: number, end: number): Span | undefined;
}

/** A template, parsed and ready to be evaluated any number of times. */
export interface Template {
  readonly kind: 'template';
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly places: Places;
  /** Runs its statements; of a template that extends another, only what stands before that tag prints. */
  readonly execute: Execute;
  readonly blocks: ReadonlyMap<string, BlockBody>;
  /** Gives its value, where the template is one expression and nothing else. */
  readonly sole: Evaluate | undefined;
}

/** An expression, parsed and ready to be evaluated any number of times. */
export interface Expression {
  readonly kind: 'expression';
  readonly text: string;
  readonly node: Expr;
  readonly places: Places;
  readonly evaluate: Evaluate;
}

/** Whether a text holds anything of a template at all: a cheap test, true for some texts that hold none. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Parses a template. Throws TemplateError with the place of the mistake. */
export function parseTemplate(text: string, origin?: Origin, options?: TemplateOptions): Template {
  const places = placesOf(text, origin);
  return parsing(places, () => {
    const statements = parseBody(new TokenStream(tokenize(text, options)));
    const blocks = new Map<string, BlockBody>();
    const template: Template = {
      kind: 'template',
      text,
      statements,
      places,
      execute: compileRoot(statements, places),
      blocks,
      sole: compileSole(statements, places),
    };
    for (const block of blocksIn(statements)) {
      if (blocks.has(block.name)) throw syntaxError(`the block “${block.name}” is there twice`, block);
      blocks.set(block.name, {
        template,
        body: compileBody(block.body, places),
        required: block.required,
        span: places.spanOf(block),
      });
    }
    return template;
  });
}

/** Parses an expression, as it stands in `when:`. Throws TemplateError with the place of the mistake. */
export function parseExpression(text: string, origin?: Origin): Expression {
  const places = placesOf(text, origin);
  return parsing(places, () => {
    const tokens: Token[] = [];
    scanExpression(text, 0, { open: 0, close: '', tokens });
    tokens.push({ type: 'end', text: '', start: text.length, end: text.length });
    const stream = new TokenStream(tokens);
    const node = parseTuple(stream);
    if (stream.current.type !== 'end') throw stream.unexpected('an operator or the end');
    return { kind: 'expression', text, node, places, evaluate: compileExpr(node, places) };
  });
}

function placesOf(text: string, origin: Origin | undefined): Places {
  return {
    spanOf: ({ start, end }: Stretch) => origin?.spanOf(start, end),
    textOf: node => text.slice(node.start, node.end),
  };
}

function parsing<T>(places: Places, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxMistake) throw error.at(places.spanOf(error.stretch));
    throw withoutOverflow(error, places);
  }
}

/** An exhausted stack is a mistake of the template: something in it nests, or calls itself, too deeply. */
function withoutOverflow(error: unknown, places: Places): unknown {
  if (!(error instanceof RangeError) || !error.message.includes('call stack')) return error;
  return new TemplateError('template-too-deep', 'this nests too deeply, or calls itself without end', {
    span: places.spanOf({ start: 0, end: 0 }),
  });
}

function* blocksIn(statements: readonly Statement[]): Generator<Extract<Statement, { kind: 'block' }>> {
  for (const statement of statements) {
    if (statement.kind === 'block') yield statement;
    yield* blocksIn(partsOf(statement).statements);
  }
}

/** Runs statements until one extends another template; what follows then is run for its variables and macros only. */
function compileRoot(statements: readonly Statement[], places: Places): Execute {
  const steps = statements.map(statement => ({
    run: compileStatement(statement, places),
    prints: ['text', 'output', 'block', 'include'].includes(statement.kind),
  }));
  return (frame, out) => {
    for (const { run, prints } of steps) {
      if (frame.evaluation.parent === undefined) run(frame, out);
      else if (!prints) run(frame, []);
    }
    return 'next';
  };
}

/** The value of a template that is one expression, tags that print nothing aside. */
function compileSole(statements: readonly Statement[], places: Places): Evaluate | undefined {
  const silent = ['set', 'capture', 'macro', 'do', 'import', 'from'];
  const [sole, ...others] = statements.filter(({ kind }) => !silent.includes(kind));
  if (sole?.kind !== 'output' || others.length > 0) return undefined;
  const steps = statements
    .filter(statement => statement !== sole)
    .map(statement => compileStatement(statement, places));
  const value = compileExpr(sole.value, places);
  if (steps.length === 0) return value;
  const at = statements.indexOf(sole);
  return frame => {
    for (const step of steps.slice(0, at)) step(frame, []);
    return value(frame);
  };
}

/**
 * The value of an expression or template: of a template that is one expression, that expression's value, which may be undefined;
 * of any other, its text. Throws TemplateError with the innermost place.
 */
export function evaluate(source: Template | Expression, scope: Scope): Value {
  return running(source, () => {
    const run = source.kind === 'expression' ? source.evaluate : source.sole;
    if (run === undefined) return render(source, scope);
    return carry(undefined, run, new Frame(new Evaluation(scope)));
  });
}

/** The text of a template: a string, a Secret of one, or Unknown. Throws TemplateError with the innermost place. */
export function render(source: Template | Expression, scope: Scope): Value {
  return running(source, () => carry(undefined, () => textOf(source, new Frame(new Evaluation(scope)))));
}

function textOf(source: Template | Expression, frame: Frame): string {
  if (source.kind === 'expression') return str(source.evaluate(frame));
  const out: string[] = [];
  runTemplate(source, frame, out);
  return out.join('');
}

function running(source: Template | Expression, run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    throw withoutOverflow(error, source.places);
  }
}
