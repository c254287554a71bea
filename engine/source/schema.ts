import type { Diagnostics } from './diagnostic.ts';
import type { Node } from './node.ts';
import { compileSchema, type JsonSchema, SKIPPED } from './schema-compile.ts';
import { explainErrors } from './schema-explain.ts';
import type { Span } from './span.ts';
import { unreachable } from './unreachable.ts';

export type { JsonSchema } from './schema-compile.ts';

/** The way from a value to a part of it: keys of mappings and indexes of lists. */
export type Path = readonly (string | number)[];

/** What is wrong with a part of a value. */
export interface SchemaMistake {
  /** The way to the part that is wrong; for an unknown or missing key, to the mapping. */
  readonly path: Path;
  readonly kind: 'unknown-key' | 'missing-key' | 'wrong-type' | 'not-one-of' | 'bad-value';
  /** A sentence without its full stop: `“state” must be “present” or “absent”, not “presnt”`. */
  readonly message: string;
  /** The key that is unknown or missing. */
  readonly key?: string;
  readonly hint?: string;
}

export interface NodeOptions {
  /** What the node is, with its article: `a task`. */
  readonly what: string;
  /** Parts that are taken as they are, such as templates, whose value is not known yet. */
  readonly skip?: (node: Node) => boolean;
}

export interface ValueOptions {
  readonly what: string;
  /** Parts that are taken as they are. */
  readonly skip?: (value: unknown) => boolean;
}

/** Checks a node against a JSON Schema (draft-07; keywords that are not JSON Schema's are ignored); whether it fits. */
export function validateNode(
  node: Node,
  schema: JsonSchema,
  options: NodeOptions,
  diagnostics: Diagnostics,
): boolean {
  const mistakes = mistakesOf(nodeToJson(node, options.skip), schema, options.what);
  for (const mistake of mistakes)
    diagnostics.error(
      mistake.kind,
      mistake.message,
      placeOfMistake(node, mistake),
      mistake.hint === undefined ? {} : { hint: mistake.hint },
    );
  return mistakes.length === 0;
}

/** Checks a value against a JSON Schema, as `validateNode` does. Maps count as mappings. */
export function validateValue(
  value: unknown,
  schema: JsonSchema,
  options: ValueOptions,
): readonly SchemaMistake[] {
  return mistakesOf(valueToJson(value, options.skip), schema, options.what);
}

function mistakesOf(json: unknown, schema: JsonSchema, what: string): readonly SchemaMistake[] {
  const validate = compileSchema(schema);
  return validate(json) ? [] : explainErrors(validate.errors ?? [], json, what);
}

/** The place of the part of a node that a path leads to: of the key, if `part` says so. The nearest place around it, where it leads nowhere. */
export function placeAtPath(node: Node, path: Path, part: 'value' | 'key' = 'value'): Span {
  let span = node.aliasSpan ?? node.span;
  let at: Node | undefined = node;
  for (const [index, step] of path.entries()) {
    if (at?.kind === 'sequence' && typeof step === 'number') {
      at = at.items[step];
    } else if (at?.kind === 'mapping') {
      const entry: { readonly keySpan: Span; readonly value: Node } | undefined = at.entries.find(
        one => String(one.key) === String(step),
      );
      if (entry !== undefined && part === 'key' && index === path.length - 1) return entry.keySpan;
      at = entry?.value;
    } else {
      at = undefined;
    }
    if (at === undefined) return span;
    span = at.aliasSpan ?? at.span;
  }
  return span;
}

function placeOfMistake(node: Node, mistake: SchemaMistake): Span {
  if (mistake.kind === 'unknown-key' && mistake.key !== undefined)
    return placeAtPath(node, [...mistake.path, mistake.key], 'key');
  const span = placeAtPath(node, mistake.path);
  // A value that is not there (`key:` alone) has no characters of its own: the key is pointed at.
  return span.start === span.end && mistake.path.length > 0 ? placeAtPath(node, mistake.path, 'key') : span;
}

function nodeToJson(node: Node, skip: NodeOptions['skip']): unknown {
  if (skip?.(node)) return SKIPPED;
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'bigint' ? Number(node.value) : node.value;
    case 'sequence':
      return node.items.map(item => nodeToJson(item, skip));
    case 'mapping':
      return toObject(node.entries.map(entry => [entry.key, nodeToJson(entry.value, skip)]));
    default:
      return unreachable(node);
  }
}

function valueToJson(value: unknown, skip: ValueOptions['skip']): unknown {
  if (skip?.(value)) return SKIPPED;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(item => valueToJson(item, skip));
  if (value instanceof Map) return toObject([...value].map(([key, item]) => [key, valueToJson(item, skip)]));
  if (isPlainObject(value))
    return toObject(Object.entries(value).map(([key, item]) => [key, valueToJson(item, skip)]));
  return value;
}

/** An object without a prototype, so that a key such as `constructor` is one like any other. */
function toObject(entries: readonly (readonly [unknown, unknown])[]): object {
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, value] of entries) object[String(key)] = value;
  return object;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
