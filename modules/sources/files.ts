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
    const stats = numbered(sections, 'stat', /./, why);
    // GNU's begins with a backslash where a name is escaped; busybox's has such names as they are, line ends and all.
    const sums = numbered(sections, 'sha256', /^\\?[0-9a-f]{64} /, why);
    const lone = new Map(sections.map(({ name, words }) => [words[0], name]));
    return new Map(
      keys.map((key, index) => [
        key,
        factsOf(lone.get(`${index}`), stats.get(`${index}`), sums.get(`${index}`)),
      ]),
    );
  },
});

/** The lines of a section by the numbers in its head. A file that vanishes in between leaves too few. */
function numbered(
  sections: readonly Section[],
  name: string,
  form: RegExp,
  why: string,
): ReadonlyMap<string, string> {
  const section = sections.find(candidate => candidate.name === name);
  const lines = section?.lines.filter(line => form.test(line)) ?? [];
  if (section === undefined || section.words.length !== lines.length)
    throw new ProbeError(`${name} did not answer for every file: ${why.trim()}`);
  return new Map(section.words.map((number, index) => [number, lines[index] ?? '']));
}

function factsOf(lone: string | undefined, stat: string | undefined, sum: string | undefined): FileFacts {
  if (stat === undefined) return { type: lone === 'dangling' || lone === 'denied' ? lone : 'absent' };
  const sha256 = sum?.replace('\\', '').slice(0, 64);
  return { ...parseStat(stat), ...(sha256 !== undefined && { sha256 }) };
}
