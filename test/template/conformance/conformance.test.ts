import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ansible } from '../../../engine/template/index.ts';
import { knownDifferences } from './known-differences.ts';
import { casesOf, expected, replay } from './replay.ts';

const groups = readdirSync(new URL('fixtures/', import.meta.url))
  .filter(file => file.endsWith('.json'))
  .map(file => file.replace('.json', ''));

test.each(groups)('%s: as Python’s Jinja2', group => {
  const differing = casesOf(group)
    .filter(one => !knownDifferences.has(one.template))
    .map(one => ({ template: one.template, expected: expected(one), actual: replay(one, ansible) }))
    .filter(({ expected: wanted, actual }) => wanted !== actual);
  expect(differing).toEqual([]);
});

test('every known difference is one', () => {
  const all = groups.flatMap(casesOf).filter(one => knownDifferences.has(one.template));
  expect(new Set(all.map(one => one.template))).toEqual(new Set(knownDifferences.keys()));
  expect(all.filter(one => expected(one) === replay(one, ansible)).map(one => one.template)).toEqual([]);
});
