import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shorten, widthOf } from '../../engine/report/cells.ts';
import { reportFor } from '../../engine/report/choose.ts';
import { wantsColour } from '../../engine/report/paint.ts';
import { duration, outputLines, visible, wholeSeconds } from '../../engine/report/visible.ts';

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

test('nothing that is shown drives the terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(visible(text)).not.toMatch(control);
      for (const line of outputLines(text)) expect(line).not.toMatch(control);
    }),
  );
});

test.each<[string, readonly string[]]>([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\nb\r\n', ['a', 'b']],
  ['a\n\nb\n\n', ['a', '', 'b', '']],
  ['10%\r50%\r100%\ndone', ['100%', 'done']],
  ['\u001b[1;31mred\u001b[0m \u001b]0;title\u0007text', ['red text']],
  ['a\tb\u0008', ['a    b\\x08']],
])('the lines of output %j', (text, expected) => {
  expect(outputLines(text)).toEqual(expected);
});

test('a shortened text fits, and is whole where there is room', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, cells) => {
      const short = shorten(text, cells);
      expect(widthOf(short)).toBeLessThanOrEqual(cells);
      if (widthOf(text) <= cells) expect(short).toBe(text);
    }),
  );
});

test.each<[string, number]>([
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['✔', 1],
  ['🚀', 2],
])('%s takes %i cells', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('times', () => {
  expect([0.124, 9.999, 59.9, 125].map(duration)).toEqual(['0.12 s', '10.00 s', '59 s', '2 min 5 s']);
  expect([0.9, 59.9, 60].map(wholeSeconds)).toEqual(['0 s', '59 s', '1 min 0 s']);
});

test.each<[NodeJS.ProcessEnv, boolean, boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
])('with %j and a terminal: %s, colour: %s', (environment, isTTY, expected) => {
  expect(wantsColour(environment, { isTTY })).toBe(expected);
});

test('the report that fits', () => {
  const terminal = { isTTY: true };
  expect(reportFor(undefined, {}, terminal, 0)).toBe('live');
  expect(reportFor(undefined, {}, terminal, 1)).toBe('live');
  expect(reportFor(undefined, {}, terminal, 2)).toBe('plain');
  expect(reportFor(undefined, {}, {}, 0)).toBe('plain');
  expect(reportFor('live', { TERM: 'dumb' }, terminal, 0)).toBe('plain');
  expect(reportFor('plain', {}, terminal, 0)).toBe('plain');
  expect(reportFor('json', {}, {}, 2)).toBe('json');
});
