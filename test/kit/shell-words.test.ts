import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote, shellWords } from '../../engine/kit/index.ts';

test('what was quoted is found again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), words => {
      expect(shellWords(words.map(word => `${quote(word)} \n`).join(''))).toEqual(words);
    }),
  );
});

const python = spawnSync('python3', ['-c', 'import shlex']);
const PROGRAM = `
import json, shlex, sys
def split(text):
    try: return shlex.split(text)
    except ValueError: return None
print(json.dumps([split(text) for text in json.load(sys.stdin)]))`;

test.skipIf(python.status !== 0)('as Python splits, which Ansible is written in', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab \'"\\\n\t$|#'), maxLength: 12 });
  const texts = fc.sample(text, { numRuns: 3000, seed: 1 });
  const { stdout } = spawnSync('python3', ['-c', PROGRAM], { input: JSON.stringify(texts), maxBuffer: 1e8 });
  const expected: unknown = JSON.parse(stdout.toString());
  expect(texts.map(sample => shellWords(sample) ?? null)).toEqual(expected);
});
