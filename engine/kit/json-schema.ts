import type { Schema } from './schema.ts';

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
  const { type } = schema;
  const limits = ['enum', 'pattern', 'minimum', 'maximum'] as const;
  const present = limits.filter(limit => limit in schema);
  // Each limit is a plain property of the scalar schemas that have it.
  return {
    type,
    ...Object.fromEntries(
      present.map(limit => [limit, (schema as Readonly<Record<string, unknown>>)[limit]]),
    ),
  };
}
