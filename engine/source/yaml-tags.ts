import type { Diagnostics } from './diagnostic.ts';
import type { Span } from './span.ts';
import { didYouMeanHint } from './suggest.ts';

/** Tags that the tree keeps. */
export const keptTags: readonly string[] = ['!vault', '!unsafe'];
/** YAML's own tags, which decide how a text is read. */
export const coreTags: readonly string[] = [
  '!!str',
  '!!int',
  '!!float',
  '!!bool',
  '!!null',
  '!!map',
  '!!seq',
];

/** The tag of a node that is written out: `!vault`, `!unsafe`, or one of YAML's own (`!!str`); others are told. */
export function tagOf(
  node: { readonly tag?: string | undefined },
  span: Span,
  diagnostics: Diagnostics,
): string | undefined {
  if (node.tag === undefined || node.tag === '!') return undefined;
  const tag = node.tag.replace(/^tag:yaml\.org,2002:/, '!!');
  if (keptTags.includes(tag) || coreTags.includes(tag)) return tag;
  if (tag === '!vault-encrypted') return '!vault';
  if (tag === '!!timestamp') return '!!str';
  const start = span.source.text.lastIndexOf(tag, span.start);
  const place = start < 0 ? span : { source: span.source, start, end: start + tag.length };
  diagnostics.error('yaml-unknown-tag', `the tag ${tag} is not known`, place, {
    hint: didYouMeanHint(tag, keptTags) ?? 'if it is meant as text, quote the whole value',
  });
  return undefined;
}
