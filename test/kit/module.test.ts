import { expect, test } from 'vitest';
import { Deferred } from '../../engine/kit/coerce.ts';
import { defineModule, Secret } from '../../engine/kit/index.ts';
import { Unknown } from '../../engine/kit/unknown.ts';

const module = defineModule({
  name: 'sample',
  summary: 'A sample.',
  args: {
    type: 'object',
    properties: { name: { type: 'array', items: { type: 'string' }, description: 'Names.' } },
  },
  examples: [],
  mistake: ({ name }) => (name?.some(text => text.includes('=')) === true ? 'no “=”, please' : undefined),
  probe: () => ({ asks: [], read: () => ({}) }),
  plan: () => [],
});

test('a mistake is only looked for where every value is known', () => {
  expect(module.mistake({ name: ['a=b'] })).toBe('no “=”, please');
  expect(module.mistake({ name: ['a=b', new Deferred()] })).toBeUndefined();
  expect(module.mistake({ name: ['a=b', new Unknown('a task')] })).toBeUndefined();
  expect(module.mistake({ name: new Deferred() })).toBeUndefined();
  expect(module.mistake({ name: ['a=b'], other: new Secret('x') })).toBe('no “=”, please');
});
