import { applyFilter, applyTest } from '../apply.ts';
import { carry } from '../carry.ts';
import { iterate, string, truth } from '../coerce.ts';
import { type Call, operations } from '../environment.ts';
import { TemplateError } from '../error.ts';
import type { Value } from '../value.ts';
import { attributeReader } from './attribute.ts';

/** Jinja2's filters that put each item to a filter or a test. */
export const selectFilters = operations({
  map: ['*args', '**named', (input, _args, call) => map(input, call)],
  select: ['*args', (input, _args, call) => choose(input, false, call, true)],
  reject: ['*args', (input, _args, call) => choose(input, false, call, false)],
  selectattr: ['*args', (input, _args, call) => choose(input, true, call, true)],
  rejectattr: ['*args', (input, _args, call) => choose(input, true, call, false)],
});

function map(input: Value, { rest, named, context }: Call): Value[] {
  const attribute = named.get('attribute');
  const [name, ...positional] = rest;
  if (name === undefined && attribute !== undefined) {
    const read = attributeReader(attribute, named.get('default'));
    return Array.from(iterate(input), item => carry(undefined, read, item));
  }
  if (name === undefined)
    throw new TemplateError('template-arguments', '“map” needs the name of a filter, or “attribute=…”');
  const filter = string(name, 'the name of a filter');
  return Array.from(iterate(input), item =>
    carry(undefined, applyFilter, filter, item, { positional, named }, context),
  );
}

function choose(input: Value, byAttribute: boolean, { rest, context }: Call, wanted: boolean): Value[] {
  const [path, ...others] = byAttribute ? rest : [null, ...rest];
  if (path === undefined) throw new TemplateError('template-arguments', 'the name of an attribute is needed');
  const read = byAttribute ? attributeReader(path) : (value: Value) => value;
  const [name, ...args] = others;
  const test =
    name === undefined
      ? truth
      : (value: Value) => applyTest(string(name, 'the name of a test'), value, args, context);
  return Array.from(iterate(input)).filter(item => test(read(item)) === wanted);
}
