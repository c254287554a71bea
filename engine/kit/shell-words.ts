/**
 * The words of a command line, split as a shell would and as Ansible does (Python's `shlex.split`): by white space, with quotes and
 * backslashes, and nothing else: no variables, no `|`, no `>`. Undefined where a quote is left open.
 */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let rest = text;
  while (rest !== '') {
    const match = PIECE.exec(rest);
    if (match === null) return undefined;
    const [whole, space, single, double, escaped, plain] = match;
    rest = rest.slice(whole.length);
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + (single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain ?? '');
  }
  return word === undefined ? words : [...words, word];
}

/** White space; '…'; "…"; a character behind a backslash; anything else. */
const PIECE = /^(?:([ \t\r\n]+)|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^ \t\r\n'"\\]+))/;
