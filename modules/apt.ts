import {
  ask,
  defineModule,
  type Infer,
  map,
  type Planned,
  Refusal,
  type Resource,
  type Step,
  streams,
} from '../engine/kit/index.ts';
import { type AptAnswer, type AptRequest, apt, aptKey, plainName, rowOf, word } from './sources/apt.ts';
import { aptGet, finishInterrupted, refreshLists } from './sources/apt-get.ts';
import { listed, obstacle, tooMuch } from './sources/apt-obstacle.ts';
import { found, type PackageFields, packageFields, type Wish, wishOf } from './sources/apt-wish.ts';

const args = {
  type: 'object',
  properties: {
    name: {
      type: 'array',
      items: {
        type: 'string',
        // No name ends in “-”: apt-get would take it for a removal.
        pattern: '^[A-Za-z0-9][A-Za-z0-9+.-]*(?<!-)(:[a-z0-9-]+)?(=[A-Za-z0-9.+:~*?-]+)?$',
      },
      commas: true,
      aliases: ['pkg', 'package'],
      description: 'Packages: `curl`, `curl=7.88.1-10`, `curl=7.*`, `libc6:i386`; all go to apt in one call.',
    },
    state: {
      type: 'string',
      enum: ['present', 'latest', 'absent'],
      default: 'present',
      description:
        '`present`: installed, in any version unless one is named; `latest`: in the newest one that apt knows; `absent`: removed.',
    },
    purge: { type: 'boolean', default: false, description: 'With `absent`: configuration files go, too.' },
    update_cache: {
      type: 'boolean',
      default: false,
      aliases: ['update-cache'],
      description:
        'The package lists are fetched first, where apt is needed at all and they are older than `cache_valid_time`. Missing ones always are.',
    },
    cache_valid_time: {
      type: 'integer',
      minimum: 0,
      aliases: ['cache-valid-time'],
      description:
        'Seconds for which the package lists are good enough; means `update_cache`, too. 0 by default.',
    },
    install_recommends: {
      type: 'boolean',
      aliases: ['install-recommends'],
      description: 'Whether recommended packages come along; as the host is configured by default.',
    },
    default_release: {
      type: 'string',
      aliases: ['default-release'],
      description: 'From which release, e.g. `bookworm-backports`.',
    },
    only_upgrade: { type: 'boolean', default: false, description: 'What is not installed is left so.' },
    allow_downgrade: {
      type: 'boolean',
      default: false,
      aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
      description: 'A named version may be older than that installed.',
    },
    allow_change_held_packages: {
      type: 'boolean',
      default: false,
      description: 'Packages on hold may be changed.',
    },
    allow_removals: {
      type: 'boolean',
      default: false,
      description: 'Packages that are not named may be removed, where apt says they must be.',
    },
    dpkg_options: {
      type: 'array',
      items: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
      commas: true,
      description:
        'Options of dpkg’s; `force-confdef,force-confold` by default: changed configuration files are kept.',
    },
    lock_timeout: {
      type: 'integer',
      default: 60,
      minimum: 0,
      description: 'Seconds to wait for another process that uses apt or dpkg.',
    },
  },
} as const;
type Args = Infer<typeof args>;

interface State extends PackageFields {
  readonly 'package-lists': 'fresh' | 'old' | 'missing';
  /** None where the host has no apt. */
  readonly answer?: AptAnswer;
}

