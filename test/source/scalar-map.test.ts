import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Diagnostics } from '../../engine/source/diagnostic.ts';
import type { Node, ScalarNode } from '../../engine/source/node.ts';
import { offsetIn, spanIn } from '../../engine/source/scalar-map.ts';
import { parseYaml } from '../../engine/source/yaml.ts';

function scalarsOf(node: Node | undefined): readonly ScalarNode[] {
  if (node === undefined) return [];
  if (node.kind === 'scalar') return [node];
  return node.kind === 'sequence'
    ? node.items.flatMap(scalarsOf)
    : node.entries.flatMap(entry => scalarsOf(entry.value));
}

/** The first scalar of a text that parses without mistakes. */
function scalarOf(text: string): ScalarNode {
  const diagnostics = new Diagnostics();
  const [scalar] = scalarsOf(parseYaml({ name: 'x.yml', text }, diagnostics));
  expect(diagnostics.all).toEqual([]);
  if (scalar === undefined) throw new Error(`no scalar in ${JSON.stringify(text)}`);
  return scalar;
}

const texts = [
  'a: say X please',
  "a: 'it''s X, isn''t it'",
  'a: "tab\\t \\u00e9 \\x41 \\U0001F600 X\\n"',
  'a: "folded\n  over\n\n  lines X"',
  'a: plain\n  over\n\n  lines X y',
  "a: 'single\n\n\n  over X'",
  'a: "escaped\\\n   break X"',
  'a: |\n  one\n    two\n\n  X three\n',
  'a:\n    - |2-\n        one\n      X\n\n',
  'a: >\n  one\n  two\n\n\n  three\n    kept\n    lines\n  X folded\n  end\n',
  'a: >-\n\n  one\n  X two\n\n',
  'a: >+\n  one\n  X\n\n\n',
  'a: |  # comment\n  X\n',
  'a: |\r\n  one\r\n  X\r\n',
  'a: "one\r\n  X"\r\n',
  'a: !unsafe X',
  'a: !vault |\n  one\n  X\n',
  '- - - 😀 漢字 X',
];

describe('the place of a character of a value', () => {
  for (const text of texts) {
    test(`is found in ${JSON.stringify(text)}`, () => {
      const scalar = scalarOf(text);
      const index = String(scalar.value).indexOf('X');
      expect(offsetIn(scalar, index)).toBe(text.indexOf('X'));
      const span = spanIn(scalar, index, index + 1);
      expect(text.slice(span.start, span.end)).toBe('X');
    });
  }

  test('covers the whole of an escape', () => {
    const scalar = scalarOf('a: "x\\u00e9y"');
    const span = spanIn(scalar, 1, 2);
    expect(span.source.text.slice(span.start, span.end)).toBe('\\u00e9');
  });

  test('is that of the scalar where the value is no text', () => {
    const scalar = scalarOf('a: 12');
    expect(offsetIn(scalar, 1)).toBe(3);
    expect(spanIn(scalar, 0, 1)).toBe(scalar.span);
  });
});

const word = fc.stringMatching(/^[a-z{}|%'"\\ é漢]{1,12}$/);

test('every character of a quoted value is found where it is written', () => {
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('single', 'double'),
      (words, style) => {
        const value = words.join('X').trim();
        const text =
          style === 'single' ? `a: '${value.replaceAll("'", "''")}'` : `a: ${JSON.stringify(value)}`;
        const scalar = scalarOf(text);
        expect(scalar.value).toBe(value);
        for (const [index, character] of [...value].entries()) {
          const written = text.slice(offsetIn(scalar, index));
          const escapes = style === 'double' && /["\\]/.test(character);
          expect(written.startsWith(escapes ? `\\${character}` : character)).toBe(true);
        }
        expect(offsetIn(scalar, value.length)).toBe(text.length - 1);
      },
    ),
  );
});

test('every line of a block scalar is found where it is written, however it is folded', () => {
  const lines = fc.array(fc.constantFrom('', 'a{{ b }}', 'c d', '  e', '\tf', '- g', '# h'), {
    minLength: 1,
    maxLength: 8,
  });
  const header = fc.constantFrom('|', '>', '|-', '>-', '|+', '>+');
  fc.assert(
    fc.property(
      lines,
      header,
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (content, mark, indent, digit) => {
        const body = content.map(line => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');
        const first = content.find(line => line !== '');
        fc.pre(first !== undefined && (digit || !/^\s/.test(first)));
        const scalar = scalarOf(`k:\n ${mark}${digit ? indent : ''}\n${body}\n`.replace('\n ', ' '));
        const value = String(scalar.value);
        for (const [index, character] of [...value].entries())
          if (/\S/.test(character)) expect(scalar.span.source.text[offsetIn(scalar, index)]).toBe(character);
        if (/\S/.test(value)) expect(offsetIn(scalar, value.search(/\S/))).not.toBe(scalar.span.start);
      },
    ),
    { numRuns: 500 },
  );
});
