import fc from 'fast-check';
import { expect, test } from 'vitest';
import { driftLines } from '../../engine/report/diff.ts';
import { painter } from '../../engine/report/paint.ts';
import type { Shown } from '../../engine/run/events.ts';

const paint = painter(false);
const drift = (field: string, before: Shown, after: Shown, options = { diff: true, whole: false }) =>
  driftLines({ field, before, after }, options, paint);
const twelve = Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`).join('');

test.each<[string, Shown, Shown, readonly string[]]>([
  ['mode', '0644', '0400', ['mode: 0644 → 0400']],
  ['enabled', false, true, ['enabled: false → true']],
  ['version', null, '3.10.8-1.1', ['version: (none) → 3.10.8-1.1']],
  ['owner', 'root', '', ['owner: root → ""']],
  ['priority', '0', 0, ['priority: "0" → 0']],
  ['name', null, '(none)', ['name: null → "(none)"']],
  ['password', '********', '********', ['password: ******** → ********']],
  [
    'content',
    `sha256:${'a'.repeat(64)}`,
    `sha256:${'b'.repeat(64)}`,
    ['content: sha256:aaaaaaaaaaaa… → sha256:bbbbbbbbbbbb…'],
  ],
  ['groups', ['adm'], ['adm', 'sudo'], ['groups: [adm] → [adm, sudo]']],
  ['title', 'a\u001b[2Jb', 'a\u202eb', ['title: a\\x1b[2Jb → a\\u202eb']],
  ['target', 'x'.repeat(200), null, [`target: ${'x'.repeat(99)}… → (none)`]],
  [
    'policy',
    { definition: { 'ha-mode': 'all', 'ha-sync-mode': 'manual' }, priority: 0, pattern: '.*' },
    { definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic' }, pattern: '.*', 'apply-to': 'queues' },
    [
      'policy.definition.ha-sync-mode: manual → automatic',
      'policy.priority: 0 → (none)',
      'policy.apply-to: (none) → queues',
    ],
  ],
  ['policy', null, { priority: 0, tags: [] }, ['policy: (none) → {priority: 0, tags: []}']],
  [
    'content',
    twelve,
    twelve.replace('line 6', 'LINE\t6\u001b[0m'),
    [
      '--- content before',
      '+++ content after',
      '@@ -3,7 +3,7 @@',
      ' line 3',
      ' line 4',
      ' line 5',
      '-line 6',
      '+LINE    6\\x1b[0m',
      ' line 7',
      ' line 8',
      ' line 9',
    ],
  ],
  ['content', null, 'a\n', ['--- (none)', '+++ content after', '@@ -0,0 +1,1 @@', '+a']],
  [
    'content',
    'a\n',
    'a\nb',
    [
      '--- content before',
      '+++ content after',
      '@@ -1,1 +1,2 @@',
      ' a',
      '+b',
      '\\ No newline at end of file',
    ],
  ],
])('the drift of %s, %j to %j', (field, before, after, expected) => {
  expect(drift(field, before, after)).toEqual(expected);
});

test('without --diff, a text is told by its number of lines', () => {
  expect(drift('content', 'a\nb\n', 'a\nB\nc\n', { diff: false, whole: false })).toEqual([
    'content: 2 lines more, 1 fewer (--diff shows them)',
  ]);
});

test('a long diff is cut, and whole with -v', () => {
  const before = Array.from({ length: 300 }, (_, index) => `${index}\n`).join('');
  const cut = drift('content', before, '');
  expect(cut.length).toBe(203);
  expect(cut.at(-1)).toBe('… 101 more lines (-v shows them)');
  expect(drift('content', before, '', { diff: true, whole: true }).length).toBe(303);
});

test('texts that have little in common are not compared line by line', () => {
  const lines = (sign: string) => Array.from({ length: 5000 }, (_, index) => `${sign}${index}\n`).join('');
  expect(drift('content', lines('a'), lines('b'))).toEqual(['content: 5000 lines → 5000 lines']);
});

test('whatever the values, no line holds a control character', () => {
  const value = fc.jsonValue() as fc.Arbitrary<Shown>;
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, fc.oneof(value, text), fc.oneof(value, text), (field, before, after) => {
      for (const line of drift(field, before, after))
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});
