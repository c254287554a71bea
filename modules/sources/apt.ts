import {
  type AptSimulation,
  type Command,
  command,
  DPKG_FORMAT,
  type DpkgRow,
  defineSource,
  join,
  ProbeError,
  parseAptSimulation,
  parseDpkgLine,
  parseSections,
  type Section,
  type ShellText,
  sh,
} from '../../engine/kit/index.ts';

/** One package as a task names it. */
export interface Wanted {
  /** With its architecture, where one is named: `libc6:i386`. */
  readonly name: string;
  /** Exact, or with `*` and `?` as in the shell. */
  readonly version?: string;
}

/** What one task wants of apt. What is simulated by the source is what the module runs. */
export interface AptRequest {
  readonly verb: 'install' | 'upgrade' | 'remove' | 'purge';
  readonly packages: readonly Wanted[];
  /** Options of apt-get's. */
  readonly options: readonly string[];
}

/** What a host says to it. */
export interface AptAnswer {
  /** What dpkg holds of the packages, and of those that provide them. */
  readonly rows: readonly DpkgRow[];
  /** The host's own architecture, e.g. `amd64`. */
  readonly architecture: string;
  /** Seconds since the package lists were refreshed; undefined if there are none. */
  readonly listsAge: number | undefined;
  /** Packages that dpkg was interrupted in, and `dpkg` itself if its journal says so. */
  readonly interrupted: readonly string[];
  /** What apt would do; undefined where there is nothing to do, or no lists to say it from. */
  readonly simulation: AptSimulation | undefined;
}

/** The key under which `apt` is asked. */
export function aptKey(request: AptRequest): string {
  return JSON.stringify(request);
}

/**
 * One dpkg-query for the packages of all tasks. apt itself, which takes half a second, is only asked where that is not
 * enough. Undefined where there is no apt.
 */
export const apt = defineSource<AptAnswer | undefined>({
  name: 'apt',
  command: keys => surveyCommand(keys.map(requestOf)),
  parse: (output, keys) => {
    const sections = parseSections(output.stdout.toString());
    const none = sections.some(section => section.name === 'none');
    return new Map(keys.map((key, index) => [key, none ? undefined : answer(sections, index)]));
  },
});

/** apt-get's words for a package: `curl=7.*`. */
export function word({ name, version }: Wanted): string {
  return version === undefined ? name : `${name}=${version}`;
}

/** dpkg's row of the package itself, of the architecture named, else of the host's own. */
export function rowOf({ name }: Wanted, { rows, architecture }: AptAnswer): DpkgRow | undefined {
  const [plain, named = architecture] = name.split(':');
  return rows.find(row => row.name === plain && (row.architecture === named || row.architecture === 'all'));
}

/** Keys are made by `aptKey` alone. */
const requestOf = (key: string): AptRequest => JSON.parse(key) as AptRequest;

/** Without its architecture. */
export const plainName = (name: string): string => name.replace(/:.*/, '');

/**
 * Of dpkg's database: the packages asked for, those that provide them, dpkg itself (it knows the architecture), and the broken ones. What
 * they provide becomes `,NAME,NAME,`, so that the shell can look for a name in it.
 */
const CHOOSE = `
BEGIN { for (i = 1; i < ARGC; i++) asked[ARGV[i]]; ARGC = 1 }
{ name = $2; sub(/=.*/, "", name)
  chosen = name in asked || name == "dpkg" || $1 ~ /^.[HUF]/
  names = ","
  count = split($4, provided, ", ")
  for (i = 1; i <= count; i++) { sub(/[ :].*/, "", provided[i]); names = names provided[i] ","; if (provided[i] in asked) chosen = 1 }
  if (chosen) print $1 "\\t" $2 "\\t" $3 "\\t" names }`;

/** Of `apt-cache policy`: the packages whose candidate is not the version that is installed. */
const OUTDATED =
  '/^[^ ]/ { name = $1 } $1 == "Installed:" { now = $2 } $1 == "Candidate:" && $2 != now { printf "%s ", name }';

