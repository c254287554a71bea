import { coerce, Deferred, type Mismatch } from '../kit/coerce.ts';
import { toJsonSchema } from '../kit/json-schema.ts';
import type { ArgumentsSchema } from '../kit/module.ts';
import { Secret } from '../kit/secret.ts';
import { Unknown } from '../kit/unknown.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Node } from '../source/node.ts';
import { type JsonSchema, placeAtPath, validateValue } from '../source/schema.ts';
import type { Span } from '../source/span.ts';
import type { Callee } from './playbook.ts';

const schemas = new WeakMap<ArgumentsSchema, JsonSchema>();

function schemaOf(args: ArgumentsSchema): JsonSchema {
  const known = schemas.get(args) ?? toJsonSchema(args);
  schemas.set(args, known);
  return known;
}

/** What checking arguments comes to: the arguments as the module wants them, and what is wrong with them. */
export interface CheckedArguments {
  readonly args: object;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Brings arguments to the types of their schema and checks them. Values that only the run knows (Deferred, Unknown) are taken as they
 * are. `node` is where they were written, `span` where there is no node.
 */
export function checkArguments(
  callee: Callee,
  values: Readonly<Record<string, unknown>>,
  node: Node | undefined,
  span: Span,
): CheckedArguments {
  const { definition } = callee;
  const mismatches: Mismatch[] = [];
  const args = coerce(definition.args, values, mismatches);
  const place = (path: readonly (string | number)[], part: 'key' | 'value'): Span =>
    node === undefined
      ? span
      : node.kind === 'mapping' && path.length > 0
        ? placeAtPath(node, path, part)
        : node.kind === 'mapping'
          ? span
          : node.span;
  const isOpen = (value: unknown): boolean =>
    value instanceof Deferred || value instanceof Unknown || value instanceof Secret;
  const diagnostics: Diagnostic[] = mismatches.map(({ path, message }) => ({
    code: 'wrong-type',
    severity: 'error',
    message: `“${path.join('.')}” of ${definition.name} ${message}`,
    span: place(path, 'value'),
  }));
  const known =
    callee.kind === 'action' && callee.definition.anyArguments === true
      ? []
      : validateValue(args, schemaOf(definition.args), { what: definition.name, skip: isOpen });
  for (const mistake of known) {
    // What has the wrong type was told already, in more lenient words.
    if (mismatches.some(({ path }) => mistake.path.slice(0, path.length).join() === path.join())) continue;
    const path =
      mistake.kind === 'unknown-key' && mistake.key !== undefined
        ? [...mistake.path, mistake.key]
        : mistake.path;
    const missing = mistake.kind === 'missing-key';
    diagnostics.push({
      code: mistake.kind === 'unknown-key' ? 'unknown-argument' : missing ? 'missing-argument' : mistake.kind,
      severity: 'error',
      message: mistake.message,
      span:
        missing && mistake.path.length === 0
          ? span
          : place(path, mistake.kind === 'unknown-key' ? 'key' : 'value'),
      hint: mistake.hint ?? `\`play docs ${definition.name}\` lists its arguments`,
    });
  }
  // coerce gives an object for an object schema, or has reported that it could not.
  const record = args as Readonly<Record<string, unknown>>;
  if (
    diagnostics.length === 0 &&
    !Object.values(record).some(value => value instanceof Deferred || value instanceof Unknown)
  ) {
    const mistake = definition.mistake?.(record);
    if (mistake !== undefined)
      diagnostics.push({
        code: 'bad-arguments',
        severity: 'error',
        message: `${definition.name}: ${mistake}`,
        span,
      });
  }
  return { args: record, diagnostics };
}

/** The names of the arguments, aliases included. */
export function argumentNames(schema: ArgumentsSchema): readonly string[] {
  return Object.entries(schema.properties).flatMap(([name, property]) => [name, ...(property.aliases ?? [])]);
}
