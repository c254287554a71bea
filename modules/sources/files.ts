import {
  command,
  defineSource,
  join,
  ProbeError,
  parseSections,
  parseStat,
  type Section,
  STAT_FORMAT,
  type Stat,
  sh,
} from '../../engine/kit/index.ts';
import { BLOCKED } from './search.ts';

/** What is at a path, symbolic links followed. `denied` where that may not be known. */
export type FileFacts =
  | { readonly type: 'absent' | 'denied' }
  /** A link to nothing. */
  | { readonly type: 'dangling' }
  | (Stat & { readonly sha256?: string });

/** One `stat` and one `sha256sum` for the files of all tasks; `sha256` (hex) is there for regular files that can be read. */
export const files = defineSource<FileFacts>({
  name: 'files',
  command: keys =>
    command(
      join([
        BLOCKED,
        sh`
number=-1 numbers=
set --
for path in ${keys}; do
number=$((number + 1))
if [ -e "$path" ]; then numbers="$numbers $number"; set -- "$@" "$path"
elif [ -L "$path" ]; then echo "@@ dangling $number"
elif blocked "$path"; then echo "@@ denied $number"
fi
done
echo "@@ stat$numbers"
[ $# = 0 ] || stat -L -c ${STAT_FORMAT} -- "$@"
number=-1 numbers=
set --
for path in ${keys}; do
number=$((number + 1))
if [ -f "$path" ] && [ -r "$path" ]; then numbers="$numbers $number"; set -- "$@" "$path"; fi
done
echo "@@ sha256$numbers"
[ $# = 0 ] || sha256sum -- "$@"`,
      ]),
      { exitCodes: 'any', shown: `stat ${keys.join(' ')}; sha256sum` },
    ),
  parse: (output, keys) => {
    const sections = parseSections(output.stdout.toString());
    const why = output.stderr.toString();
    const stats = numbered(sections, 'stat', why);
    const sums = numbered(sections, 'sha256', why);
    const lone = new Map(sections.map(({ name, words }) => [words[0], name]));
    return new Map(
      keys.map((key, index) => [
        key,
        factsOf(lone.get(`${index}`), stats.get(`${index}`), sums.get(`${index}`)),
      ]),
    );
  },
});

/** The lines of a section by the numbers in its head. A file that vanishes in between would leave too few. */
function numbered(sections: readonly Section[], name: string, why: string): ReadonlyMap<string, string> {
  const section = sections.find(candidate => candidate.name === name);
  if (section === undefined || section.words.length !== section.lines.length)
    throw new ProbeError(`${name} did not answer for every file: ${why.trim()}`);
  return new Map(section.words.map((number, index) => [number, section.lines[index] ?? '']));
}

function factsOf(lone: string | undefined, stat: string | undefined, sum: string | undefined): FileFacts {
  if (stat === undefined) return { type: lone === 'dangling' || lone === 'denied' ? lone : 'absent' };
  // GNU's begins with a backslash where the name is escaped.
  const sha256 = sum === undefined ? undefined : /^\\?([0-9a-f]{64}) /.exec(sum)?.[1];
  if (sum !== undefined && sha256 === undefined)
    throw new ProbeError(`not a line of sha256sum's: ${JSON.stringify(sum)}`);
  return { ...parseStat(stat), ...(sha256 !== undefined && { sha256 }) };
}
