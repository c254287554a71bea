import { type Document, parseAllDocuments } from 'yaml';
import type { Diagnostics } from './diagnostic.ts';
import type { Node } from './node.ts';
import { endOfLine, type SourceText } from './span.ts';

export { spanIn } from './scalar-map.ts';

import { reportSurprises } from './yaml-surprises.ts';
import { reportControlCharacters, reportSyntax } from './yaml-syntax.ts';
import { findBareTemplates } from './yaml-template.ts';
import { buildTree } from './yaml-tree.ts';

/**
 * Parses one YAML document as Ansible reads it (PyYAML's YAML 1.1), with the place of every key and value. Mistakes and what is likely to
 * surprise go to `diagnostics`. None where the text is empty, or is wrong beyond understanding; never throws.
 */
export function parseYaml(source: SourceText, diagnostics: Diagnostics): Node | undefined {
  if (reportControlCharacters(source, diagnostics)) return undefined;
  const documents = parseDocuments(source.text);
  const bare = documents.flatMap(document => findBareTemplates(source, document, diagnostics));
  const broken = reportSyntax(source, documents, bare, diagnostics);
  if (broken) return undefined;
  const [first, second] = documents;
  if (second !== undefined) reportSecond(source, first?.range[1] ?? 0, second, diagnostics);
  if (first === undefined || first.contents === null) return undefined;
  const tree = buildTree(source, first.contents, bare, diagnostics);
  if (tree !== undefined) reportSurprises(tree, diagnostics);
  return tree;
}

function reportSecond(
  source: SourceText,
  firstEnd: number,
  second: Document.Parsed,
  diagnostics: Diagnostics,
): void {
  const content = second.contents?.range[0] ?? second.range[1];
  const marker = source.text.slice(firstEnd, content).lastIndexOf('---');
  const start = marker < 0 ? content : firstEnd + marker;
  diagnostics.error(
    'yaml-several-documents',
    'a second document begins here; a file holds one',
    { source, start, end: marker < 0 ? endOfLine(source, start) : start + 3 },
    { hint: 'move what follows to a file of its own' },
  );
}

/** The `failsafe` schema leaves every scalar as text: what it stands for is decided by PyYAML's rules, in yaml-scalar.ts. */
function parseDocuments(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    version: '1.1',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return 'empty' in documents ? [] : documents;
}
