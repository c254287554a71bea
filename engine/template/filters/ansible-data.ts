import { item } from '../access.ts';
import { open } from '../carry.ts';
import {
  dict,
  integer,
  iterableOrNone,
  iterate,
  list,
  sequence,
  string,
  truth,
  ValueSet,
} from '../coerce.ts';
import { equal } from '../compare.ts';
import { Dict } from '../dict.ts';
import { operations } from '../environment.ts';
import { TemplateError, typeError, valueError } from '../error.ts';
import { itemsOf } from '../methods/dict.ts';
import { kindOf, str, typeName } from '../print.ts';
import { orElse, Tuple, Undefined, type Value } from '../value.ts';
import { combinations, permutations, product } from './combinatorics.ts';
import { combine, type ListMerge } from './combine.ts';

/** Ansible's filters of values, dictionaries and lists. */
export const dataFilters = operations({
  bool: [input => toBool(input)],
  ternary: [
    'true_val',
    'false_val',
    'none_val?',
    (input, [yes = null, no = null, none]) => ternary(input, yes, no, none),
  ],
  mandatory: ['msg?', (input, [message = null]) => mandatory(input, message)],
  type_debug: [input => (input instanceof Undefined ? 'AnsibleUndefined' : typeName(input))],
  dict2items: [
    'key_name?',
    'value_name?',
    (input, [key = 'key', value = 'value']) =>
      itemsOf(dict(input, 'the input of “dict2items”')).map(
        ({ items }) =>
          new Dict([
            [key, items[0] ?? null],
            [value, items[1] ?? null],
          ]),
      ),
  ],
  items2dict: [
    'key_name?',
    'value_name?',
    (input, [key = 'key', value = 'value']) =>
      new Dict(
        sequence(input, 'the input of “items2dict”').map(one => [member(one, key), member(one, value)]),
      ),
  ],
  combine: ['*others', '**named', (input, _args, { rest, named }) => combineAll([input, ...rest], named)],
  flatten: [
    'levels?',
    'skip_nulls?',
    (input, [levels = null, skip = true]) =>
      flatten(
        list(input),
        open(levels) === null ? Number.POSITIVE_INFINITY : integer(levels, 'the levels'),
        truth(skip),
      ),
  ],
  zip: ['*others', (input, _args, { rest }) => zip([input, ...rest], undefined)],
  zip_longest: [
    '*others',
    '**named',
    (input, _args, { rest, named }) =>
      zip(
        [input, ...rest],
        orElse(named.get('fillvalue'), () => null),
      ),
  ],
  union: ['other', (input, [other = null]) => distinct([...iterate(input), ...iterate(other)])],
  intersect: ['other', (input, [other = null]) => distinct(within(input, other, true))],
  difference: ['other', (input, [other = null]) => distinct(within(input, other, false))],
  symmetric_difference: [
    'other',
    (input, [other = null]) => distinct([...within(input, other, false), ...within(other, input, false)]),
  ],
  extract: [
    'container',
    'morekeys?',
    (input, [container = null, more = null]) => extract(input, container, more),
  ],
  subelements: [
    'subelements',
    'skip_missing?',
    (input, [path = null, skip = false]) => subelements(input, path, truth(skip)),
  ],
  product: ['*others', (input, _args, { rest }) => product([input, ...rest].map(list))],
  combinations: ['r', (input, [count = null]) => combinations(list(input), integer(count, 'the size'))],
  permutations: [
    'r?',
    (input, [count = null]) =>
      permutations(list(input), open(count) === null ? undefined : integer(count, 'the size')),
  ],
  rekey_on_member: [
    'key',
    'duplicates?',
    (input, [key = null, duplicates = 'error']) => rekey(input, key, str(duplicates)),
  ],
});

const TRUE_WORDS: readonly string[] = ['yes', 'on', '1', 'true'];

/** Ansible's `bool`: what does not say yes is false; None stays None. */
function toBool(input: Value): Value {
  const opened = open(input);
  if (opened === null || typeof opened === 'boolean') return opened;
  return typeof opened === 'string' ? TRUE_WORDS.includes(opened.toLowerCase()) : equal(opened, 1);
}

function ternary(input: Value, yes: Value, no: Value, none: Value | undefined): Value {
  if (none !== undefined && open(none) !== null && open(input) === null) return none;
  return isTrue(input) ? yes : no;
}

function isTrue(input: Value): boolean {
  const opened = open(input);
  return truth(opened);
}

function mandatory(input: Value, message: Value): Value {
  if (!(input instanceof Undefined)) return input;
  throw new TemplateError(
    'template-failed',
    open(message) === null ? `the mandatory variable “${input.name}” is not defined` : str(message),
    { span: input.span },
  );
}

