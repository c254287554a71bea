import { all, ask, attempt, defineModule, each, type Infer, map, on, Refusal } from '../engine/kit/index.ts';
import { names as namesSource, type Resolved } from './sources/names.ts';

const args = {
  type: 'object',
  properties: {
    names: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: 'The names that must resolve; the names of `hosts` by default.',
    },
    hosts: {
      type: 'array',
      items: { type: 'string', format: 'host' },
      minItems: 1,
      description:
        'On which hosts they must, by their names in the inventory. Hosts out of reach are passed over.',
    },
  },
  required: ['hosts'],
} as const;
type Args = Infer<typeof args>;

/** How one host resolves the names. */
interface View {
  readonly host: string;
  readonly resolved: ReadonlyMap<string, Resolved>;
}

/** Checks that names mean the same on all hosts. */
export default defineModule({
  name: 'resolved-names',
  summary: 'Names resolve to the same addresses on all hosts; changes nothing.',
  notes: `
Reads only, so it does the same in a check. It fails if a name does not resolve somewhere, means other addresses on another host, or if a
host takes its own name for 127.x (as Debian's installer writes it to /etc/hosts): what listens on that address is not found by others.`,
  args,
  examples: [
    {
      title: 'All hosts of a cluster know each other',
      yaml: `- name: Names resolve alike on all hosts
  resolved-names:
    hosts: "{{ groups['rabbitmq'] }}"
  run_once: true`,
    },
    {
      title: 'Other names than those of the inventory',
      yaml: `- resolved-names:
    names: [db.example.org, cache.example.org]
    hosts: "{{ ansible_play_hosts_all }}"
  run_once: true`,
    },
  ],
  probe: ({ hosts, names }, { host: self }) =>
    all({
      views: each(hosts, host => {
        const question = each(names ?? hosts, name =>
          map(ask(namesSource, name), found => [name, found] as const),
        );
        const there = host === self ? attempt(question) : attempt(on(host, question));
        return map(there, found => (found.ok ? [{ host, resolved: new Map(found.value) }] : []));
      }),
    }),
  plan: (given: Args, { views }) => {
    const seen: readonly View[] = views.flat();
    const wrong = (given.names ?? given.hosts).flatMap(name => complaint(name, seen) ?? []);
    if (wrong.length === 0) return [];
    throw new Refusal(
      wrong.join('; '),
      'give the names one meaning everywhere, by DNS or by the same lines in /etc/hosts on each host',
    );
  },
});

/** What is wrong with a name; undefined if nothing is. */
function complaint(name: string, views: readonly View[]): string | undefined {
  const lost = views.filter(({ resolved }) => (resolved.get(name)?.addresses.length ?? 0) === 0);
  if (lost.length > 0) return `“${name}” does not resolve on ${lost.map(view => view.host).join(', ')}`;
  const vain = views.find(({ resolved }) => {
    const found = resolved.get(name);
    return found?.own === true && found.addresses.some(address => /^(127\.|::1$)/.test(address));
  });
  if (vain !== undefined)
    return `${vain.host} takes its own name “${name}” for ${vain.resolved.get(name)?.addresses.join(', ')}, where others do not find it`;
  const meanings = new Map<string, string[]>();
  for (const { host, resolved } of views) {
    const addresses = (resolved.get(name)?.addresses ?? []).join(', ');
    meanings.set(addresses, [...(meanings.get(addresses) ?? []), host]);
  }
  if (meanings.size < 2) return undefined;
  const told = Array.from(meanings, ([addresses, hosts]) => `${addresses} on ${hosts.join(', ')}`);
  return `“${name}” means ${told.join(', but ')}`;
}