/** A simulation that writes no cache: reading must change nothing, and `apt-get clean` removes both files. */
const READ_ONLY = sh`-o Dir::Cache::pkgcache= $([ -e /var/cache/apt/srcpkgcache.bin ] || echo -o Dir::Cache::srcpkgcache=)`;

function surveyCommand(requests: readonly AptRequest[]): Command {
  const names = [
    ...new Set(requests.flatMap(request => request.packages.map(({ name }) => plainName(name)))),
  ];
  return command(
    join([
      sh`
command -v apt-get >/dev/null || { echo '@@ none'; exit 0; }
nl='
'
tab=$(printf '\t')
rows=$(dpkg-query -W -f ${DPKG_FORMAT} | awk -F '\t' ${CHOOSE} ${names})
echo '@@ packages'
printf '%s\n' "$rows"
set -- /var/lib/dpkg/updates/[0-9]*
[ ! -e "$1" ] || echo '@@ journal'
set -- /var/lib/apt/lists/*_Packages*
lists=
if [ -e "$1" ]; then
lists=$(stat -c %Y /var/lib/apt/lists)
echo "@@ lists $(($(date +%s) - lists))"
fi
has() { case "$nl$rows$nl" in *"$nl"?[iWt]?"$tab$1="$2"$tab"*) ;; *",$1,"*) [ "$2" = '*' ] ;; *) return 1 ;; esac; }
outdated() { case " $newer" in *" $1: "*) ;; *) return 1 ;; esac; }
simulate() {
echo "@@ simulation $1"
shift
apt-get --simulate -q ${READ_ONLY} "$@" 2>&1 || :
}`,
      ...requests.map(simulation),
    ]),
    { shown: 'dpkg-query --show; apt-get --simulate' },
  );
}

/** Asks apt for what it would do, if anything is missing (or there, where it shall not be). */
function simulation(request: AptRequest, index: number): ShellText {
  const { verb, packages } = request;
  if (packages.length === 0) return sh``;
  const removing = verb === 'remove' || verb === 'purge';
  const chosen = packages.map(wanted => {
    const name = plainName(wanted.name);
    const has = sh`has ${name} ${wanted.version ?? '*'}`;
    const lacks = verb === 'upgrade' ? sh`{ ! ${has} || outdated ${wanted.name}; }` : sh`! ${has}`;
    return sh`${removing ? has : lacks} && set -- "$@" ${word(wanted)}`;
  });
  const names = packages.map(({ name }) => name);
  return join([
    ...(verb === 'upgrade' ? [sh`newer=$(apt-cache policy ${READ_ONLY} ${names} | awk ${OUTDATED})`] : []),
    sh`set --`,
    ...chosen,
    sh`[ $# = 0 ] ${removing ? sh`` : sh`|| [ -z "$lists" ]`} || simulate ${index} ${aptWords(request)} "$@"`,
  ]);
}

/** apt-get's arguments before the packages. `Pattern-Only`: or it would take an unknown `foo.1` for a regular expression, and install what matches. */
export function aptWords({ verb, options }: AptRequest): readonly string[] {
  const does = verb === 'upgrade' ? 'install' : verb;
  return ['-y', '-o', 'APT::Cmd::Pattern-Only=true', ...options, does];
}

function answer(sections: readonly Section[], index: number): AptAnswer {
  const find = (name: string): Section | undefined => sections.find(section => section.name === name);
  const rows = find('packages')?.lines.map(parseDpkgLine) ?? [];
  const dpkg = rows.find(row => row.name === 'dpkg');
  if (dpkg === undefined)
    throw new ProbeError('dpkg-query does not name dpkg itself: its database cannot be read');
  const lists = find('lists');
  const simulated = sections.find(({ name, words }) => name === 'simulation' && words[0] === String(index));
  const broken = rows.filter(row => !['installed', 'absent', 'configuration files'].includes(row.state));
  return {
    rows,
    architecture: dpkg.architecture,
    listsAge: lists === undefined ? undefined : Number(lists.words[0]),
    interrupted: [...broken.map(row => row.name), ...(find('journal') === undefined ? [] : ['dpkg'])],
    simulation: simulated === undefined ? undefined : parseAptSimulation(simulated.lines),
  };
}
