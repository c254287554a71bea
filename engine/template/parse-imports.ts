import type { Statement } from './ast.ts';
import { parseExpr } from './parse-expression.ts';
import type { TokenStream } from './token-stream.ts';

/** `with context` or `without context`, if one of them stands here. */
function parseContext(tokens: TokenStream, otherwise: boolean): boolean {
  if (!tokens.isName('with', 'without') || tokens.following.text !== 'context') return otherwise;
  const { text } = tokens.take();
  tokens.take();
  return text === 'with';
}

/** The rest of the tag, from behind its name. */
export function parseInclude(tokens: TokenStream, start: number): Statement {
  const template = parseExpr(tokens);
  const ignoreMissing = tokens.isName('ignore') && tokens.following.text === 'missing';
  if (ignoreMissing) {
    tokens.take();
    tokens.take();
  }
  return {
    kind: 'include',
    template,
    ignoreMissing,
    withContext: parseContext(tokens, true),
    ...tokens.since(start),
  };
}

/** The rest of the tag, from behind its name. */
export function parseImport(tokens: TokenStream, start: number): Statement {
  const template = parseExpr(tokens);
  tokens.expectKeyword('as', 'and a name for the template');
  const { text: name } = tokens.expectName('a name for the template');
  return { kind: 'import', template, name, withContext: parseContext(tokens, false), ...tokens.since(start) };
}

/** The rest of the tag, from behind its name. */
export function parseFrom(tokens: TokenStream, start: number): Statement {
  const template = parseExpr(tokens);
  tokens.expectKeyword('import', 'and the names of macros');
  const names: { name: string; as: string }[] = [];
  let withContext: boolean | undefined;
  while (tokens.current.type === 'name' && withContext === undefined) {
    if (tokens.isName('with', 'without') && tokens.following.text === 'context') {
      withContext = parseContext(tokens, false);
      break;
    }
    const { text: name } = tokens.take();
    const as = tokens.skipName('as') ? tokens.expectName('a name').text : name;
    names.push({ name, as });
    if (tokens.isName('with', 'without')) continue;
    if (!tokens.skipOperator(',')) break;
  }
  if (names.length === 0) throw tokens.unexpected('the name of a macro');
  return { kind: 'from', template, names, withContext: withContext ?? false, ...tokens.since(start) };
}
