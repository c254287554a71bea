import { Unknown } from '../kit/unknown.ts';
import type { Keyword } from '../playbook/keywords.ts';
import { accumulated, nearest, type Scoped } from '../playbook/playbook.ts';
import { Dict, type Scope, str, TemplateError, truthy, type Value } from '../template/index.ts';
import { evaluateNode } from './evaluate.ts';
import { Omit } from './omit.ts';

/** A keyword's value on a host; undefined where it is not there (or `omit`ted). Throws TemplateError; an unknown value is an error here, for nothing could be done with it. */
export function keywordValue(scoped: Scoped, keyword: Keyword, scope: Scope): Value | undefined {
  const written = nearest(scoped, keyword);
  if (written === undefined) return undefined;
  const value = evaluateNode(written.node, scope);
  if (value instanceof Unknown)
    throw new TemplateError('template-value', `\`${keyword}\` is not known before “${value.until}” has run`, {
      span: written.node.span,
    });
  return value instanceof Omit || value === null ? undefined : value;
}

/** A keyword that is true or false. */
export function keywordFlag(scoped: Scoped, keyword: Keyword, scope: Scope): boolean | undefined {
  const value = keywordValue(scoped, keyword, scope);
  if (value === undefined) return undefined;
  return flagOf(value);
}

/** A value as Ansible takes it for a flag: `yes`, `"true"`, `1` are true. */
export function flagOf(value: Value): boolean {
  if (typeof value === 'string') return /^(true|yes|on|1|y|t)$/i.test(value.trim());
  return truthy(value) === true;
}

/** A keyword that is text. */
export function keywordText(scoped: Scoped, keyword: Keyword, scope: Scope): string | undefined {
  const value = keywordValue(scoped, keyword, scope);
  return value === undefined ? undefined : str(value);
}

/** A keyword that is a number. */
export function keywordNumber(scoped: Scoped, keyword: Keyword, scope: Scope): number | undefined {
  const text = keywordText(scoped, keyword, scope);
  return text === undefined ? undefined : Number(text);
}

/** The mappings of a keyword that add up (`environment`), the innermost above the others. */
export function keywordMapping(scoped: Scoped, keyword: Keyword, scope: Scope): ReadonlyMap<string, Value> {
  const merged = new Map<string, Value>();
  for (const written of accumulated(scoped, keyword)) {
    const value = evaluateNode(written.node, scope);
    for (const part of Array.isArray(value) ? value : [value]) {
      if (part instanceof Dict) for (const [key, item] of part.entries()) merged.set(str(key), item);
    }
  }
  return merged;
}
