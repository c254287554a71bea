import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closeOnes, didYouMean, didYouMeanHint, editDistance } from '../../engine/source/suggest.ts';

describe('the word that was meant', () => {
  const cases: readonly (readonly [
    word: string,
    candidates: readonly string[],
    meant: string | undefined,
  ])[] = [
    ['becom', ['become', 'become_user'], 'become'],
    ['gather_fatcs', ['gather_facts'], 'gather_facts'],
    ['ignore-errors', ['ignore_errors'], 'ignore_errors'],
    ['HOSTS', ['hosts'], 'hosts'],
    ['hots', ['hosts', 'host'], 'hosts'],
    ['name', ['when', 'tags'], undefined],
    ['ab', ['ac'], undefined],
    ['apt', ['yum', 'service'], undefined],
    ['same', ['same'], undefined],
    ['', ['a'], undefined],
  ];
  for (const [word, candidates, meant] of cases)
    test(`${word} of ${candidates.join(', ')}`, () => expect(didYouMean(word, candidates)).toBe(meant));

  test('as a hint', () => {
    expect(didYouMeanHint('becom', ['become'])).toBe('did you mean “become”?');
    expect(didYouMeanHint('zzz', ['become'])).toBeUndefined();
  });

  test('several, the closest first, at most as many as asked for', () => {
    const candidates = ['web-03', 'web-01', 'db-01', 'web_02'];
    expect(closeOnes('web-1', candidates)).toEqual(['web-01', 'web-03', 'web_02']);
    expect(closeOnes('web-1', candidates, 1)).toEqual(['web-01']);
  });
});

describe('the distance of words', () => {
  test('counts a swap of neighbours once', () => expect(editDistance('fatcs', 'facts')).toBe(1));
  const word = fc.stringMatching(/^[ab]{0,6}$/);
  test('is none only between equals, and the same both ways', () =>
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
      }),
    ));
  test('is at most the longer length, at least the difference of lengths', () =>
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    ));
});
