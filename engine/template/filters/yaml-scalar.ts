/** Texts that YAML 1.1 would read as something else than a text. */
const RESOLVED =
  /^(?:~|null|Null|NULL||yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|<<|=|[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|\d{4}-\d{2}-\d{2}|\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::\d{2})?))?)$/;

interface TextPlace {
  readonly indent: number;
  readonly width: number;
  readonly inFlow: boolean;
}

/** A text as PyYAML writes it: plain where that reads back as the same text, else in quotes. */
export function yamlText(text: string, place: TextPlace): string {
  if (/[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]|\t/.test(text) || /[ ]\n|\n[ ]/.test(text))
    return doubleQuoted(text);
  if (isPlain(text, place.inFlow)) return folded(text, place, '');
  return `'${folded(text.replaceAll("'", "''"), place, '\n').replace(/\n(?! )/g, '\n')}'`;
}

function isPlain(text: string, inFlow: boolean): boolean {
  if (RESOLVED.test(text) || /^\s|\s$|\n/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:](?:\s|$)/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text)) return false;
  return !inFlow || !/[,?[\]{}]|:/.test(text);
}

/** Breaks a long text at its spaces, and shows each of its line breaks as an empty line. */
function folded(text: string, { indent, width, inFlow }: TextPlace, lineBreak: string): string {
  const margin = `\n${' '.repeat(Math.max(indent, 0))}`;
  const withBreaks =
    lineBreak === ''
      ? text
      : text.replace(
          /\n+/g,
          breaks => `\n${breaks.slice(1)}${margin.length > 0 ? `\n${margin.slice(1)}` : ''}`,
        );
  if (inFlow || withBreaks.length + indent <= width) return withBreaks;
  return withBreaks
    .split('\n')
    .map(line => foldLine(line, indent, width, margin))
    .join('\n');
}

function foldLine(line: string, indent: number, width: number, margin: string): string {
  let column = indent;
  return line.replace(/(\S+)( ?)(?=(\S)?)/g, (_, word: string, space: string, next: string | undefined) => {
    column += word.length;
    if (space === '' || next === undefined) return word + space;
    if (column <= width) {
      column++;
      return word + space;
    }
    column = indent;
    return word + margin;
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function doubleQuoted(text: string): string {
  const escaped = text.replace(/["\\\x00-\x1f\x7f\x85\xa0\u2028\u2029\ufeff]/g, character => {
    const named = ESCAPES[character];
    const code = character.charCodeAt(0);
    return `\\${named ?? (code <= 0xff ? `x${code.toString(16).toUpperCase().padStart(2, '0')}` : `u${code.toString(16).toUpperCase().padStart(4, '0')}`)}`;
  });
  return `"${escaped}"`;
}
