import type { Schema } from './schema.ts';

/** The keywords that mean the same in both. */
const LIMITS = new Set(['enum', 'pattern', 'minimum', 'maximum']);

/** JSON Schema (draft-07) of a schema of our dialect: what a value must be once `coerce` has been over it. */
export function toJsonSchema(schema: Schema): Readonly<Record<string, unknown>> {
  if (schema.type === 'any') return {};
  if (schema.type === 'array') {
    return {
      type: 'array',
      items: toJsonSchema(schema.items),
      ...(schema.minItems !== undefined && { minItems: schema.minItems }),
    };
  }
  if (schema.type === 'object') {
    if ('additionalProperties' in schema)
      return { type: 'object', additionalProperties: toJsonSchema(schema.additionalProperties) };
    return {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, property]) => [name, toJsonSchema(property)]),
      ),
      required: schema.required ?? [],
      additionalProperties: false,
    };
  }
  const limits = Object.entries(schema).filter(([keyword]) => LIMITS.has(keyword));
  return { type: schema.type, ...Object.fromEntries(limits) };
}