function member(one: Value, key: Value): Value {
  const found = dict(one, 'an item').get(key);
  if (found === undefined) throw valueError(`an item has no key “${str(key)}”`);
  return found;
}

const LIST_MERGES: readonly string[] = [
  'replace',
  'keep',
  'append',
  'prepend',
  'append_rp',
  'prepend_rp',
] satisfies ListMerge[];

function isListMerge(text: string): text is ListMerge {
  return LIST_MERGES.includes(text);
}

function combineAll(terms: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  for (const name of named.keys()) {
    if (name !== 'recursive' && name !== 'list_merge')
      throw new TemplateError('template-arguments', `“combine” has no argument “${name}”`, {
        hint: 'it takes “recursive” and “list_merge”',
      });
  }
  const listMerge = str(named.get('list_merge') ?? 'replace');
  if (!isListMerge(listMerge)) throw valueError(`“list_merge” must be one of ${LIST_MERGES.join(', ')}`);
  const recursive = truth(named.get('recursive') ?? false);
  const [first, ...others] = flatten(terms, 1, true);
  if (first === undefined) return new Dict();
  if (others.length === 0) return first;
  return others.reduce<Dict>(
    (all, other) => combine(all, dict(other, 'what “combine” joins'), { recursive, listMerge }),
    dict(first, 'what “combine” joins'),
  );
}

function isSequence(value: Value): boolean {
  const opened = open(value);
  return Array.isArray(opened) || opened instanceof Tuple;
}

function flatten(items: readonly Value[], levels: number, skipNulls: boolean): Value[] {
  return items.flatMap(one => {
    const opened = isSequence(one) ? undefined : open(one);
    if (skipNulls && (opened === null || opened === 'None' || opened === 'null')) return [];
    return isSequence(one) && levels > 0 ? flatten(list(one), levels - 1, skipNulls) : [one];
  });
}

function zip(inputs: readonly Value[], fill: Value | undefined): Value[] {
  const lists = inputs.map(list);
  const lengths = lists.map(one => one.length);
  const length = fill === undefined ? Math.min(...lengths) : Math.max(...lengths);
  return Array.from(
    { length },
    (_, index) => new Tuple(lists.map(one => (index < one.length ? (one[index] ?? null) : (fill ?? null)))),
  );
}

function distinct(items: readonly Value[]): Value[] {
  const seen = new ValueSet(equal);
  return items.filter(one => seen.add(one));
}

function within(input: Value, other: Value, wanted: boolean): Value[] {
  const others = new ValueSet(equal, iterate(other));
  return list(input).filter(one => others.has(one) === wanted);
}

function extract(input: Value, container: Value, more: Value): Value {
  const further = open(more);
  const keys = [input, ...(further === null ? [] : Array.isArray(further) ? further : [further])];
  return keys.reduce((found, key) => item(found, key, () => 'the container of “extract”'), container);
}

function subelements(input: Value, path: Value, skipMissing: boolean): Value[] {
  const opened = open(input);
  const elements = opened instanceof Dict ? opened.values() : sequence(opened, 'the input of “subelements”');
  const steps = typeof open(path) === 'string' ? str(path).split('.') : list(path);
  return elements.flatMap(element =>
    subelementsOf(element, steps, skipMissing).map(one => new Tuple([element, one])),
  );
}

function subelementsOf(element: Value, steps: readonly Value[], skipMissing: boolean): readonly Value[] {
  let found = element;
  for (const step of steps) {
    const next = dict(found, 'an element of “subelements”').get(step);
    if (next === undefined && skipMissing) return [];
    if (next === undefined)
      throw valueError(
        `an element has no key “${str(step)}”`,
        'to pass over such elements, write skip_missing=true',
      );
    found = next;
  }
  const opened = open(found);
  if (!Array.isArray(opened)) throw typeError(`the key must lead to a list, not ${kindOf(opened)}`);
  return opened;
}

function rekey(input: Value, key: Value, duplicates: string): Dict {
  if (duplicates !== 'error' && duplicates !== 'overwrite')
    throw valueError('“duplicates” must be “error” or “overwrite”');
  const opened = open(input);
  const items =
    opened instanceof Dict
      ? opened.values()
      : typeof opened === 'string'
        ? undefined
        : iterableOrNone(opened);
  if (items === undefined)
    throw typeError(`“rekey_on_member” needs a list or a dictionary, not ${kindOf(opened)}`);
  const found = new Dict();
  for (const one of items) {
    const name = member(one, key);
    if (found.has(name) && duplicates === 'error')
      throw valueError(`more than one item has the key “${string(name, 'a key')}”`);
    found.set(name, one);
  }
  return found;
}
