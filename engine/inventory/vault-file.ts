import { Diagnostics } from '../source/diagnostic.ts';
import type { Node } from '../source/node.ts';
import { positionOf, type SourceText, type Span } from '../source/span.ts';
import { parseYaml } from '../source/yaml.ts';

/** Decrypts a text that begins with `$ANSIBLE_VAULT;`; throws an Error whose message says why it cannot. */
export type Decrypt = (vaulted: string, source: SourceText) => string;

/** Whether a file is encrypted as a whole. */
export function isVaulted(source: SourceText): boolean {
  return source.text.startsWith('$ANSIBLE_VAULT;');
}

/**
 * Parses a file that is encrypted as a whole. What is wrong with its text is told without showing any of it, and the places of the tree are
 * in a text of dots: nothing that draws one can give a secret away.
 */
export function parseVaulted(
  source: SourceText,
  decrypt: Decrypt | undefined,
  diagnostics: Diagnostics,
): Node | undefined {
  const whole = {
    source,
    start: 0,
    end: source.text.indexOf('\n') < 0 ? source.text.length : source.text.indexOf('\n'),
  };
  if (decrypt === undefined) {
    diagnostics.error('vault-password-missing', 'this file is encrypted with Ansible Vault', whole, {
      hint: 'give its password',
    });
    return undefined;
  }
  let text: string;
  try {
    text = decrypt(source.text, source);
  } catch (error) {
    diagnostics.error(
      'vault-not-decrypted',
      `this file cannot be decrypted: ${error instanceof Error ? error.message : error}`,
      whole,
    );
    return undefined;
  }
  const found = new Diagnostics();
  const clear = { name: source.name, text };
  const node = parseYaml(clear, found);
  for (const { code, severity, span } of found.all) {
    const where = span === undefined ? '' : ` in line ${positionOf(clear, span.start).line}`;
    diagnostics.add({
      code,
      severity,
      message: `the YAML in this encrypted file is not right${where}`,
      span: whole,
    });
  }
  const dots = { name: source.name, text: text.replace(/[^\n]/g, '·') };
  return node && moved(node, dots);
}

function moved(node: Node, source: SourceText): Node {
  const span = movedSpan(node.span, source);
  const alias = node.aliasSpan && { aliasSpan: movedSpan(node.aliasSpan, source) };
  switch (node.kind) {
    case 'scalar':
      return { ...node, span, ...alias };
    case 'sequence':
      return { ...node, span, ...alias, items: node.items.map(item => moved(item, source)) };
    case 'mapping':
      return {
        ...node,
        span,
        ...alias,
        entries: node.entries.map(entry => ({
          key: entry.key,
          keySpan: movedSpan(entry.keySpan, source),
          value: moved(entry.value, source),
        })),
      };
  }
}

function movedSpan({ start, end }: Span, source: SourceText): Span {
  return { source, start, end };
}
