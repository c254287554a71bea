import { Unknown } from '../../kit/unknown.ts';
import { didYouMeanHint } from '../../source/suggest.ts';
import { open, shown } from '../carry.ts';
import { dict, list, string, told, truth } from '../coerce.ts';
import { Dict } from '../dict.ts';
import { type Context, type Environment, type Lookup, operations } from '../environment.ts';
import { TemplateError, valueError } from '../error.ts';
import { itemsOf } from '../methods/dict.ts';
import { str } from '../print.ts';
import { type Arguments, Callable, ContextFunction, Undefined, type Value } from '../value.ts';
import type { Outside } from './outside.ts';

/** An environment with Ansible's lookups, the functions `lookup`, `query` and `q`, and the tests of files, over what is handed in. */
export function withLookups(environment: Environment, outside: Outside): Environment {
  return {
    ...environment,
    tests: new Map([...environment.tests, ...fileTests(outside)]),
    globals: new Map([
      ...environment.globals,
      ['lookup', new ContextFunction(context => new Callable('lookup', args => lookUp(args, context)))],
      ['query', new ContextFunction(context => new Callable('query', args => query(args, context)))],
      ['q', new ContextFunction(context => new Callable('q', args => query(args, context)))],
    ]),
    lookups: new Map([
      ...environment.lookups,
      ...lookupsOver(outside).map(lookup => [lookup.name, lookup] as const),
    ]),
  };
}

function fileTests({ kindOf }: Outside): Environment['tests'] {
  const kind = (input: Value): string | undefined => kindOf?.(string(input, 'a path'));
  return operations({
    exists: [input => kind(input) !== undefined],
    file: [input => kind(input) === 'file'],
    is_file: [input => kind(input) === 'file'],
    directory: [input => kind(input) === 'directory'],
    is_dir: [input => kind(input) === 'directory'],
  });
}

function lookupsOver(outside: Outside): readonly Lookup[] {
  return [
    {
      name: 'env',
      run: (terms, options) =>
        terms.map(term => environmentVariable(outside, str(term), options.get('default'))),
    },
    {
      name: 'file',
      run: (terms, options) => flattened(terms).map(term => fileText(outside, str(term), options)),
    },
    {
      name: 'fileglob',
      run: terms => flattened(terms).flatMap(term => supplied(outside.glob, 'fileglob')(str(term))),
    },
    {
      name: 'pipe',
      run: terms => terms.map(term => supplied(outside.run, 'pipe')(str(term)).replace(/\n+$/, '')),
    },
    {
      name: 'vars',
      run: (terms, options, { scope }) =>
        terms.map(term => variable(scope, str(term), options.get('default'))),
    },
    { name: 'dict', run: terms => terms.flatMap(term => pairs(term)) },
    { name: 'items', run: flattened },
    { name: 'list', run: terms => terms },
  ];
}

function environmentVariable({ env }: Outside, name: string, otherwise: Value | undefined): Value {
  return env(name) ?? otherwise ?? '';
}

/** White space at the end of the file is cut off, unless `rstrip=False`. */
function fileText(outside: Outside, path: string, options: ReadonlyMap<string, Value>): string {
  const text = supplied(outside.readFile, 'file')(path);
  if (text === undefined)
    throw new TemplateError('template-not-found', `there is no file ${shown(`“${path}”`)}`);
  const right = truth(options.get('rstrip') ?? true) ? text.trimEnd() : text;
  return truth(options.get('lstrip') ?? false) ? right.trimStart() : right;
}

function supplied<F>(reach: F | undefined, name: string): F {
  if (reach === undefined)
    throw new TemplateError('unknown-lookup', `the lookup “${name}” cannot be used here`);
  return reach;
}

function variable(scope: Context['scope'], name: string, otherwise: Value | undefined): Value {
  const value = scope.get(name);
  if (value !== undefined) return value;
  if (otherwise !== undefined) return otherwise;
  return new Undefined(name, `“${name}” is not defined`, {
    hint: () => didYouMeanHint(name, scope.names?.() ?? []),
  });
}

function pairs(term: Value): Value[] {
  return itemsOf(dict(term, 'a term of the lookup “dict”')).map(
    ({ items: [key = null, value = null] }) =>
      new Dict([
        ['key', key],
        ['value', value],
      ]),
  );
}

function flattened(terms: readonly Value[]): Value[] {
  return terms.flatMap(term => (Array.isArray(open(term)) ? list(term) : [term]));
}

/** `query(…)`: all that a lookup finds, as a list. */
function query({ positional, named }: Arguments, context: Context): Value {
  const [name, ...terms] = positional;
  if (name === undefined) throw new TemplateError('template-arguments', 'the name of a lookup is needed');
  const lookup = lookupNamed(string(name, 'the name of a lookup'), context.environment);
  const options = new Map([...named].filter(([option]) => option !== 'errors' && option !== 'wantlist'));
  try {
    const found = lookup.run(terms, options, context);
    return found instanceof Unknown ? found : [...found];
  } catch (error) {
    if (error instanceof TemplateError && str(named.get('errors') ?? 'strict') === 'ignore') return [];
    throw error;
  }
}

function lookupNamed(name: string, { lookups }: Environment): Lookup {
  const lookup = lookups.get(name.replace(/^ansible\.builtin\./, ''));
  if (lookup === undefined)
    throw new TemplateError('unknown-lookup', `there is no lookup ${told(name)}`, {
      hint: didYouMeanHint(name, lookups.keys()),
    });
  return lookup;
}

/** `lookup(…)`: what a lookup finds, several texts joined by commas, as Ansible does unless `wantlist=True`. */
function lookUp(args: Arguments, context: Context): Value {
  const found = query(args, context);
  if (!Array.isArray(found) || truth(args.named.get('wantlist') ?? false)) return found;
  const [first] = found;
  if (found.length === 1 && first !== undefined) return first;
  const isText = found.every(one => typeof open(one) === 'string');
  if (found.length === 0) throw valueError('the lookup found nothing', '“query” gives an empty list then');
  return isText ? found.map(str).join(',') : found;
}
