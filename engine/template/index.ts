export { ansible } from './ansible.ts';
export { type Calls, calls, type Use } from './calls.ts';
export { truthy } from './coerce.ts';
export { Dict } from './dict.ts';
export type {
  Call,
  Context,
  Environment,
  Lookup,
  Operation,
  Scope,
} from './environment.ts';
export { TemplateError, type TemplateErrorCode } from './error.ts';
export type { TemplateOptions } from './lexer.ts';
export { withLineEnds } from './line-ends.ts';
export { withLookups } from './lookups/index.ts';
export type { Outside } from './lookups/outside.ts';
export { fromPlain, type Plain, toPlain } from './plain.ts';
export { repr, str } from './print.ts';
export { type Reference, references } from './references.ts';
export {
  type Expression,
  evaluate,
  hasTemplate,
  type Origin,
  parseExpression,
  parseTemplate,
  render,
  type Template,
} from './template.ts';
export {
  Float,
  PyObject,
  Tuple,
  Undefined,
  type Value,
} from './value.ts';
