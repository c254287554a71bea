import { open } from '../carry.ts';
import { integer, string, told, truth } from '../coerce.ts';
import { type Call, operations } from '../environment.ts';
import { TemplateError, valueError } from '../error.ts';
import { str } from '../print.ts';
import { compileRegex } from '../regex.ts';
import { Tuple, type Value } from '../value.ts';

/** Ansible's filters of regular expressions, in Python's syntax. */
export const regexFilters = operations({
  regex_replace: [
    'pattern?',
    'replacement?',
    'ignorecase?',
    'multiline?',
    'count?',
    (input, [pattern = '', by = '', ignoreCase = false, multiline = false, count = 0]) =>
      replaceAll(
        str(input),
        compileRegex(str(pattern), { ignoreCase: truth(ignoreCase), multiline: truth(multiline) }),
        str(by),
        integer(count, '“count”'),
      ),
  ],
  regex_search: [
    'regex',
    '*groups',
    '**named',
    (input, [regex = null], call) => search(str(input), str(regex), call),
  ],
  regex_findall: [
    'regex',
    'multiline?',
    'ignorecase?',
    (input, [regex = null, multiline = false, ignoreCase = false]) =>
      findAll(
        str(input),
        compileRegex(str(regex), { ignoreCase: truth(ignoreCase), multiline: truth(multiline) }),
      ),
  ],
  regex_escape: ['re_type?', (input, [type = 'python']) => escapeRegex(str(input), str(type))],
});

function replaceAll(text: string, regex: RegExp, by: string, count: number): string {
  let left = count > 0 ? count : Number.POSITIVE_INFINITY;
  const template = replacementOf(by);
  return text.replace(regex, (...args: unknown[]) => {
    const [match] = args;
    return left-- > 0 ? template(groupsOf(args)) : String(match);
  });
}

/** A match's groups by number and name. */
type Groups = (key: string) => string;

function groupsOf(args: readonly unknown[]): Groups {
  const named = args.at(-1);
  const isNamed = typeof named === 'object' && named !== null;
  const count = args.length - (isNamed ? 3 : 2);
  const byName = new Map(isNamed ? Object.entries(named) : []);
  return key => {
    const isNumber = /^\d+$/.test(key);
    if (isNumber ? Number(key) >= count : !byName.has(key))
      throw valueError(`the regular expression has no group “${key}”`);
    const found: unknown = isNumber ? args[Number(key)] : byName.get(key);
    return typeof found === 'string' ? found : '';
  };
}

const CONTROL: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
};

/** Python's replacement: `\1`, `\g<1>`, `\g<name>`, `\n`. */
function replacementOf(by: string): (groups: Groups) => string {
  return groups =>
    by.replace(
      /\\(?:g<(\w+)>|(0[0-7]{0,2}|[0-3][0-7]{2})|(\d{1,2})|([\s\S]))/g,
      (whole: string, name?: string, octal?: string, number?: string, other?: string) => {
        const key = name ?? number;
        if (key !== undefined) return groups(key);
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
        const control = CONTROL[other ?? ''];
        if (control === undefined && /[A-Za-z]/.test(other ?? ''))
          throw valueError(`“${whole}” has no meaning in the replacement of a regular expression`);
        return control ?? whole;
      },
    );
}

function search(text: string, pattern: string, { rest, named }: Call): Value {
  const flags = {
    ignoreCase: truth(named.get('ignorecase') ?? false),
    multiline: truth(named.get('multiline') ?? false),
  };
  const match = compileRegex(pattern, flags).exec(text);
  const wanted = rest.map(group => /^\\(?:g<(\w+)>|(\d+))$/.exec(string(group, 'a group')) ?? undefined);
  if (wanted.includes(undefined))
    throw new TemplateError(
      'template-arguments',
      'groups of “regex_search” are written \\\\1 or \\\\g<name>',
    );
  if (match === null) return null;
  if (wanted.length === 0) return match[0];
  return wanted.map(group => groupOf(match, group?.[1] ?? group?.[2] ?? '0'));
}

function groupOf(match: RegExpExecArray, key: string): Value {
  const isNumber = /^\d+$/.test(key);
  if (isNumber ? Number(key) >= match.length : !(key in (match.groups ?? {})))
    throw valueError(`the regular expression has no group ${told(key)}`);
  return (isNumber ? match[Number(key)] : match.groups?.[key]) ?? null;
}

function findAll(text: string, regex: RegExp): Value[] {
  return Array.from(text.matchAll(regex), match => {
    const [whole, ...groups] = match;
    const texts = groups.map(group => group ?? '');
    return texts.length > 1 ? new Tuple(texts) : (texts[0] ?? whole);
  });
}

function escapeRegex(text: string, type: string): string {
  if (type === 'python') return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
  if (type === 'posix_basic') return text.replace(/[\].[^$*\\]/g, '\\$&');
  throw valueError(`“regex_escape” knows the types “python” and “posix_basic”, not ${told(open(type))}`);
}