/** The package manager of Debian and its kin. */
export default defineModule({
  name: 'apt',
  aliases: ['ansible.builtin.apt'],
  summary: 'Debian packages are installed, in a version, up to date, or not there.',
  notes: `
- Nothing is asked twice: one \`dpkg-query\` answers for all \`apt\` tasks of a host, and apt itself, which takes half a second, is only asked
  for what is missing.
- Package lists are a means, not an end: where all that is named is installed, nothing is fetched, however old the lists are (Ansible
  fetches them). Missing lists are fetched without being asked to. A task without \`name\` is about the lists themselves.
- What apt would bring along is shown as a note. If it had to *remove* something that is not named, the task refuses before anything is
  changed, and names it; \`allow_removals\` permits it.
- Name packages that belong together in one task: it is quicker, and on a host without package lists a check cannot tell what one task's
  packages bring along, so that later \`apt\` tasks are \`unknown\` to it.
- \`latest\` with lists older than \`cache_valid_time\` is \`unknown\` in a check: nobody knows before they are fetched.
- A virtual package (\`mail-transport-agent\`) is present where an installed one provides it.
- apt never asks: stdin is empty, dialogs are off, changed configuration files are kept, no service is restarted by needrestart.`,
  args,
  examples: [
    {
      title: 'RabbitMQ, with package lists that are at most an hour old',
      yaml: `
- name: RabbitMQ is installed
  apt:
    name: rabbitmq-server
    cache_valid_time: 3600
`,
    },
    {
      title: 'Several in one call, one of them in a version',
      yaml: `
- name: Tools are there
  apt:
    name: [curl, jq, nginx=1.22.*]
    install_recommends: false
`,
    },
    {
      title: 'Gone, with its configuration files',
      yaml: `
- name: No telnet
  apt:
    name: telnetd
    state: absent
    purge: true
`,
    },
  ],
  mistake(args) {
    const versioned = args.name?.find(name => name.includes('='));
    if (args.name === undefined && !refreshes(args))
      return 'names no package, and does not ask for fresh package lists either: give `name` or `update_cache`';
    if (args.name === undefined && args.state === 'absent') return 'names no package to remove: give `name`';
    if (versioned !== undefined && args.state !== 'present')
      return `“${versioned}” names a version, which does not go with \`state: ${args.state}\``;
    if (args.purge && args.state !== 'absent') return '`purge` goes with `state: absent` only';
    return undefined;
  },
  probe: args => map(ask(apt, aptKey(requestOf(args))), answer => stateOf(args, answer)),
  plan: (args, state) => {
    if (state.answer === undefined)
      throw new Refusal(
        'there is no apt on this host',
        'apt is the package manager of Debian and its kin; keep the task from other hosts by `when`',
      );
    const wishes = wishesOf(args);
    if (wishes.length === 0) return listSteps(args, state);
    const open = wishes.filter(({ field }) => !(args.only_upgrade && state[field] === 'absent'));
    const lacking = open.filter(({ field, becomes }) => state[field] !== becomes);
    if (args.state === 'absent')
      return lacking.length === 0 ? [] : [change(args, lacking, state.answer, false)];
    const isOld = state['package-lists'] !== 'fresh';
    const rest = args.state === 'latest' && isOld ? open.filter(wish => !lacking.includes(wish)) : [];
    return [
      ...(lacking.length === 0 ? [] : [change(args, lacking, state.answer, isOld)]),
      ...(rest.length === 0 ? [] : [upgradeBlindly(args, rest, lacking.length === 0)]),
    ];
  },
  returns: (args, { answer }, outputs) => ({
    ...streams(outputs.at(-1)),
    versions: Object.fromEntries(
      wishesOf(args).flatMap(({ wanted }) => {
        const row = answer === undefined ? undefined : rowOf(wanted, answer);
        return row?.state === 'installed' ? [[wanted.name, row.version]] : [];
      }),
    ),
  }),
});

function wishesOf(args: Args): readonly Wish[] {
  return (args.name ?? []).map(asked => wishOf(asked, args));
}

function refreshes(args: Args): boolean {
  return args.update_cache || args.cache_valid_time !== undefined;
}

function requestOf(args: Args): AptRequest {
  const dpkgOptions = args.dpkg_options ?? ['force-confdef', 'force-confold'];
  const verbs = { present: 'install', latest: 'upgrade', absent: args.purge ? 'purge' : 'remove' } as const;
  return {
    verb: verbs[args.state],
    packages: wishesOf(args).map(({ wanted }) => wanted),
    options: [
      ...['-o', 'Dpkg::Use-Pty=0'],
      ...dpkgOptions.flatMap(option => ['-o', `Dpkg::Options::=--${option}`]),
      ...(args.install_recommends === undefined
        ? []
        : [args.install_recommends ? '--install-recommends' : '--no-install-recommends']),
      ...(args.allow_downgrade ? ['--allow-downgrades'] : []),
      ...(args.allow_change_held_packages ? ['--allow-change-held-packages'] : []),
      ...(args.only_upgrade ? ['--only-upgrade'] : []),
      ...(args.default_release === undefined ? [] : ['-t', args.default_release]),
    ],
  };
}

