import { Ajv, type ValidateFunction } from 'ajv';

/** A JSON Schema (draft-07). */
export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** Stands in a value for a part that any schema accepts. */
export const SKIPPED: object = Object.freeze({});

let ajv: Ajv | undefined;
const compiled = new WeakMap<object, ValidateFunction>();

/** The validator of a schema, made once for each schema object. */
export function compileSchema(schema: JsonSchema): ValidateFunction {
  if (typeof schema === 'boolean') return compiler().compile(schema);
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = compiler().compile(accepting(schema));
    compiled.set(schema, validate);
  }
  return validate;
}

function compiler(): Ajv {
  ajv ??= new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    keywords: [
      { keyword: 'isSkipped', errors: false, validate: (_: unknown, data: unknown) => data === SKIPPED },
    ],
  });
  return ajv;
}

const holdingOne = new Set([
  'items',
  'additionalProperties',
  'additionalItems',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
]);
const holdingMany = new Set([
  'properties',
  'patternProperties',
  'definitions',
  '$defs',
  'dependencies',
  'anyOf',
  'oneOf',
  'allOf',
  'items',
]);

/** The schema with each of its parts made to accept SKIPPED. */
function accepting(schema: unknown): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  if (!isRecord(schema)) return true;
  const { $schema: _schema, $id: _id, definitions, $defs, ...rest } = schema;
  const shared = { ...(definitions !== undefined && { definitions }), ...($defs !== undefined && { $defs }) };
  return {
    ...acceptingParts(shared),
    if: { isSkipped: true },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
    then: true,
    else: acceptingParts(rest),
  };
}

function acceptingParts(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (holdingMany.has(keyword) && Array.isArray(value)) return [keyword, value.map(accepting)];
      if (holdingOne.has(keyword)) return [keyword, accepting(value)];
      if (holdingMany.has(keyword) && isRecord(value))
        return [
          keyword,
          Object.fromEntries(Object.entries(value).map(([name, part]) => [name, accepting(part)])),
        ];
      return [keyword, value];
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
