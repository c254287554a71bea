export { ansible } from './ansible.ts';
export { builtins } from './builtins.ts';
export { type Calls, calls, type Use } from './calls.ts';
export { truthy } from './coerce.ts';
export { Dict } from './dict.ts';
export {
  type Call,
  type Context,
  type Environment,
  globalFunction,
  type Lookup,
  type Operation,
  operations,
  type Scope,
} from './environment.ts';
export { TemplateError, type TemplateErrorCode } from './error.ts';
export type { TemplateOptions } from './lexer.ts';
export { withLookups } from './lookups/index.ts';
export type { Outside } from './lookups/outside.ts';
export { fromNode, fromPlain, type Plain, toPlain } from './plain.ts';
export { repr, str, typeName } from './print.ts';
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
  Callable,
  ContextFunction,
  Float,
  Namespace,
  PyObject,
  Range,
  Tuple,
  Undefined,
  type Value,
} from './value.ts';
