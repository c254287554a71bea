import { open } from '../carry.ts';
import { dict, iterate, string, truth } from '../coerce.ts';
import { contains, equal } from '../compare.ts';
import type { Dict } from '../dict.ts';
import { operations } from '../environment.ts';
import { valueError } from '../error.ts';
import { str } from '../print.ts';
import { compileRegex } from '../regex.ts';
import type { Value } from '../value.ts';
import { Float } from '../value.ts';
import { compareVersions, isVersionOperator, VERSION_OPERATORS } from './version.ts';

const regexTest = (type: 'match' | 'search') =>
  [
    'pattern?',
    'ignorecase?',
    'multiline?',
    (input: Value, [pattern = '', ignoreCase = false, multiline = false]: readonly (Value | undefined)[]) =>
      matches(input, { pattern, ignoreCase, multiline, type }),
  ] as const;

/** A test of one field of a task's result. */
const field = (name: string, wanted: boolean) =>
  [(input: Value) => truth(dict(input, `what “${name}” is asked of`).get(name) ?? false) === wanted] as const;
const version = [
  'version',
  'operator?',
  'strict?',
  'version_type?',
  (
    input: Value,
    [other = null, operator = 'eq', strict = null, type = null]: readonly (Value | undefined)[],
  ) =>
    versionTest(input, other, {
      operator: str(operator),
      strict: truth(strict),
      type: open(type) === null ? 'loose' : str(type),
    }),
] as const;

/** Ansible's tests. */
export const ansibleTests = operations({
  match: regexTest('match'),
  search: regexTest('search'),
  regex: [
    'pattern?',
    'ignorecase?',
    'multiline?',
    'match_type?',
    (input, [pattern = '', ignoreCase = false, multiline = false, type = 'search']) =>
      matches(input, { pattern, ignoreCase, multiline, type: str(type) }),
  ],
  version,
  version_compare: version,
  subset: ['other', (input, [other = null]) => isSubset(input, other)],
  issubset: ['other', (input, [other = null]) => isSubset(input, other)],
  superset: ['other', (input, [other = null]) => isSubset(other, input)],
  issuperset: ['other', (input, [other = null]) => isSubset(other, input)],
  contains: ['value', (input, [value = null]) => contains(input, value)],
  any: [input => Array.from(iterate(input)).some(truth)],
  all: [input => Array.from(iterate(input)).every(truth)],
  failed: field('failed', true),
  failure: field('failed', true),
  succeeded: field('failed', false),
  success: field('failed', false),
  successful: field('failed', false),
  skipped: field('skipped', true),
  skip: field('skipped', true),
  unreachable: field('unreachable', true),
  reachable: field('unreachable', false),
  changed: [input => isChanged(dict(input, 'what “changed” is asked of'))],
  change: [input => isChanged(dict(input, 'what “change” is asked of'))],
  started: [input => equal(dict(input, 'what “started” is asked of').get('started') ?? 1, 1)],
  finished: [input => equal(dict(input, 'what “finished” is asked of').get('finished') ?? 1, 1)],
  truthy: ['convert_bool?', (input, [convert = false]) => truth(truth(convert) ? converted(input) : input)],
  falsy: ['convert_bool?', (input, [convert = false]) => !truth(truth(convert) ? converted(input) : input)],
  /** What was encrypted has been decrypted by the time that a template sees it. */
  vault_encrypted: [input => open(input) === undefined],
  nan: [input => isNan(input)],
  abs: [input => string(input, 'a path').startsWith('/')],
});

interface RegexQuestion {
  readonly pattern: Value;
  readonly ignoreCase: Value;
  readonly multiline: Value;
  readonly type: string;
}

function matches(input: Value, { pattern, ignoreCase, multiline, type }: RegexQuestion): boolean {
  const regex = compileRegex(string(pattern, 'a regular expression'), {
    ignoreCase: truth(ignoreCase),
    multiline: truth(multiline),
  });
  const text = string(input, 'what a regular expression is asked of');
  switch (type) {
    case 'search':
      return regex.test(text);
    case 'match':
      return new RegExp(regex.source, regex.flags.replace('g', 'y')).test(text);
    case 'fullmatch':
      return new RegExp(`(?:${regex.source})(?![\\s\\S])`, regex.flags.replace('g', 'y')).test(text);
    default:
      throw valueError(`there is no kind “${type}” of match`, 'the kinds are search, match and fullmatch');
  }
}

function isSubset(small: Value, large: Value): boolean {
  const others = Array.from(iterate(large));
  return Array.from(iterate(small)).every(item => others.some(other => equal(item, other)));
}

function isChanged(result: Dict): boolean {
  const own = result.get('changed');
  if (own !== undefined) return truth(own);
  const results = result.get('results');
  const items = results === undefined ? null : open(results);
  return Array.isArray(items) && items.some(item => truth(dict(item, 'a result').get('changed') ?? false));
}

const TRUE_WORDS: readonly string[] = ['y', 'yes', 'on', '1', 'true', 't'];
const FALSE_WORDS: readonly string[] = ['n', 'no', 'off', '0', 'false', 'f'];

/** Ansible's `boolean()`: words that say yes or no; anything else stays as it is. */
function converted(input: Value): Value {
  const opened = open(input);
  if (typeof opened !== 'string') return opened;
  const word = opened.trim().toLowerCase();
  return TRUE_WORDS.includes(word) ? true : FALSE_WORDS.includes(word) ? false : opened;
}

function isNan(input: Value): boolean {
  const opened = open(input);
  if (typeof opened === 'string') throw valueError('“nan” needs a number, not a string');
  return opened instanceof Float && Number.isNaN(opened.value);
}

interface VersionQuestion {
  readonly operator: string;
  readonly strict: boolean;
  readonly type: string;
}

function versionTest(input: Value, other: Value, { operator, strict, type }: VersionQuestion): boolean {
  const [own, than] = [str(input), str(other)];
  if (own === '' || than === '') throw valueError('a version cannot be empty');
  if (!isVersionOperator(operator))
    throw valueError(
      `there is no operator “${operator}” of versions`,
      `the operators are ${Object.keys(VERSION_OPERATORS).join(', ')}`,
    );
  return VERSION_OPERATORS[operator](compareVersions(own, than, strict ? 'strict' : type));
}
