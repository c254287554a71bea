import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Diagnostics } from '../../engine/source/diagnostic.ts';
import type { Node } from '../../engine/source/node.ts';
import { nodeToPlain } from '../../engine/source/plain.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';
import { parseYaml } from '../../engine/source/yaml.ts';

/** Characters that YAML lives of, so that arbitrary texts come near to YAML. */
const snippet = fc.constantFrom(
  ...[
    'a',
    'b: ',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    '"',
    "'",
    '{{ x }}',
    '{',
    '}',
    '[',
    ']',
    ', ',
    ': ',
    '? ',
    '|\n',
    '>-\n',
  ],
  ...[
    '&x ',
    '*x',
    '!!int ',
    '!vault ',
    '#',
    '%',
    '@',
    '\t',
    '\r\n',
    '---\n',
    '...\n',
    '<<: ',
    '\\',
    '1',
    '0x1',
    '~',
    '\u0007',
    '😀',
    '\ud800',
  ],
);
const nearlyYaml = fc.array(snippet, { maxLength: 30 }).map(parts => parts.join(''));
const anyText = fc.oneof(nearlyYaml, fc.string({ unit: 'binary', maxLength: 60 }), fc.string());

function spansOf(node: Node): readonly { readonly start: number; readonly end: number }[] {
  if (node.kind === 'scalar') return [node.span];
  if (node.kind === 'sequence') return [node.span, ...node.items.flatMap(spansOf)];
  return [node.span, ...node.entries.flatMap(entry => [entry.keySpan, ...spansOf(entry.value)])];
}

test('no text is too odd: it is parsed or refused, every place lies within it, and it can be drawn', () => {
  fc.assert(
    fc.property(anyText, text => {
      const diagnostics = new Diagnostics();
      const node = parseYaml({ name: 'x.yml', text }, diagnostics);
      const places = [...(node ? spansOf(node) : []), ...diagnostics.all.flatMap(one => one.span ?? [])];
      for (const { start, end } of places) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }
      expect(renderDiagnostics(diagnostics.all, { color: false })).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
      );
    }),
    { numRuns: 3000 },
  );
});

// Only what YAML can print: PyYAML refuses other control characters, and so do we.
const printable = fc
  .string({ unit: 'grapheme-composite', maxLength: 20 })
  .filter(text => !/[^\t\n\x20-\x7e\u00a0-\uffff]/u.test(text));
const value: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    printable,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(printable, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  ),
})).value;

/** The value with its mappings as Maps, as `nodeToPlain` gives them. */
function withMaps(original: unknown): unknown {
  if (Array.isArray(original)) return original.map(withMaps);
  if (typeof original !== 'object' || original === null) return original;
  return new Map(Object.entries(original).map(([key, item]) => [key, withMaps(item)]));
}

test('a value that is written as YAML 1.1 is read back as it was', () => {
  fc.assert(
    fc.property(value, original => {
      const text = stringify(original, { version: '1.1', aliasDuplicateObjects: false });
      const diagnostics = new Diagnostics();
      const node = parseYaml({ name: 'x.yml', text }, diagnostics);
      expect(diagnostics.all.filter(one => one.severity === 'error')).toEqual([]);
      expect(node && nodeToPlain(node)).toEqual(withMaps(original));
    }),
    { numRuns: 1000 },
  );
});
