/** Texts that YAML 1.1 would read as something else than a text. */
const RESOLVED =
  /^(?:~|null|Null|NULL||yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|<<|=|[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|\d{4}-\d{2}-\d{2}|\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::\d{2})?))?)$/;

/** Where a text of more than one line may go on. */
interface TextPlace {
  readonly indent: number;
  readonly column: number;
  readonly width: number;
}

/** A text as PyYAML writes it: plain where that reads back as the same text, else in quotes; on one line where no place is given. */
export function yamlText(text: string, place: TextPlace | undefined): string {
  if (/[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]|[^\0-\uffff]/u.test(text) || /[ ]\n|\n[ ]/.test(text))
    return doubleQuoted(text);
  if (isPlain(text, place === undefined)) return folded(text, place);
  return `'${folded(text.replaceAll("'", "''"), place && { ...place, column: place.column + 1 })}'`;
}

function isPlain(text: string, inFlow: boolean): boolean {
  if (RESOLVED.test(text) || /^\s|\s$|\n/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:](?:\s|$)/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text)) return false;
  return !inFlow || !/[,?[\]{}]|:/.test(text);
}

/** Breaks a long text at its spaces, and shows each of its line breaks as an empty line. */
function folded(text: string, place: TextPlace | undefined): string {
  const margin = ' '.repeat(place?.indent ?? 0);
  return text
    .split(/(\n+)/)
    .map((part, index) =>
      index % 2 === 1
        ? `\n${part}${margin}`
        : foldLine(part, index === 0 ? place?.column : place?.indent, place),
    )
    .join('');
}

function foldLine(line: string, start: number | undefined, place: TextPlace | undefined): string {
  if (place === undefined || start === undefined || start + line.length <= place.width) return line;
  let column = start;
  return line.replace(/(\S+)( ?)(?=(\S)?)/g, (_, word: string, space: string, next: string | undefined) => {
    column += word.length;
    if (space === '' || next === undefined) return word + space;
    if (column <= place.width) {
      column++;
      return word + space;
    }
    column = place.indent;
    return `${word}\n${' '.repeat(place.indent)}`;
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
  const escaped = text.replace(/["\\\x00-\x1f\x7f\x85\xa0\u2028\u2029\ufeff]|[^\0-\uffff]/gu, character => {
    const named = ESCAPES[character];
    const code = character.codePointAt(0) ?? 0;
    const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
    return `\\${named ?? letter + code.toString(16).toUpperCase().padStart(Number(width), '0')}`;
  });
  return `"${escaped}"`;
}
