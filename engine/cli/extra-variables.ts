import { type Definition, type Layer, layerOf } from '../run/scope.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import { readSource } from '../source/file.ts';
import { parseYaml } from '../source/yaml.ts';

/** The variables of `-e`: `k=v k2="two words"` (texts), `{"k": 1}` or YAML behind `@FILE`; the last one of a name counts. */
export function extraVariables(words: readonly string[], diagnostics: Diagnostics): Layer {
  const merged = new Map<string, Definition>();
  for (const word of words)
    for (const [name, definition] of variablesOf(word, diagnostics)) merged.set(name, definition);
  return merged;
}

function variablesOf(word: string, diagnostics: Diagnostics): Iterable<readonly [string, Definition]> {
  if (word.startsWith('@') || /^\s*[{[]/.test(word)) {
    const source = word.startsWith('@') ? readSource(word.slice(1)) : { name: '--extra-vars', text: word };
    const node = parseYaml(source, diagnostics);
    if (node !== undefined && node.kind !== 'mapping') {
      diagnostics.error('wrong-type', '`-e` takes variables: a mapping of names to values', node.span, {
        hint: 'write NAME=VALUE, or a mapping',
      });
    }
    const layer = layerOf(node);
    return Array.from(layer.keys(), name => [name, layer.get(name) ?? { value: null }] as const);
  }
  const pairs = wordsOf(word);
  return pairs.flatMap(pair => {
    const at = pair.indexOf('=');
    if (at > 0) return [[pair.slice(0, at), { value: pair.slice(at + 1) }] as const];
    diagnostics.error('bad-extra-variable', `“${pair}” is no NAME=VALUE`, undefined, {
      hint: 'write `-e name=value`, `-e \'{"name": "value"}\'` or `-e @FILE`',
    });
    return [];
  });
}

/** The words of a line, as a shell splits them: quotes keep blanks together. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map(word =>
    word.replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_whole, double: string | undefined, single: string | undefined) =>
        double?.replace(/\\(.)/g, '$1') ?? single ?? '',
    ),
  );
}
