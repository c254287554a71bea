import type { Statement } from './ast.ts';
import { carry, located, open, type Place } from './carry.ts';
import { list, string, told } from './coerce.ts';
import { compileExpr } from './compile-expression.ts';
import type { Environment, Scope } from './environment.ts';
import { TemplateError } from './error.ts';
import { type BlockBody, Evaluation, type Execute, Frame, type Places } from './frame.ts';
import { placeOf } from './place.ts';
import { str } from './print.ts';
import type { Template } from './template.ts';
import { Callable, orElse, PyObject, Undefined, type Value } from './value.ts';

/** Runs a template in a frame of its own, those that it extends included. */
export function runTemplate(template: Template, frame: Frame, out: string[]): void {
  const { evaluation } = frame;
  let within = frame;
  for (let next: Template | undefined = template; next !== undefined; next = evaluation.parent) {
    evaluation.parent = undefined;
    addBlocks(evaluation, next);
    if (next.blocks.size > 0) within.set('self', new SelfReference(within));
    next.execute(within, out);
    within = new Frame(evaluation, within);
  }
}

function addBlocks(evaluation: Evaluation, template: Template): void {
  for (const [name, block] of template.blocks) {
    const chain = evaluation.blocks.get(name);
    if (chain) chain.push(block);
    else evaluation.blocks.set(name, [block]);
  }
}

/** `self`: its attributes are the template's blocks, as functions that give their text. */
class SelfReference extends PyObject {
  readonly typeName = 'TemplateReference';
  readonly #frame: Frame;
  constructor(frame: Frame) {
    super();
    this.#frame = frame;
  }

  override attribute(name: string): Value | undefined {
    const chain = this.#frame.evaluation.blocks.get(name);
    return chain && blockFunction(chain, 0, this.#frame, undefined);
  }
}

function blockFunction(
  chain: readonly BlockBody[],
  level: number,
  frame: Frame,
  place: Place | undefined,
): Callable {
  const text = (): Value => {
    const out: string[] = [];
    runBlock(chain, level, frame, out);
    return out.join('');
  };
  const above =
    chain.length > level + 1
      ? new Map<string, Value>([['super', blockFunction(chain, level + 1, frame, place)]])
      : undefined;
  return new Callable('super', () => carry(place, text), above);
}

function runBlock(chain: readonly BlockBody[], level: number, around: Frame, out: string[]): void {
  const block = chain[level];
  if (block === undefined) return;
  if (block.required)
    throw new TemplateError(
      'template-failed',
      'this block must be filled in by a template that extends this one',
      { span: block.span },
    );
  const frame = around.inner();
  const place = { span: block.span };
  frame.set(
    'super',
    chain.length > level + 1
      ? blockFunction(chain, level + 1, around, place)
      : new Undefined('super', 'there is no parent block for “super()”', { span: block.span }),
  );
  block.body(frame, out);
}

/** `{% block name %}`: runs the most derived block of that name. */
export function compileBlock(node: Extract<Statement, { kind: 'block' }>, places: Places): Execute {
  const place = placeOf(places, node);
  return (frame, out) => {
    const { evaluation } = frame;
    if (evaluation.parent !== undefined && frame === frame.root) return 'next';
    const chain = evaluation.blocks.get(node.name) ?? [];
    located(place, () => runBlock(chain, 0, node.scoped ? frame : frame.root, out));
    return 'next';
  };
}

/** `{% extends %}`: this template's blocks are set into another one, which is what is printed. */
export function compileExtends(node: Extract<Statement, { kind: 'extends' }>, places: Places): Execute {
  const template = compileExpr(node.template, places);
  const place = placeOf(places, node);
  return frame => {
    if (frame.evaluation.parent !== undefined)
      throw new TemplateError('template-failed', 'a template can extend only one other', {
        span: place.span,
      });
    frame.evaluation.parent = located(place, () =>
      loadTemplate(frame.evaluation.environment, template(frame)),
    );
    return 'next';
  };
}

function loadTemplate(environment: Environment, value: Value): Template {
  const name = string(value, 'the name of a template');
  const template = environment.load?.(name);
  if (template === undefined)
    throw new TemplateError('template-not-found', `there is no template ${told(name)}`);
  return template;
}

/** The first template of those named that is there. */
function loadFirst(environment: Environment, value: Value, ignoreMissing: boolean): Template | undefined {
  const opened = open(value);
  const names =
    typeof opened === 'string' ? [opened] : list(opened).map(name => string(name, 'the name of a template'));
  for (const name of names) {
    const template = environment.load?.(name);
    if (template !== undefined) return template;
  }
  if (ignoreMissing) return undefined;
  const which =
    names.length === 1
      ? `there is no template ${names.map(told).join()}`
      : `there is none of the templates ${names.map(told).join(', ')}`;
  throw new TemplateError('template-not-found', which);
}

/** The frame that another template runs in: with the variables of this one, or with none but globals. */
function frameFor(frame: Frame, withContext: boolean): Frame {
  const { scope, environment } = frame.evaluation;
  const bare: Scope = { get: () => undefined, environment };
  return withContext ? new Frame(new Evaluation(scope), frame) : new Frame(new Evaluation(bare));
}

/** `{% include %}`. */
export function compileInclude(node: Extract<Statement, { kind: 'include' }>, places: Places): Execute {
  const name = compileExpr(node.template, places);
  const place = placeOf(places, node);
  return (frame, out) => {
    const template = located(place, () =>
      loadFirst(frame.evaluation.environment, name(frame), node.ignoreMissing),
    );
    if (template !== undefined) runTemplate(template, frameFor(frame, node.withContext), out);
    return 'next';
  };
}

/** A template as a value: its macros and variables are its attributes. */
class TemplateModule extends PyObject {
  readonly typeName = 'TemplateModule';
  readonly #frame: Frame;
  readonly #text: Value;

  constructor(frame: Frame, text: Value) {
    super();
    this.#frame = frame;
    this.#text = text;
  }

  override attribute(name: string): Value | undefined {
    return name.startsWith('_') ? undefined : this.#frame.own().get(name);
  }

  override text(): string {
    return str(this.#text);
  }
}

function loadModule(frame: Frame, name: Value, withContext: boolean): TemplateModule {
  const template = loadTemplate(frame.evaluation.environment, name);
  const within = frameFor(frame, withContext);
  const text = carry(undefined, () => {
    const out: string[] = [];
    runTemplate(template, within, out);
    return out.join('');
  });
  return new TemplateModule(within, text);
}

/** `{% import … as name %}`. */
export function compileImport(node: Extract<Statement, { kind: 'import' }>, places: Places): Execute {
  const template = compileExpr(node.template, places);
  const place = placeOf(places, node);
  return frame => {
    const module = located(place, () => loadModule(frame, template(frame), node.withContext));
    frame.set(node.name, module);
    return 'next';
  };
}

/** `{% from … import names %}`. */
export function compileFrom(node: Extract<Statement, { kind: 'from' }>, places: Places): Execute {
  const template = compileExpr(node.template, places);
  const place = placeOf(places, node);
  return frame => {
    const name = template(frame);
    const module = located(place, () => loadModule(frame, name, node.withContext));
    for (const wanted of node.names) {
      const missing = (): Undefined =>
        new Undefined(wanted.as, `the template ${told(name)} has no “${wanted.name}”`, { span: place.span });
      frame.set(wanted.as, orElse(module.attribute(wanted.name), missing));
    }
    return 'next';
  };
}
