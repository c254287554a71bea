import type { Holder, KeywordDefinition } from '../playbook/keywords.ts';
import type { JsonSchema } from '../report/events-schema.ts';
import { argumentsSchema, TEMPLATE } from './argument-schema.ts';
import { byName, type Documented } from './documented.ts';
import type { Keywords } from './keywords-page.ts';

/**
 * The JSON Schema (draft-07) of playbooks, for editors (yaml-language-server): keywords where they may stand, and the arguments of every module,
 * free form and templates allowed. It is lenient where YAML 1.1 and 1.2 differ; `play --syntax-check` is the judge.
 */
export function editorSchema(modules: readonly Documented[], keywords: Keywords): JsonSchema {
  const callees = calleeProperties(modules);
  const holder = (name: Holder, more: JsonSchema = {}): JsonSchema => ({
    type: 'object',
    properties: { ...keywordProperties(keywords, name), ...more },
    additionalProperties: false,
  });
  const listOf = (item: string): JsonSchema => ({
    type: ['array', 'null'],
    items: { if: { required: ['block'] }, ...branches('block', item) },
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A playbook of play',
    type: 'array',
    items: reference('play'),
    definitions: {
      play: { ...holder('play'), required: ['hosts'] },
      block: { ...holder('block'), required: ['block'] },
      task: holder('task', callees),
      handler: holder('handler', callees),
      tasks: listOf('task'),
      handlers: listOf('handler'),
      ...Object.fromEntries(modules.map(module => [`module ${module.name}`, moduleSchema(module)])),
    },
  };
}

function branches(then: string, otherwise: string): JsonSchema {
  // `then` as a key would make an object look like a promise to linters; it is the keyword of JSON Schema.
  return Object.fromEntries([
    ['then', reference(then)],
    ['else', reference(otherwise)],
  ]);
}

function reference(name: string): JsonSchema {
  return { $ref: `#/definitions/${name.replaceAll(' ', '%20')}` };
}

function calleeProperties(modules: readonly Documented[]): JsonSchema {
  return Object.fromEntries(
    byName(modules).flatMap(module =>
      [module.name, ...module.aliases].map(name => [
        name,
        { description: module.summary, allOf: [reference(`module ${module.name}`)] },
      ]),
    ),
  );
}

/** Arguments as a mapping, or text in free form, or nothing at all. */
function moduleSchema(module: Documented): JsonSchema {
  const mapping = module.anyArguments === true ? { type: 'object' } : argumentsSchema(module.args);
  const hasRequired = (module.args.required ?? []).length > 0;
  return { anyOf: [mapping, { type: 'string' }, ...(hasRequired ? [] : [{ type: 'null' }])] };
}

function keywordProperties(keywords: Keywords, holder: Holder): JsonSchema {
  return Object.fromEntries(
    Object.entries(keywords)
      .filter(([, definition]) => definition.holders.includes(holder))
      .map(([name, definition]) => [
        name,
        { description: definition.summary, ...keywordSchema(name, definition, holder) },
      ]),
  );
}

const SCALAR: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };

function keywordSchema(name: string, definition: KeywordDefinition, holder: Holder): JsonSchema {
  if (definition.kind === 'structure') {
    const hasHandlers = name === 'handlers' || holder === 'handler';
    return { allOf: [reference(hasHandlers ? 'handlers' : 'tasks')] };
  }
  if (definition.kind === 'expression') return { anyOf: [SCALAR, { type: 'array', items: SCALAR }] };
  switch (definition.type) {
    case 'any':
      return {};
    case 'text':
      return SCALAR;
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no', 'on', 'off'] }, TEMPLATE] };
    case 'integer':
      return { anyOf: [{ type: 'integer' }, TEMPLATE] };
    case 'count':
      return { type: ['integer', 'string', 'array'] };
    case 'texts':
      return { anyOf: [SCALAR, { type: 'array', items: SCALAR }] };
    case 'mapping':
      return { anyOf: [{ type: ['object', 'null'] }, TEMPLATE] };
    case 'list':
      return { anyOf: [{ type: 'array' }, TEMPLATE] };
  }
}
