import { command, defineSource, parseAccounts, parseSections, sh } from '../../engine/kit/index.ts';

/** A user or group by its name. */
export type AccountKey = `user:${string}` | `group:${string}`;

/** The number of a user or group; undefined if there is none of that name. One `getent` each; without it, /etc/passwd and /etc/group. */
export const accounts = defineSource<number | undefined>({
  name: 'accounts',
  command: keys => {
    const named = (kind: 'user' | 'group') =>
      keys.filter(key => key.startsWith(`${kind}:`)).map(key => key.slice(kind.length + 1));
    return command(
      sh`
ask() {
database=$1
shift
echo "@@ $database"
[ $# = 0 ] || getent "$database" "$@" 2>/dev/null || [ $? = 2 ] || cat "/etc/$database"
}
ask passwd ${named('user')}
ask group ${named('group')}`,
      { shown: `getent ${keys.join(' ')}` },
    );
  },
  parse: (output, keys) => {
    const sections = parseSections(output.stdout.toString());
    const linesOf = (name: string) => sections.find(section => section.name === name)?.lines ?? [];
    const users = parseAccounts(linesOf('passwd'));
    const groups = parseAccounts(linesOf('group'));
    return new Map(
      keys.map(key => [key, key.startsWith('user:') ? users.get(key.slice(5)) : groups.get(key.slice(6))]),
    );
  },
});
