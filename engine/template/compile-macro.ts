import type { Parameter, Statement } from './ast.ts';
import { carry, type Place } from './carry.ts';
import { compileExpr } from './compile-expression.ts';
import { Dict } from './dict.ts';
import { TemplateError } from './error.ts';
import type { Evaluate, Execute, Frame, Places } from './frame.ts';
import { placeOf } from './place.ts';
import { str } from './print.ts';
import { type Arguments, Callable, orElse, Tuple, Undefined, type Value } from './value.ts';
import { expressionsIn } from './walk.ts';

/** Compiles a body; handed in, for statements, loops and macros contain one another. */
export type CompileBody = (statements: readonly Statement[], places: Places) => Execute;

/** What a macro is made of, ready to run. */
interface MacroParts {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly preset: Evaluate | undefined }[];
  readonly body: Execute;
  readonly place: Place;
  readonly takesRest: boolean;
  readonly takesNamed: boolean;
  readonly takesCaller: boolean;
}

function compileParts(
  name: string,
  node: {
    readonly start: number;
    readonly end: number;
    readonly parameters: readonly Parameter[];
    readonly body: readonly Statement[];
  },
  compileBody: CompileBody,
  places: Places,
): MacroParts {
  const mentioned = new Set(
    Array.from(expressionsIn(node.body), expression => (expression.kind === 'name' ? expression.name : '')),
  );
  const own = new Set(node.parameters.map(parameter => parameter.name));
  return {
    name,
    parameters: node.parameters.map(parameter => ({
      name: parameter.name,
      preset: parameter.preset && compileExpr(parameter.preset, places),
    })),
    body: compileBody(node.body, places),
    place: placeOf(places, node),
    takesRest: mentioned.has('varargs') && !own.has('varargs'),
    takesNamed: mentioned.has('kwargs') && !own.has('kwargs'),
    takesCaller: mentioned.has('caller') || own.has('caller'),
  };
}

/** `{% macro name(…) %}`: sets a function that gives the text of its body. */
export function compileMacro(
  node: Extract<Statement, { kind: 'macro' }>,
  compileBody: CompileBody,
  places: Places,
): Execute {
  const parts = compileParts(node.name, node, compileBody, places);
  return frame => {
    frame.set(node.name, macro(parts, frame));
    return 'next';
  };
}

/** `{% call(…) macro(…) %}`: calls it with its body as the function `caller`. */
export function compileCallBlock(
  node: Extract<Statement, { kind: 'caller' }>,
  compileBody: CompileBody,
  places: Places,
): Execute {
  const parts = compileParts('caller', node, compileBody, places);
  const more = { kind: 'captured', start: node.start, end: node.start } as const;
  const call = compileExpr(
    {
      ...node.call,
      ...(node.call.kind === 'call' && {
        args: { ...node.call.args, named: [...node.call.args.named, { name: 'caller', value: more }] },
      }),
    },
    places,
  );
  return (frame, out) => {
    const inner = frame.inner();
    inner.captured = macro(parts, frame);
    out.push(str(call(inner)));
    return 'next';
  };
}

function macro(parts: MacroParts, defined: Frame): Callable {
  const attributes = new Map<string, Value>([
    ['arguments', new Tuple(parts.parameters.map(({ name }) => name))],
    ['catch_kwargs', parts.takesNamed],
    ['catch_varargs', parts.takesRest],
    ['caller', parts.takesCaller],
  ]);
  return new Callable(parts.name, args => carry(parts.place, run, parts, defined, args), attributes);
}

function run(parts: MacroParts, defined: Frame, args: Arguments): Value {
  const frame = defined.inner();
  bindMacro(parts, frame, args);
  const out: string[] = [];
  parts.body(frame, out);
  return out.join('');
}

function mistake(message: string): TemplateError {
  return new TemplateError('template-arguments', message);
}

function bindMacro(parts: MacroParts, frame: Frame, { positional, named }: Arguments): void {
  const { name, parameters } = parts;
  if (positional.length > parameters.length && !parts.takesRest) {
    throw mistake(
      `the macro “${name}” takes at most ${parameters.length} arguments, not ${positional.length}`,
    );
  }
  const left = new Map(named);
  for (const [index, parameter] of parameters.entries()) {
    const given = left.get(parameter.name);
    left.delete(parameter.name);
    if (given !== undefined && index < positional.length)
      throw mistake(`the macro “${name}” is given the argument “${parameter.name}” twice`);
    frame.set(
      parameter.name,
      orElse(positional[index], () =>
        orElse(given, () => (parameter.preset ? parameter.preset(frame) : notGiven(name, parameter.name))),
      ),
    );
  }
  if (parts.takesCaller && !parameters.some(parameter => parameter.name === 'caller')) {
    frame.set(
      'caller',
      left.get('caller') ??
        new Undefined('caller', 'there is no “caller”: the macro was not called by a “call” block'),
    );
    left.delete('caller');
  }
  if (parts.takesRest) frame.set('varargs', new Tuple(positional.slice(parameters.length)));
  if (parts.takesNamed) frame.set('kwargs', new Dict(left));
  else refuseNamed(name, left);
}

function notGiven(macroName: string, parameter: string): Undefined {
  return new Undefined(parameter, `the macro “${macroName}” was called without its argument “${parameter}”`);
}

function refuseNamed(name: string, left: ReadonlyMap<string, Value>): void {
  for (const key of left.keys()) {
    throw key === 'caller'
      ? mistake(`the macro “${name}” is called by a “call” block, but does not use “caller”`)
      : mistake(`the macro “${name}” has no argument “${key}”`);
  }
}
