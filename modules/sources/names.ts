import { command, defineSource, parseSections, sh } from '../../engine/kit/index.ts';

/** What a host makes of a name. */
export interface Resolved {
  /** Its addresses, sorted; empty where the name does not resolve. Link-local ones are left out: they mean something else on each host. */
  readonly addresses: readonly string[];
  /** Whether the host itself bears the name. */
  readonly own: boolean;
}

/** How a host resolves names, by whatever it is configured to use (getent(1), nsswitch.conf). The key is a name. */
export const names = defineSource<Resolved>({
  name: 'names',
  command: keys =>
    command(sh`own=$(uname -n)
for name in ${keys}; do
  printf '@@ name %s %s\n' "$name" "$([ "\${own%%.*}" = "\${name%%.*}" ] && echo own)"
  timeout 10 getent ahosts "$name"
done
exit 0`),
  parse: output =>
    new Map(
      parseSections(output.stdout.toString()).map(({ words: [name = '', own], lines }) => {
        const addresses = lines
          .map(line => line.split(/\s+/)[0] ?? '')
          .filter(address => !/^fe80:/i.test(address));
        return [name, { addresses: [...new Set(addresses)].sort(), own: own === 'own' }];
      }),
    ),
});
