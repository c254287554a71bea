import type { ObjectSchema, Schema } from '../kit/schema.ts';

/** One argument as its page lists it; those inside a mapping or a list of mappings follow it. */
export interface Argument {
  /** With the way to it: `from`, `from.host`, `servers[].port`. */
  readonly path: string;
  readonly aliases: readonly string[];
  /** In words: `text`, `list of text`, `whole number from 0`. */
  readonly type: string;
  readonly choices: readonly string[];
  readonly required: boolean;
  /** As it would be written; undefined where there is none. */
  readonly default?: string;
  readonly description: string;
}

/** The arguments of a schema in their order, required ones first, each followed by what is inside it. */
export function argumentsOf(schema: ObjectSchema, prefix = ''): readonly Argument[] {
  const required = new Set(schema.required ?? []);
  const names = Object.keys(schema.properties);
  const ordered = [...names.filter(name => required.has(name)), ...names.filter(name => !required.has(name))];
  return ordered.flatMap(name => {
    const property = schema.properties[name];
    return property === undefined ? [] : argumentOf(`${prefix}${name}`, property, required.has(name));
  });
}

function argumentOf(path: string, schema: Schema, required: boolean): readonly Argument[] {
  const choices = schema.type === 'string' && 'enum' in schema ? (schema.enum ?? []) : [];
  const fallback = 'default' in schema ? schema.default : undefined;
  const own: Argument = {
    path,
    aliases: schema.aliases ?? [],
    type: typeWords(schema),
    choices,
    required,
    ...(fallback !== undefined && {
      default: typeof fallback === 'string' && fallback !== '' ? fallback : JSON.stringify(fallback),
    }),
    description: schema.description ?? '',
  };
  return [own, ...insideOf(path, schema)];
}

function insideOf(path: string, schema: Schema): readonly Argument[] {
  if (schema.type === 'array') return insideOf(`${path}[]`, schema.items);
  if (schema.type !== 'object') return [];
  if ('properties' in schema) return argumentsOf(schema, `${path}.`);
  return insideOf(`${path}.*`, schema.additionalProperties);
}

/** The type in words. */
function typeWords(schema: Schema): string {
  switch (schema.type) {
    case 'any':
      return 'any value';
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${rangeWords(schema.minimum, schema.maximum)}`;
    case 'array':
      return `list of ${typeWords(schema.items)}${schema.commas === true ? ', or text with commas' : ''}`;
    case 'object':
      return 'additionalProperties' in schema
        ? `mapping to ${typeWords(schema.additionalProperties)}`
        : 'mapping';
    case 'string':
      return stringWords(schema);
  }
}

function stringWords(schema: Schema & { readonly type: 'string' }): string {
  if ('file' in schema) return schema.file === 'template' ? 'file here, a template' : 'file here';
  if (schema.format === 'mode') return 'mode, such as "0644"';
  if (schema.format === 'host') return 'host of the inventory';
  if (schema.enum !== undefined) return 'one of the choices';
  return schema.secret === true ? 'text, may be secret' : 'text';
}

function rangeWords(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` up to ${maximum}`;
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}
