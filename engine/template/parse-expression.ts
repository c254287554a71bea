import type { ArithmeticOperator } from './arithmetic.ts';
import { normalised } from './arithmetic.ts';
import type { ArgumentList, ComparisonOperator, Expr } from './ast.ts';
import { parseArgumentList } from './parse-arguments.ts';
import { syntaxError } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** An expression, inline `if` included. */
export function parseExpr(tokens: TokenStream): Expr {
  return tokens.nested(() => {
    const { start } = tokens.current;
    let expr = parseOr(tokens);
    while (tokens.skipName('if')) {
      const test = parseOr(tokens);
      const otherwise = tokens.skipName('else') ? parseExpr(tokens) : undefined;
      expr = {
        kind: 'condition',
        test,
        whenTrue: expr,
        ...(otherwise && { otherwise }),
        ...tokens.since(start),
      };
    }
    return expr;
  });
}

function parseArguments(tokens: TokenStream): ArgumentList {
  return parseArgumentList(tokens, parseExpr);
}

/** What may end a tuple without parentheses. */
interface TupleRules {
  readonly conditions?: boolean;
  readonly endsAt?: readonly string[];
}

/** An expression, or several with commas between, which make a tuple: `for a, b in 1, 2`. */
export function parseTuple(tokens: TokenStream, { conditions = true, endsAt = [] }: TupleRules = {}): Expr {
  const { start } = tokens.current;
  const { items, isTuple } = parseItems(tokens, conditions ? parseExpr : parseOr, endsAt);
  const [first] = items;
  if (first === undefined) throw tokens.unexpected('an expression');
  return isTuple ? { kind: 'tuple', items, ...tokens.since(start) } : first;
}

function parseItems(
  tokens: TokenStream,
  parse: (tokens: TokenStream) => Expr,
  endsAt: readonly string[],
): { items: Expr[]; isTuple: boolean } {
  const items: Expr[] = [];
  let isTuple = false;
  while (!endsTuple(tokens, endsAt)) {
    items.push(parse(tokens));
    if (!tokens.skipOperator(',')) break;
    isTuple = true;
  }
  return { items, isTuple };
}

function endsTuple(tokens: TokenStream, endsAt: readonly string[]): boolean {
  const { type } = tokens.current;
  return (
    type === 'variable-end' ||
    type === 'block-end' ||
    type === 'end' ||
    tokens.isOperator(')') ||
    tokens.isName(...endsAt)
  );
}

/** An expression without inline `if`, which would be the filter of a `for`. */
function parseOr(tokens: TokenStream): Expr {
  const { start } = tokens.current;
  let left = parseAnd(tokens);
  while (tokens.skipName('or')) left = { kind: 'or', left, right: parseAnd(tokens), ...tokens.since(start) };
  return left;
}

function parseAnd(tokens: TokenStream): Expr {
  const { start } = tokens.current;
  let left = parseNot(tokens);
  while (tokens.skipName('and'))
    left = { kind: 'and', left, right: parseNot(tokens), ...tokens.since(start) };
  return left;
}

function parseNot(tokens: TokenStream): Expr {
  const { start } = tokens.current;
  if (!tokens.skipName('not')) return parseComparison(tokens);
  const operand = tokens.nested(() => parseNot(tokens));
  return { kind: 'not', operand, ...tokens.since(start) };
}

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='] satisfies ComparisonOperator[];

function isComparison(text: string): text is ComparisonOperator {
  return COMPARISONS.includes(text);
}

function comparisonOperator(tokens: TokenStream): ComparisonOperator | undefined {
  const { type, text } = tokens.current;
  if (type === 'operator' && isComparison(text)) {
    tokens.take();
    return text;
  }
  if (tokens.skipName('in')) return 'in';
  if (!tokens.isName('not') || tokens.following.type !== 'name' || tokens.following.text !== 'in')
    return undefined;
  tokens.take();
  tokens.take();
  return 'not in';
}

function parseComparison(tokens: TokenStream): Expr {
  const { start } = tokens.current;
  const first = parseArithmetic(tokens, 0);
  const rest: { operator: ComparisonOperator; operand: Expr }[] = [];
  for (
    let operator = comparisonOperator(tokens);
    operator !== undefined;
    operator = comparisonOperator(tokens)
  ) {
    rest.push({ operator, operand: parseArithmetic(tokens, 0) });
  }
  return rest.length > 0 ? { kind: 'comparison', first, rest, ...tokens.since(start) } : first;
}

/** The binary operators from the loosest to the tightest; all bind to the left, `**` too. `~` stands between `-` and `*`. */
const LEVELS: readonly (readonly (ArithmeticOperator | '~')[])[] = [
  ['+', '-'],
  ['~'],
  ['*', '/', '//', '%'],
  ['**'],
];

