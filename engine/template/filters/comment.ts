import { valueError } from '../error.ts';

const STYLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

/** Ansible's `comment`: every line behind the decoration of a style, between a beginning and an end. */
export function comment(text: string, style: string, own: ReadonlyMap<string, string>): string {
  const preset = STYLES[style];
  if (preset === undefined)
    throw valueError(
      `there is no style “${style}” of comments`,
      `the styles are ${Object.keys(STYLES).join(', ')}`,
    );
  const part = (name: string, otherwise = ''): string => own.get(name) ?? preset[name] ?? otherwise;
  const newline = part('newline', '\n');
  const decoration = part('decoration');
  const bare = decoration.trimEnd();
  const prefix = part('prefix', bare);
  const lines = `${decoration}${text.replaceAll(newline, newline + decoration)}`.replaceAll(
    decoration + newline,
    bare + newline,
  );
  return [
    part('beginning') === '' ? '' : part('beginning') + newline,
    (prefix === '' ? '' : prefix === newline ? newline : prefix + newline).repeat(
      count(part('prefix_count', '1')),
    ),
    lines,
    (newline + part('postfix', bare)).repeat(count(part('postfix_count', '1'))),
    part('end') === '' ? '' : newline + part('end'),
  ].join('');
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 1000)
    throw valueError('the count of a prefix or postfix must be a small number');
  return number;
}
