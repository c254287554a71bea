import type { ArgumentList, Expr } from './ast.ts';
import { syntaxError } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** `(a, b=1, *rest, **more)`, from its opening parenthesis; `parse` reads one argument. */
export function parseArgumentList(tokens: TokenStream, parse: (tokens: TokenStream) => Expr): ArgumentList {
  tokens.expectOperator('(', 'before the arguments');
  const positional: Expr[] = [];
  const named: { name: string; value: Expr }[] = [];
  let rest: Expr | undefined;
  let more: Expr | undefined;
  for (let first = true; !tokens.isOperator(')'); first = false) {
    if (!first) tokens.expectOperator(',', 'or “)”');
    if (!first && tokens.isOperator(')')) break;
    const { current } = tokens;
    if (tokens.skipOperator('*') && rest === undefined && more === undefined) rest = parse(tokens);
    else if (tokens.skipOperator('**') && more === undefined) more = parse(tokens);
    else if (isNamed(tokens) && more === undefined) named.push(parseNamed(tokens, parse));
    else if (named.length === 0 && rest === undefined && more === undefined) positional.push(parse(tokens));
    else throw syntaxError('an argument without a name cannot follow one with a name', current);
  }
  tokens.take();
  return { positional, named, ...(rest && { rest }), ...(more && { more }) };
}

function isNamed(tokens: TokenStream): boolean {
  return (
    tokens.current.type === 'name' && tokens.following.type === 'operator' && tokens.following.text === '='
  );
}

function parseNamed(
  tokens: TokenStream,
  parse: (tokens: TokenStream) => Expr,
): { name: string; value: Expr } {
  const name = tokens.take().text;
  tokens.take();
  return { name, value: parse(tokens) };
}
