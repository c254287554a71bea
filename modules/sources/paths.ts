import {
  command,
  defineSource,
  join,
  ProbeError,
  parseSections,
  quote,
  type ShellText,
  sh,
  verbatim,
} from '../../engine/kit/index.ts';

/**
 * Whether there is anything at a path, a dangling link included. Keys are paths, in which `*`, `?` and `[…]` stand for what they do in a
 * shell, and `~/` for the home directory. The far shell answers by itself, without a process.
 */
export const paths = defineSource<boolean>({
  name: 'paths',
  command: keys =>
    command(
      join([
        sh`
look() {
number=$1
shift
for path; do
if [ -e "$path" ] || [ -L "$path" ]; then echo "@@ there $number"; return; fi
done
while path=\${path%/*}; [ -n "$path" ] && [ ! -d "$path" ]; do case $path in */*) ;; *) return ;; esac; done
[ -z "$path" ] || [ -x "$path" ] || echo "@@ denied $number $path"
}`,
        ...keys.map((key, index) => sh`look ${index} ${globWord(key)}`),
      ]),
      { shown: `look for ${keys.join(', ')}` },
    ),
  parse: (output, keys) => {
    const sections = parseSections(output.stdout.toString());
    const denied = sections.find(section => section.name === 'denied');
    if (denied !== undefined)
      throw new ProbeError(`permission denied: ${denied.words.slice(1).join(' ')} cannot be searched`, {
        hint: 'say `become: true`',
      });
    const there = new Set(sections.map(section => section.words[0]));
    return new Map(keys.map((key, index) => [key, there.has(String(index))]));
  },
});

const SPECIAL = /(\*|\?|\[[!^]?[A-Za-z0-9_.-]+\])/;

/** A pattern as a shell word: what is special is left bare, all else is quoted. */
function globWord(pattern: string): ShellText {
  const home = pattern.startsWith('~/');
  const pieces = (home ? pattern.slice(2) : pattern)
    .split(SPECIAL)
    .map((piece, index) => (index % 2 === 1 || piece === '' ? piece : quote(piece)));
  return verbatim(`${home ? '~/' : ''}${pieces.join('')}`);
}
