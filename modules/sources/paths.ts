import {
  command,
  defineSource,
  join,
  parseSections,
  quote,
  type ShellText,
  sh,
  verbatim,
} from '../../engine/kit/index.ts';
import { BLOCKED } from './search.ts';

/** Whether there is anything at a path; `denied` where that may not be known. */
export type Presence = 'there' | 'not there' | 'denied';

/**
 * Whether there is anything at a path, a dangling link included. Keys are paths, in which `*`, `?` and `[…]` stand for what they do in a
 * shell, and `~/` for the home directory. The far shell answers by itself, without a process.
 */
export const paths = defineSource<Presence>({
  name: 'paths',
  command: keys =>
    command(
      join([
        BLOCKED,
        sh`
look() {
number=$1
shift
for path; do
if [ -e "$path" ] || [ -L "$path" ]; then echo "@@ there $number"; return; fi
done
! blocked "$path" || echo "@@ denied $number"
}`,
        ...keys.map((key, index) => sh`look ${index} ${globWord(key)}`),
      ]),
      { shown: `look for ${keys.join(', ')}` },
    ),
  parse: (output, keys) => {
    const sections = parseSections(output.stdout.toString());
    const numbers = (name: string) =>
      new Set(sections.filter(section => section.name === name).map(({ words }) => words[0]));
    const there = numbers('there');
    const denied = numbers('denied');
    return new Map(
      keys.map((key, index) => [
        key,
        there.has(`${index}`) ? 'there' : denied.has(`${index}`) ? 'denied' : 'not there',
      ]),
    );
  },
});

const SPECIAL = /(\*|\?|\[[!^]?[A-Za-z0-9_.-]+\])/;

/** A pattern as a shell word: what is special is left bare, all else is quoted. */
function globWord(pattern: string): ShellText {
  const isAtHome = pattern.startsWith('~/');
  const pieces = (isAtHome ? pattern.slice(2) : pattern)
    .split(SPECIAL)
    .map((piece, index) => (index % 2 === 1 || piece === '' ? piece : quote(piece)));
  return verbatim(`${isAtHome ? '~/' : ''}${pieces.join('')}`);
}
