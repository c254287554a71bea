import type { Expr, Parameter, Statement, Target } from './ast.ts';
import { parseExpr, parseFilters, parseTuple } from './parse-expression.ts';
import { parseFrom, parseImport, parseInclude } from './parse-imports.ts';
import { parseTarget } from './parse-target.ts';
import { syntaxError, type Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** A whole template. */
export function parseBody(tokens: TokenStream): Statement[] {
  return parseStatements(tokens, []);
}

/** Statements up to a tag named as one of `ends`, which is then at its name; without ends, up to the end of the text. */
function parseStatements(tokens: TokenStream, ends: readonly string[], opened?: Token): Statement[] {
  const body: Statement[] = [];
  for (;;) {
    const { type, start, end, text } = tokens.current;
    if (type === 'data') body.push({ kind: 'text', text, start, end: tokens.take().end });
    else if (type === 'variable-begin') body.push(parseOutput(tokens));
    else if (type === 'block-begin') {
      tokens.take();
      if (tokens.isName(...ends)) return body;
      body.push(tokens.nested(() => parseTag(tokens, start)));
    } else if (opened !== undefined)
      throw syntaxError(`this “${opened.text}” is never ended`, opened, `end it with “{% ${ends.at(-1)} %}”`);
    else if (type === 'end') return body;
    else throw syntaxError('this has no meaning here', { start, end });
  }
}

function parseOutput(tokens: TokenStream): Statement {
  const { start } = tokens.take();
  if (tokens.current.type === 'variable-end')
    throw syntaxError('an expression is needed between “{{” and “}}”', { start, end: tokens.current.end });
  const value = parseTuple(tokens);
  expectEnd(tokens, 'variable-end');
  return { kind: 'output', value, ...tokens.since(start) };
}

/** The end of a tag that a body follows; a colon before it is allowed. */
function expectBody(tokens: TokenStream): void {
  tokens.skipOperator(':');
  expectEnd(tokens, 'block-end');
}

function expectEnd(tokens: TokenStream, type: 'variable-end' | 'block-end'): void {
  if (tokens.current.type !== type)
    throw tokens.unexpected(type === 'variable-end' ? '“}}” or an operator' : '“%}” or an operator');
  tokens.take();
}

/** The body between the present tag's end and the end tag, which is taken too. */
function parseUntil(tokens: TokenStream, opened: Token, end: string): Statement[] {
  expectBody(tokens);
  const body = parseStatements(tokens, [end], opened);
  tokens.take();
  return body;
}

type TagParser = (tokens: TokenStream, start: number, keyword: Token) => Statement;

const TAGS: ReadonlyMap<string, TagParser> = new Map<string, TagParser>([
  ['if', parseIf],
  ['for', parseFor],
  ['set', parseSet],
  ['with', parseWith],
  ['macro', parseMacro],
  ['call', parseCallBlock],
  ['filter', parseFilterBlock],
  ['block', parseBlock],
  ['autoescape', parseAutoescape],
  ['do', (tokens, start) => ({ kind: 'do', value: parseTuple(tokens), ...tokens.since(start) })],
  ['print', parsePrint],
  ['extends', (tokens, start) => ({ kind: 'extends', template: parseExpr(tokens), ...tokens.since(start) })],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFrom],
  ['break', (tokens, start, keyword) => parseJump('break', tokens, start, keyword)],
  ['continue', (tokens, start, keyword) => parseJump('continue', tokens, start, keyword)],
]);

function parseTag(tokens: TokenStream, start: number): Statement {
  if (tokens.current.type !== 'name') throw tokens.unexpected('the name of a tag');
  const keyword = tokens.take();
  const parse = TAGS.get(keyword.text);
  if (parse === undefined) throw unknownTag(keyword);
  const statement = parse(tokens, start, keyword);
  expectEnd(tokens, 'block-end');
  return statement;
}

function unknownTag(keyword: Token): Error {
  const isEnd = keyword.text.startsWith('end') || keyword.text === 'else' || keyword.text === 'elif';
  return syntaxError(
    isEnd
      ? `“${keyword.text}” ends or continues nothing that is open here`
      : `there is no tag “${keyword.text}”`,
    keyword,
  );
}

function parseIf(tokens: TokenStream, start: number, keyword: Token): Statement {
  const branches: { test: Expr; body: Statement[] }[] = [];
  for (;;) {
    const test = parseTuple(tokens, { conditions: false });
    expectBody(tokens);
    branches.push({ test, body: parseStatements(tokens, ['elif', 'else', 'endif'], keyword) });
    const next = tokens.take().text;
    if (next === 'elif') continue;
    const otherwise = next === 'else' ? parseUntil(tokens, keyword, 'endif') : [];
    return { kind: 'if', branches, otherwise, ...tokens.since(start) };
  }
}

