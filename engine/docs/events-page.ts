import { EVENTS, type EventShape, type JsonSchema, SHAPES } from '../report/events-schema.ts';
import { EVENTS_VERSION } from '../run/events.ts';
import { code, page, table } from './markdown.ts';

/** The page of what `--report json` writes, in Markdown. */
export function renderEventsPage(): string {
  const events: Readonly<Record<string, EventShape>> = EVENTS;
  const shapes: Readonly<Record<string, EventShape>> = SHAPES;
  return page(
    '# Events',
    [
      '`play PLAYBOOK --report json` writes every event of the run to standard output, one a line, each a JSON object with its `type`.',
      'The recap for people goes to standard error.',
    ].join(' '),
    [
      `\`run-start\` is the first event and bears the version, which is ${EVENTS_VERSION}. It is raised when the meaning of an event changes;`,
      'new events and new fields do not raise it, so readers pass over what they do not know. [events.schema.json](events.schema.json) is the JSON Schema of a line.',
    ].join(' '),
    'Secrets are masked in all of them. Times are in seconds.',
    ...Object.entries(events).flatMap(([type, shape]) => [`## ${type}`, shape.summary, fieldsTable(shape)]),
    '# What events hold',
    ...Object.entries(shapes).flatMap(([name, shape]) => [`## ${name}`, shape.summary, fieldsTable(shape)]),
    '## value',
    'A value of a state as it may be shown: any JSON, secrets masked.',
  );
}

function fieldsTable(shape: EventShape): string {
  return table(
    ['field', 'type', 'what it is'],
    Object.entries(shape.fields).map(([name, { schema, description, optional }]) => [
      optional === true ? `${code(name)} (may be missing)` : code(name),
      typeWords(schema),
      description,
    ]),
  );
}

function typeWords(schema: JsonSchema): string {
  const { $ref: reference, const: constant, enum: choices, type, items, additionalProperties } = schema;
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    return `[${name}](#${name})`;
  }
  if (constant !== undefined) return code(JSON.stringify(constant));
  if (Array.isArray(choices)) return choices.map(choice => code(String(choice))).join(', ');
  if (isSchema(items)) return `list of ${typeWords(items)}`;
  if (isSchema(additionalProperties)) return `mapping to ${typeWords(additionalProperties)}`;
  return Array.isArray(type) ? type.join(' or ') : String(type);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
