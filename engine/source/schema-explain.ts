import type { ErrorObject } from 'ajv';
import type { Path, SchemaMistake } from './schema.ts';
import { describeValue, expectation, oneOf } from './schema-words.ts';
import { didYouMean } from './suggest.ts';

/** What ajv found, in plain words. Of alternatives (`anyOf`, `oneOf`) one sentence is made, or what is wrong with the one that was meant. */
export function explainErrors(
  errors: readonly ErrorObject[],
  value: unknown,
  what: string,
): readonly SchemaMistake[] {
  const mistakes = withoutAlternatives(errors)
    .map(error => explain(error, pathOf(error.instancePath, value), what))
    .filter(mistake => mistake !== undefined);
  const seen = new Set<string>();
  return mistakes.filter(mistake => {
    if (mistake.kind === 'missing-key' && isMeant(mistake, mistakes)) return false;
    const identity = JSON.stringify([mistake.path, mistake.message]);
    return !seen.has(identity) && seen.add(identity);
  });
}

/** A key that is missing since it is misspelt is told once, at the misspelling. */
function isMeant(missing: SchemaMistake, mistakes: readonly SchemaMistake[]): boolean {
  const place = missing.path.join('/');
  return mistakes.some(
    other =>
      other.kind === 'unknown-key' &&
      other.path.join('/') === place &&
      other.hint === `did you mean “${missing.key}”?`,
  );
}

/**
 * Each failed alternative reports its own errors before the one of the `anyOf`. If the value fits the kind of just one of them, that was
 * meant, and its errors stay; else only the `anyOf` stays.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error);
      continue;
    }
    const first = kept.findIndex(one => isAtOrUnder(one.instancePath, error.instancePath));
    const inner = first < 0 ? [] : kept.splice(first);
    const meant = inner.filter(one => one.instancePath !== error.instancePath || isAboutKeys(one));
    if (meant.length > 0 && fittingAlternatives(error) === 1) kept.push(...meant);
    else kept.push(error);
  }
  return kept;
}

function isAtOrUnder(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

function isAboutKeys(error: ErrorObject): boolean {
  return error.keyword === 'additionalProperties' || error.keyword === 'required';
}

function fittingAlternatives(error: ErrorObject): number {
  const alternatives: unknown = error.schema;
  if (!Array.isArray(alternatives)) return 0;
  const kind = Array.isArray(error.data)
    ? 'a list'
    : typeof error.data === 'object' && error.data !== null
      ? 'a mapping'
      : '';
  return alternatives.filter(one => kind !== '' && expectation(one)?.startsWith(kind)).length;
}

function explain(error: ErrorObject, path: Path, what: string): SchemaMistake | undefined {
  const subject = subjectOf(path, what);
  const { params } = error;
  switch (error.keyword) {
    case 'if':
      return undefined;
    case 'additionalProperties':
      return unknownKey(error, path, subject);
    case 'required': {
      const key = String(params['missingProperty']);
      return { path, kind: 'missing-key', key, message: `${subject} needs “${key}”` };
    }
    case 'enum':
    case 'const':
      return notOneOf(error, path, subject);
    case 'type':
    case 'anyOf':
    case 'oneOf': {
      const expected = expectation(error.parentSchema);
      if (
        error.keyword === 'oneOf' &&
        params['passingSchemas'] !== null &&
        params['passingSchemas'] !== undefined
      )
        return { path, kind: 'bad-value', message: `${subject} fits more than one of what it may be` };
      return {
        path,
        kind: 'wrong-type',
        message: `${subject} must be ${expected ?? 'something else'}${butFound(error)}`,
      };
    }
    default:
      return {
        path,
        kind: 'bad-value',
        message: `${subject} ${limit(error)}${isScalar(error.data) && error.data !== '' ? butFound(error) : ''}`,
      };
  }
}

function unknownKey(error: ErrorObject, path: Path, subject: string): SchemaMistake {
  const key = String(error.params['additionalProperty']);
  const known = Object.keys(Object(error.parentSchema?.['properties']));
  const close = didYouMean(key, known);
  const hint =
    close !== undefined
      ? `did you mean “${close}”?`
      : known.length > 0 && known.length <= 20
        ? `it takes ${listed(known)}`
        : undefined;
  return {
    path,
    kind: 'unknown-key',
    key,
    message: `${subject} has no “${key}”`,
    ...(hint !== undefined && { hint }),
  };
}

function notOneOf(error: ErrorObject, path: Path, subject: string): SchemaMistake {
  const allowed: readonly unknown[] =
    error.keyword === 'const' ? [error.params['allowedValue']] : error.params['allowedValues'];
  const close = typeof error.data === 'string' ? didYouMean(error.data, allowed.map(String)) : undefined;
  return {
    path,
    kind: 'not-one-of',
    message: `${subject} must be ${oneOf(allowed)}${butFound(error)}`,
    ...(close !== undefined && { hint: `did you mean “${close}”?` }),
  };
}

/** The keywords that limit a value, as the end of a sentence. */
function limit(error: ErrorObject): string {
  const bound: unknown = error.params['limit'];
  switch (error.keyword) {
    case 'minimum':
      return `must be ${bound} or more`;
    case 'maximum':
      return `must be ${bound} or less`;
    case 'exclusiveMinimum':
      return `must be more than ${bound}`;
    case 'exclusiveMaximum':
      return `must be less than ${bound}`;
    case 'multipleOf':
      return `must be a multiple of ${error.params['multipleOf']}`;
    case 'minLength':
      return bound === 1 ? 'must not be empty' : `must have at least ${bound} characters`;
    case 'maxLength':
      return `must have at most ${bound} characters`;
    case 'minItems':
    case 'minProperties':
      return bound === 1 ? 'must not be empty' : `must have at least ${bound} items`;
    case 'maxItems':
    case 'maxProperties':
      return bound === 1 ? 'must have only one item' : `must have at most ${bound} items`;
    case 'uniqueItems':
      return 'must not hold the same item twice';
    case 'pattern':
      return `must match ${error.params['pattern']}`;
    case 'dependencies':
    case 'dependentRequired':
      return `needs ${listed(String(error.params['deps']).split(', '))} where “${error.params['property']}” stands`;
    case 'not':
      return 'must not be so';
    default:
      return error.message ?? 'is wrong';
  }
}

/** The end of a sentence: what stands there instead. Nothing is said of a value that may be secret. */
function butFound(error: ErrorObject): string {
  if (error.data === null) return ', but nothing stands there';
  return error.parentSchema?.['secret'] === true && isScalar(error.data)
    ? ''
    : `, not ${describeValue(error.data)}`;
}

/** How a part is named in a sentence: by the key that it stands under. */
function subjectOf(path: Path, what: string): string {
  const last = path.at(-1);
  if (last === undefined) return what;
  if (typeof last === 'string') return `“${last}”`;
  const key = path.findLast(step => typeof step === 'string');
  return key === undefined ? `item ${last + 1}` : `item ${last + 1} of “${key}”`;
}

/** ajv gives the path as a JSON pointer (RFC 6901); which of its steps are indexes, the value itself must tell. */
function pathOf(pointer: string, value: unknown): Path {
  const path: (string | number)[] = [];
  let at = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(at) ? Number(name) : name);
    at = typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined;
  }
  return path;
}

function listed(keys: readonly string[]): string {
  return keys.map(key => `“${key}”`).join(', ');
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