function parseFor(tokens: TokenStream, start: number, keyword: Token): Statement {
  const target = parseTarget(tokens, { endsAt: ['in'], reserved: ['loop'] });
  tokens.expectKeyword('in', 'behind the names of a loop');
  const iterable = parseTuple(tokens, { conditions: false, endsAt: ['recursive'] });
  const test = tokens.skipName('if') ? parseExpr(tokens) : undefined;
  const recursive = tokens.skipName('recursive');
  expectBody(tokens);
  const body = tokens.inLoop(true, () => parseStatements(tokens, ['else', 'endfor'], keyword));
  const otherwise = tokens.take().text === 'else' ? parseUntil(tokens, keyword, 'endfor') : [];
  return {
    kind: 'for',
    target,
    iterable,
    ...(test && { test }),
    recursive,
    body,
    otherwise,
    ...tokens.since(start),
  };
}

function parseJump(
  kind: 'break' | 'continue',
  tokens: TokenStream,
  start: number,
  keyword: Token,
): Statement {
  if (!tokens.isInLoop) throw syntaxError(`“${kind}” stands in no loop`, keyword);
  return { kind, ...tokens.since(start) };
}

function parseSet(tokens: TokenStream, start: number, keyword: Token): Statement {
  const target = parseTarget(tokens, { fields: true });
  if (tokens.skipOperator('='))
    return { kind: 'set', target, value: parseTuple(tokens), ...tokens.since(start) };
  const filters = parseFilters(tokens, { kind: 'captured', ...tokens.since(start) });
  return {
    kind: 'capture',
    target,
    filters,
    body: parseUntil(tokens, keyword, 'endset'),
    ...tokens.since(start),
  };
}

function parseWith(tokens: TokenStream, start: number, keyword: Token): Statement {
  const assignments: { target: Target; value: Expr }[] = [];
  while (tokens.current.type !== 'block-end') {
    if (assignments.length > 0) tokens.expectOperator(',', 'or “%}”');
    const target = parseTarget(tokens, { single: true });
    tokens.expectOperator('=', 'behind a name of “with”');
    assignments.push({ target, value: parseExpr(tokens) });
  }
  return { kind: 'with', assignments, body: parseUntil(tokens, keyword, 'endwith'), ...tokens.since(start) };
}

function parseParameters(tokens: TokenStream): Parameter[] {
  const parameters: Parameter[] = [];
  tokens.expectOperator('(', 'before the parameters');
  while (!tokens.isOperator(')')) {
    if (parameters.length > 0) tokens.expectOperator(',', 'or “)”');
    const name = tokens.expectName('the name of a parameter');
    const preset = tokens.skipOperator('=') ? parseExpr(tokens) : undefined;
    if (preset === undefined && parameters.at(-1)?.preset)
      throw syntaxError('a parameter without a default cannot follow one with a default', name);
    parameters.push({ name: name.text, ...(preset && { preset }) });
  }
  tokens.take();
  return parameters;
}

function parseMacro(tokens: TokenStream, start: number, keyword: Token): Statement {
  const { text: name } = tokens.expectName('the name of the macro');
  const parameters = parseParameters(tokens);
  return {
    kind: 'macro',
    name,
    parameters,
    body: parseUntil(tokens, keyword, 'endmacro'),
    ...tokens.since(start),
  };
}

function parseCallBlock(tokens: TokenStream, start: number, keyword: Token): Statement {
  const parameters = tokens.isOperator('(') ? parseParameters(tokens) : [];
  const at = tokens.current;
  const call = parseExpr(tokens);
  if (call.kind !== 'call')
    throw syntaxError('the call of a macro is needed here', { start: at.start, end: call.end });
  return {
    kind: 'caller',
    call,
    parameters,
    body: parseUntil(tokens, keyword, 'endcall'),
    ...tokens.since(start),
  };
}

function parseFilterBlock(tokens: TokenStream, start: number, keyword: Token): Statement {
  const filters = parseFilters(tokens, { kind: 'captured', ...tokens.since(start) }, true);
  return {
    kind: 'filter-block',
    filters,
    body: parseUntil(tokens, keyword, 'endfilter'),
    ...tokens.since(start),
  };
}

function parseBlock(tokens: TokenStream, start: number, keyword: Token): Statement {
  const { text: name } = tokens.expectName('the name of the block');
  const scoped = tokens.skipName('scoped');
  const required = tokens.skipName('required');
  expectBody(tokens);
  const body = parseStatements(tokens, ['endblock'], keyword);
  tokens.take();
  tokens.skipName(name);
  return { kind: 'block', name, scoped, required, body, ...tokens.since(start) };
}

/** Nothing is escaped in playbooks; the tag is read so that templates made for the web still render. */
function parseAutoescape(tokens: TokenStream, start: number, keyword: Token): Statement {
  parseExpr(tokens);
  return { kind: 'scope', body: parseUntil(tokens, keyword, 'endautoescape'), ...tokens.since(start) };
}

function parsePrint(tokens: TokenStream, start: number): Statement {
  const value = parseTuple(tokens);
  return { kind: 'output', value, ...tokens.since(start) };
}
