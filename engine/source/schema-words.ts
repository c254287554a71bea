import { SKIPPED } from './schema-compile.ts';

const longestShown = 40;

const typeWords: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a mapping'],
  ['null', 'nothing'],
]);

/** What a schema wants, as the end of “must be”: `a text`, `a list of whole numbers`, `true or false, or a mapping`. */
export function expectation(schema: unknown): string | undefined {
  if (!isRecord(schema)) return undefined;
  // schema-compile.ts puts each schema into the `else` of a condition.
  if (schema['else'] !== undefined) return expectation(schema['else']);
  if (Array.isArray(schema['enum'])) return oneOf(schema['enum']);
  if ('const' in schema) return oneOf([schema['const']]);
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return joined(alternatives.map(expectation));
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  return joined(types.map(type => typeWord(String(type), schema)));
}

function typeWord(type: string, schema: Readonly<Record<string, unknown>>): string | undefined {
  const word = typeWords.get(type);
  if (type !== 'array') return word;
  const items = expectation(schema['items']);
  const many = items === undefined ? undefined : /^an? ([a-z]+(?: number)?)$/.exec(items)?.[1];
  return many === undefined ? word : `${word} of ${many === 'text' ? 'texts' : `${many}s`}`;
}

function joined(words: readonly (string | undefined)[]): string | undefined {
  const distinct = [...new Set(words.filter(word => word !== undefined))];
  if (distinct.length === 0) return undefined;
  // “true or false” holds an “or” itself.
  const comma = distinct.length > 2 || distinct.some(word => word.includes(' or '));
  if (distinct.length === 1) return distinct[0];
  return `${distinct.slice(0, -1).join(', ')}${comma ? ',' : ''} or ${distinct.at(-1)}`;
}

/** `“a”, “b” or “c”`. */
export function oneOf(values: readonly unknown[]): string {
  const words = values.map(value =>
    typeof value === 'string' ? `“${value}”` : value === null ? 'nothing' : String(value),
  );
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** What a value is, as the end of “not”: `the text “x”`, `a list`, `the number 5`. */
export function describeValue(value: unknown): string {
  if (value === SKIPPED) return 'a value that is not known yet';
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `the number ${value}`;
  if (value === '') return 'an empty text';
  return `the text “${value.length > longestShown ? `${value.slice(0, longestShown)}…` : value}”`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
