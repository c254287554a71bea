import type { ObjectSchema, Schema } from '../kit/schema.ts';
import type { JsonSchema } from '../report/events-schema.ts';

/** Text with a template in it, whose value only the run knows. */
export const TEMPLATE: JsonSchema = { type: 'string', pattern: '\\{\\{|\\{%' };

/** The JSON Schema (draft-07) of a module's arguments as people write them: aliases, templates and the leniency of `coerce` included. */
export function argumentsSchema(schema: ObjectSchema): JsonSchema {
  const properties = Object.entries(schema.properties);
  const required = (schema.required ?? []).map(name => {
    const names = [name, ...(schema.properties[name]?.aliases ?? [])];
    return names.length === 1 ? { required: names } : { anyOf: names.map(one => ({ required: [one] })) };
  });
  return {
    type: 'object',
    properties: Object.fromEntries(
      properties.flatMap(([name, property]) =>
        [name, ...(property.aliases ?? [])].map(one => [one, described(property)]),
      ),
    ),
    ...(required.length > 0 && { allOf: required }),
    additionalProperties: false,
  };
}

function described(schema: Schema): JsonSchema {
  return {
    ...(schema.description !== undefined && { description: schema.description }),
    ...('default' in schema && schema.default !== undefined && { default: schema.default }),
    ...writtenSchema(schema),
  };
}

/** What may be written for a value of the schema. */
function writtenSchema(schema: Schema): JsonSchema {
  switch (schema.type) {
    case 'any':
      return {};
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no', 'on', 'off'] }, TEMPLATE] };
    case 'integer':
    case 'number': {
      const { minimum, maximum } = schema;
      const limits = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
      return {
        anyOf: [{ type: schema.type, ...limits }, { type: 'string', pattern: '^\\s*-?\\d' }, TEMPLATE],
      };
    }
    case 'string':
      return stringSchema(schema);
    case 'array': {
      const items = writtenSchema(schema.items);
      // One item is as good as a list of it; with commas, text is a list.
      const single = schema.commas === true ? { type: 'string' } : items;
      return { anyOf: [{ type: 'array', items: described(schema.items) }, single, TEMPLATE] };
    }
    case 'object':
      if ('properties' in schema) return { anyOf: [argumentsSchema(schema), TEMPLATE] };
      return {
        anyOf: [{ type: 'object', additionalProperties: described(schema.additionalProperties) }, TEMPLATE],
      };
  }
}

function stringSchema(schema: Schema & { readonly type: 'string' }): JsonSchema {
  if ('enum' in schema && schema.enum !== undefined) return { anyOf: [{ enum: schema.enum }, TEMPLATE] };
  return { type: ['string', 'number', 'boolean'] };
}
