import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../engine/kit/secret.ts';
import { Unknown } from '../../engine/kit/unknown.ts';
import {
  ansible,
  calls,
  Dict,
  Float,
  parseTemplate,
  Tuple,
  type Value,
} from '../../engine/template/index.ts';
import { type Case, casesOf, outcome, variablesOf } from './conformance/replay.ts';

/**
 * Unknown and secret values, over every template that the conformance suite has: what was not to be known, or not to be shown, must
 * have had no influence on a result that is neither unknown nor secret.
 */

const groups = readdirSync(new URL('conformance/fixtures/', import.meta.url))
  .filter(file => file.endsWith('.json'))
  .map(file => file.replace('.json', ''));

function withAll(
  variables: ReadonlyMap<string, Value>,
  change: (value: Value) => Value,
): ReadonlyMap<string, Value> {
  return new Map(Array.from(variables, ([name, value]) => [name, change(value)]));
}

/** Another value of the same type and shape. */
function other(value: Value): Value {
  if (value instanceof Float) return new Float(value.value + 1.5);
  if (Array.isArray(value)) return [...value.map(other), 77];
  if (value instanceof Tuple) return new Tuple(value.items.map(other));
  if (value instanceof Dict)
    return new Dict([
      ...Array.from(value.entries(), ([key, item]) => [key, other(item)] as const),
      ['more', 'zz'],
    ]);
  switch (typeof value) {
    case 'string':
      return `zz${value}9`;
    case 'number':
      return value + 1000;
    case 'bigint':
      return value + 1000n;
    case 'boolean':
      return !value;
    default:
      return 'no longer none';
  }
}

type Kind = 'unknown' | 'secret' | 'plain' | 'error';

function run(one: Case, change: (value: Value) => Value): { readonly kind: Kind; readonly text: string } {
  const result = outcome(one, ansible, withAll(variablesOf(one), change));
  if (result instanceof Unknown) return { kind: 'unknown', text: '' };
  if (result instanceof Secret) return { kind: 'secret', text: String(result.reveal()) };
  if (result instanceof Error) return { kind: 'error', text: result.message };
  return { kind: 'plain', text: String(result) };
}

/** What is another one each time. */
const isRandom = (one: Case): boolean => one.template.includes('random');

describe.each(groups)('%s', group => {
  const cases = casesOf(group).filter(one => !isRandom(one));

  test('secret variables give secret results, or had no influence', () => {
    const wrong = cases.flatMap(one => {
      const open = run(one, value => value);
      const secret = run(one, value => new Secret(value));
      const otherSecret = run(one, value => new Secret(other(value)));
      const same = secret.text === open.text || secret.kind === 'error';
      const leaks =
        secret.kind === 'plain' && otherSecret.kind === 'plain' && secret.text !== otherSecret.text;
      return same && !leaks && (open.kind === 'error') === (secret.kind === 'error')
        ? []
        : [{ template: one.template, open, secret, otherSecret }];
    });
    expect(wrong).toEqual([]);
  });

  test('unknown variables give unknown results, or had no influence; and no error that is not there when they are known', () => {
    const wrong = cases.flatMap(one => {
      const known = run(one, value => value);
      const unknown = run(one, () => new Unknown('TASK'));
      const isRight =
        unknown.kind === 'unknown' ||
        known.kind === 'error' ||
        unknown.kind === 'error' ||
        unknown.text === run(one, other).text ||
        unknown.text === known.text;
      return isRight && !(unknown.kind === 'error' && known.kind !== 'error')
        ? []
        : [{ template: one.template, known, unknown }];
    });
    expect(wrong).toEqual([]);
  });
});

test('the templates use every filter and test that there is', () => {
  const uses = groups.flatMap(casesOf).flatMap(one => {
    try {
      return [calls(parseTemplate(one.template))];
    } catch {
      return [];
    }
  });
  const filters = new Set(uses.flatMap(use => use.filters.map(filter => filter.name)));
  const tests = new Set(uses.flatMap(use => use.tests.map(one => one.name)));
  expect([...ansible.filters.keys()].filter(name => !filters.has(name))).toEqual([]);
  expect([...ansible.tests.keys()].filter(name => !tests.has(name) && /^\w+$/.test(name))).toEqual([]);
});

test('the message of an error holds nothing of a secret', () => {
  const wrong = groups.flatMap(casesOf).flatMap(one => {
    const result = run(one, value =>
      typeof value === 'string' && value.length > 5 ? new Secret(value) : value,
    );
    const texts = Array.from(variablesOf(one).values()).filter(
      value => typeof value === 'string' && value.length > 5,
    );
    return result.kind === 'error' && texts.some(text => result.text.includes(String(text)))
      ? [{ template: one.template, message: result.text }]
      : [];
  });
  expect(wrong).toEqual([]);
});