function parseArithmetic(tokens: TokenStream, level: number): Expr {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(tokens, true);
  const { start } = tokens.current;
  let left = parseArithmetic(tokens, level + 1);
  for (;;) {
    const operator = operators.find(candidate => tokens.isOperator(candidate));
    if (operator === undefined) return left;
    if (operator === '~') return parseConcat(tokens, left, level, start);
    tokens.take();
    left = {
      kind: 'arithmetic',
      operator,
      left,
      right: parseArithmetic(tokens, level + 1),
      ...tokens.since(start),
    };
  }
}

function parseConcat(tokens: TokenStream, first: Expr, level: number, start: number): Expr {
  const parts = [first];
  while (tokens.skipOperator('~')) parts.push(parseArithmetic(tokens, level + 1));
  return { kind: 'concat', parts, ...tokens.since(start) };
}

function parseUnary(tokens: TokenStream, withFilters: boolean): Expr {
  const { start } = tokens.current;
  const operator = tokens.skipOperator('-') ? '-' : tokens.skipOperator('+') ? '+' : undefined;
  const plain: Expr =
    operator === undefined
      ? parsePrimary(tokens)
      : {
          kind: 'sign',
          operator,
          operand: tokens.nested(() => parseUnary(tokens, false)),
          ...tokens.since(start),
        };
  const node = parsePostfix(tokens, plain);
  return withFilters ? parseFiltersAndTests(tokens, node) : node;
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function parsePrimary(tokens: TokenStream): Expr {
  const token = tokens.current;
  const { type, text, start } = token;
  if (type === 'name') {
    tokens.take();
    const constant = CONSTANTS.get(text);
    return constant === undefined
      ? { kind: 'name', name: text, ...tokens.since(start) }
      : { kind: 'constant', value: constant, ...tokens.since(start) };
  }
  if (type === 'string') return parseStrings(tokens);
  if (type === 'integer')
    return { kind: 'constant', value: readInteger(tokens.take().text), ...tokens.since(start) };
  if (type === 'float')
    return { kind: 'float', value: Number(tokens.take().text.replaceAll('_', '')), ...tokens.since(start) };
  if (tokens.isOperator('(')) return parseParentheses(tokens);
  if (tokens.isOperator('[')) return parseList(tokens);
  if (tokens.isOperator('{')) return parseDict(tokens);
  throw tokens.unexpected('a value');
}

/** Strings side by side are one. */
function parseStrings(tokens: TokenStream): Expr {
  const { start } = tokens.current;
  let value = '';
  while (tokens.current.type === 'string') value += tokens.take().text;
  return { kind: 'constant', value, ...tokens.since(start) };
}

function readInteger(literal: string): number | bigint {
  return normalised(BigInt(literal.replaceAll('_', '')));
}

function parseParentheses(tokens: TokenStream): Expr {
  const { start } = tokens.take();
  const { items, isTuple } = parseItems(tokens, parseExpr, []);
  tokens.expectOperator(')', 'or a comma');
  const [first] = items;
  return first !== undefined && !isTuple ? first : { kind: 'tuple', items, ...tokens.since(start) };
}

function parseList(tokens: TokenStream): Expr {
  const { start } = tokens.take();
  const items: Expr[] = [];
  while (!tokens.isOperator(']')) {
    if (items.length > 0) tokens.expectOperator(',', 'or “]”');
    if (!tokens.isOperator(']')) items.push(parseExpr(tokens));
  }
  tokens.take();
  return { kind: 'list', items, ...tokens.since(start) };
}

function parseDict(tokens: TokenStream): Expr {
  const { start } = tokens.take();
  const entries: { key: Expr; value: Expr }[] = [];
  while (!tokens.isOperator('}')) {
    if (entries.length > 0) tokens.expectOperator(',', 'or “}”');
    if (tokens.isOperator('}')) break;
    const key = parseExpr(tokens);
    tokens.expectOperator(':', 'behind the key');
    entries.push({ key, value: parseExpr(tokens) });
  }
  tokens.take();
  return { kind: 'dict', entries, ...tokens.since(start) };
}

/** Attributes, items and calls behind a value. */
function parsePostfix(tokens: TokenStream, node: Expr): Expr {
  for (;;) {
    if (tokens.isOperator('.')) node = parseAttribute(tokens, node);
    else if (tokens.isOperator('[')) node = parseSubscript(tokens, node);
    else if (tokens.isOperator('('))
      node = { kind: 'call', callee: node, args: parseArguments(tokens), ...tokens.since(node.start) };
    else return node;
  }
}

function parseAttribute(tokens: TokenStream, object: Expr): Expr {
  tokens.take();
  const { type, text, start } = tokens.current;
  if (type === 'name') {
    tokens.take();
    return { kind: 'attribute', object, name: text, ...tokens.since(object.start) };
  }
  if (type !== 'integer') throw tokens.unexpected('a name or a number behind the dot');
  tokens.take();
  const key: Expr = { kind: 'constant', value: readInteger(text), ...tokens.since(start) };
  return { kind: 'item', object, key, ...tokens.since(object.start) };
}

function parseSubscript(tokens: TokenStream, object: Expr): Expr {
  const { start } = tokens.take();
  const keys: Expr[] = [];
  while (!tokens.isOperator(']')) {
    if (keys.length > 0) tokens.expectOperator(',', 'or “]”');
    const part = parseSubscriptPart(tokens, object);
    if (part.kind === 'slice' && part.object === object) {
      tokens.expectOperator(']', 'behind a slice');
      return { ...part, ...tokens.since(object.start) };
    }
    keys.push(part);
  }
  tokens.take();
  const [first] = keys;
  if (first === undefined)
    throw syntaxError('an index or a key is needed between “[” and “]”', tokens.since(start));
  const key: Expr = keys.length === 1 ? first : { kind: 'tuple', items: keys, ...tokens.since(start) };
  return { kind: 'item', object, key, ...tokens.since(object.start) };
}

/** One index, or the slice `from:to:step` of `object`. */
function parseSubscriptPart(tokens: TokenStream, object: Expr): Expr {
  const { start } = tokens.current;
  const from = tokens.isOperator(':') ? undefined : parseExpr(tokens);
  if (!tokens.skipOperator(':')) return from ?? { kind: 'constant', value: null, ...tokens.since(start) };
  const endsHere = (): boolean => tokens.isOperator(':') || tokens.isOperator(']') || tokens.isOperator(',');
  const to = endsHere() ? undefined : parseExpr(tokens);
  const step = tokens.skipOperator(':') && !endsHere() ? parseExpr(tokens) : undefined;
  return {
    kind: 'slice',
    object,
    ...(from && { from }),
    ...(to && { to }),
    ...(step && { step }),
    ...tokens.since(start),
  };
}

/** Filters, tests and calls behind a value. */
function parseFiltersAndTests(tokens: TokenStream, node: Expr): Expr {
  for (;;) {
    if (tokens.isOperator('|')) node = parseFilters(tokens, node);
    else if (tokens.isName('is')) node = parseTest(tokens, node);
    else if (tokens.isOperator('('))
      node = { kind: 'call', callee: node, args: parseArguments(tokens), ...tokens.since(node.start) };
    else return node;
  }
}

/** `| filter | filter(…)`; with `begun`, the first bar is left out, as in a filter block. */
export function parseFilters(tokens: TokenStream, node: Expr, begun = false): Expr {
  while (begun || tokens.skipOperator('|')) {
    begun = false;
    const { name, at } = parseDottedName(tokens, 'the name of a filter');
    const args = tokens.isOperator('(') ? parseArguments(tokens) : { positional: [], named: [] };
    node = {
      kind: 'filter',
      name,
      nameAt: at,
      input: node,
      args,
      start: Math.min(node.start, at.start),
      end: tokens.lastEnd,
    };
  }
  return node;
}

function parseDottedName(
  tokens: TokenStream,
  what: string,
): { readonly name: string; readonly at: { start: number; end: number } } {
  const { start, text } = tokens.expectName(what);
  let name = text;
  while (tokens.skipOperator('.')) name += `.${tokens.expectName(what).text}`;
  return { name, at: { start, end: tokens.lastEnd } };
}

function parseTest(tokens: TokenStream, input: Expr): Expr {
  tokens.take();
  const negated = tokens.skipName('not');
  const { name, at } = parseDottedName(tokens, 'the name of a test');
  const args = parseTestArguments(tokens);
  const test: Expr = { kind: 'test', name, nameAt: at, input, args, ...tokens.since(input.start) };
  return negated ? { kind: 'not', operand: test, ...tokens.since(input.start) } : test;
}

/** A test takes its arguments in parentheses, or one value without them: `is divisibleby 3`. */
function parseTestArguments(tokens: TokenStream): Extract<Expr, { kind: 'test' }>['args'] {
  if (tokens.isOperator('(')) return parseArguments(tokens);
  const { type } = tokens.current;
  const begins =
    type === 'name' ||
    type === 'string' ||
    type === 'integer' ||
    type === 'float' ||
    tokens.isOperator('[') ||
    tokens.isOperator('{');
  if (!begins || tokens.isName('else', 'or', 'and')) return { positional: [], named: [] };
  if (tokens.isName('is'))
    throw syntaxError('tests cannot follow one another with “is”', tokens.current, 'join them with “and”');
  return { positional: [parsePostfix(tokens, parsePrimary(tokens))], named: [] };
}
