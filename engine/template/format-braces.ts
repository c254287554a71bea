import { open } from './carry.ts';
import { valueError } from './error.ts';
import { formatValue, parseSpec } from './format-spec.ts';
import { itemOrNone } from './item.ts';
import { repr, str } from './print.ts';
import { type Arguments, PyObject, type Value } from './value.ts';

/** Python's `text.format(…)`. */
export function bracesFormat(text: string, args: Arguments): string {
  const counter = { next: 0 };
  return expand(text, args, counter, 2);
}

function expand(text: string, args: Arguments, counter: { next: number }, depth: number): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const next = text.slice(at).search(/[{}]/);
    if (next < 0) return result + text.slice(at);
    result += text.slice(at, at + next);
    at += next;
    if (text[at + 1] === text[at]) {
      result += text[at];
      at += 2;
    } else if (text[at] === '}')
      throw valueError('a single “}” stands in the text of “format”', 'a plain brace is written twice');
    else {
      const end = closingBrace(text, at);
      result += field(text.slice(at + 1, end), args, counter, depth);
      at = end + 1;
    }
  }
  return result;
}

function closingBrace(text: string, open_: number): number {
  let depth = 0;
  for (let at = open_; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  throw valueError('a single “{” stands in the text of “format”', 'a plain brace is written twice');
}

const FIELD = /^([^!:]*)(?:!([rsa]))?(?::([\s\S]*))?$/;

function field(source: string, args: Arguments, counter: { next: number }, depth: number): string {
  const match = FIELD.exec(source);
  if (match === null || depth === 0) throw valueError(`“{${source}}” is no place that “format” knows`);
  const [, path = '', conversion, specification = ''] = match;
  const value = lookUp(path, args, counter);
  const spec = specification.includes('{') ? expand(specification, args, counter, depth - 1) : specification;
  if (conversion !== undefined)
    return formatValue(conversion === 's' ? str(value) : repr(value), parseSpec(spec));
  return spec === '' ? str(value) : formatValue(value, parseSpec(spec));
}

function lookUp(path: string, args: Arguments, counter: { next: number }): Value {
  const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/.exec(path) ?? [];
  const given =
    first === ''
      ? args.positional[counter.next++]
      : /^\d+$/.test(first)
        ? args.positional[Number(first)]
        : args.named.get(first);
  if (given === undefined) throw valueError(`“format” is given nothing for “{${path}}”`);
  let value: Value = given;
  for (const [, name, key = ''] of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    const found: Value | undefined =
      name !== undefined
        ? attributeOf(value, name)
        : itemOrNone(open(value), /^\d+$/.test(key) ? Number(key) : key);
    if (found === undefined) throw valueError(`“{${path}}” names something that is not there`);
    value = found;
  }
  return value;
}

function attributeOf(value: Value, name: string): Value | undefined {
  const opened = open(value);
  return opened instanceof PyObject ? opened.attribute(name) : undefined;
}
