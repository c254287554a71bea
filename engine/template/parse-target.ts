import type { Target } from './ast.ts';
import { syntaxError } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** What a target may be besides one name: a field of a namespace, several names. */
interface TargetRules {
  readonly fields?: boolean;
  readonly single?: boolean;
  readonly endsAt?: readonly string[];
  /** Further names that cannot be assigned to. */
  readonly reserved?: readonly string[];
}

const RESERVED = new Set(['true', 'false', 'none', 'True', 'False', 'None']);

/** What stands left of `=` or `in`: a name, `namespace.field`, or several with commas between. */
export function parseTarget(tokens: TokenStream, rules: TargetRules = {}): Target {
  const { start } = tokens.current;
  const first = parseOne(tokens, rules);
  if (rules.single || !tokens.isOperator(',')) return first;
  if (first.kind === 'field') throw syntaxError('fields of a namespace are set one at a time', first);
  const targets: Target[] = [first];
  while (tokens.skipOperator(',')) {
    if (
      tokens.isName(...(rules.endsAt ?? [])) ||
      tokens.isOperator('=') ||
      tokens.current.type === 'block-end'
    )
      break;
    targets.push(parseOne(tokens, { ...rules, fields: false }));
  }
  return { kind: 'unpack', targets, ...tokens.since(start) };
}

function parseOne(tokens: TokenStream, rules: TargetRules): Target {
  const { start } = tokens.current;
  if (tokens.skipOperator('(')) {
    const inner = tokens.nested(() => parseTarget(tokens, { ...rules, single: false }));
    tokens.expectOperator(')', 'or a comma');
    return inner;
  }
  const name = tokens.expectName('a name to assign to');
  if (RESERVED.has(name.text) || rules.reserved?.includes(name.text))
    throw syntaxError(`“${name.text}” cannot be assigned to`, name);
  if (!rules.fields || !tokens.skipOperator('.'))
    return { kind: 'name', name: name.text, ...tokens.since(start) };
  const field = tokens.expectName('the name of a field');
  return { kind: 'field', name: name.text, field: field.text, ...tokens.since(start) };
}