function stateOf(args: Args, answer: AptAnswer | undefined): State {
  if (answer === undefined) return { 'package-lists': 'missing' };
  const { listsAge } = answer;
  const old = refreshes(args) && listsAge !== undefined && listsAge >= (args.cache_valid_time ?? 0);
  return {
    ...packageFields(wishesOf(args), wish => found(wish, args, answer)),
    'package-lists': listsAge === undefined ? 'missing' : old ? 'old' : 'fresh',
    answer,
  };
}

/** Stands for the packages that an installation brings along, where apt cannot tell them before. */
const ANY_PACKAGE: Resource = 'package:*';
/** The package lists; no package has such a name. */
const LISTS: Resource = 'package:(lists)';

const resource = (name: string): Resource => `package:${plainName(name)}`;

/** A task without packages: the lists themselves are wanted. */
function listSteps(args: Args, state: State): readonly Planned<State>[] {
  if (state['package-lists'] === 'fresh') return [];
  const always = (args.cache_valid_time ?? 0) === 0;
  return [
    {
      title: 'fetch the package lists',
      run: [refreshLists(args.lock_timeout)],
      becomes: always ? {} : { 'package-lists': 'fresh' },
      settles: [LISTS],
      ...(always && { repeats: true }),
    },
  ];
}

/** Installs or removes what is not as it is wanted, in one call. */
function change(args: Args, wishes: readonly Wish[], answer: AptAnswer, fetches: boolean): Step<State> {
  const request = { ...requestOf(args), packages: wishes.map(({ wanted }) => wanted) };
  const names = request.packages.map(({ name }) => name);
  const verb = request.verb === 'upgrade' ? 'install the latest' : request.verb;
  const does = `${verb} ${request.packages.map(word).join(', ')}`;
  // What apt says is old news where the lists are old, or where dpkg must be put right first.
  const simulation = fetches || answer.interrupted.length > 0 ? undefined : answer.simulation;
  const awaits = simulation === undefined ? undefined : obstacle(does, simulation);
  const installed = simulation?.installs.filter(({ name }) => !names.includes(name)) ?? [];
  const removed = simulation?.removes.filter(({ name }) => !names.includes(name)) ?? [];
  if (removed.length > 0 && !args.allow_removals) throw tooMuch(does, removed);
  return {
    title: does,
    run: [
      ...(answer.interrupted.length > 0 ? [finishInterrupted(args.lock_timeout)] : []),
      ...(fetches ? [refreshLists(args.lock_timeout)] : []),
      aptGet(request, args),
    ],
    becomes: packageFields(wishes, ({ becomes }) => becomes),
    settles: [
      ...[...names, ...[...installed, ...removed].map(({ name }) => name)].map(resource),
      ...(simulation === undefined ? [ANY_PACKAGE] : []),
    ],
    hinges: [...names.map(resource), ANY_PACKAGE],
    ...(awaits !== undefined && { awaits }),
    ...(installed.length > 0 && { notes: [`apt also installs ${listed(installed)}`] }),
  };
}

/** Whether there are newer versions is known once the lists are fetched, not before. */
function upgradeBlindly(args: Args, wishes: readonly Wish[], fetches: boolean): Step<State> {
  const request = { ...requestOf(args), packages: wishes.map(({ wanted }) => wanted) };
  const names = request.packages.map(({ name }) => name);
  return {
    title: `upgrade ${names.join(', ')}, if there are newer versions`,
    run: [...(fetches ? [refreshLists(args.lock_timeout)] : []), aptGet(request, args)],
    becomes: {},
    settles: [...names.map(resource), ANY_PACKAGE],
    opaque: true,
    repeats: true,
  };
}
