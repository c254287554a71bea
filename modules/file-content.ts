import { dirname } from 'node:path/posix';
import {
  all,
  ask,
  type Command,
  type Content,
  command,
  constant,
  defineModule,
  type Infer,
  join,
  map,
  on,
  type Planned,
  type Probe,
  ProbeError,
  Refusal,
  type RemoteFile,
  Secret,
  type Step,
  sh,
  type Target,
} from '../engine/kit/index.ts';
import { accounts } from './sources/accounts.ts';
import { contentFields } from './sources/content.ts';
import { type FileFacts, files } from './sources/files.ts';
import { deniedError } from './sources/search.ts';
import { texts } from './sources/texts.ts';

const args = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      pattern: '^/[^\\n]*[^/\\n]$',
      aliases: ['dest', 'name'],
      description: 'The file, as an absolute path. A symbolic link is followed.',
    },
    content: { type: 'string', secret: true, description: 'What is in it, as text.' },
    src: {
      type: 'string',
      file: 'template',
      description:
        'A template of the controller’s, looked for in `templates/`; what it renders to is in the file.',
    },
    src_raw: {
      type: 'string',
      file: 'bytes',
      description: 'A file of the controller’s, looked for in `files/`, taken as it is, byte for byte.',
    },
    from: {
      type: 'object',
      properties: {
        host: { type: 'string', format: 'host', description: 'A host of the inventory.' },
        path: { type: 'string', description: 'The file there.' },
      },
      required: ['host', 'path'],
      description: 'A file of another host; it passes through the controller’s memory, and is never shown.',
    },
    owner: {
      type: 'string',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?$',
      description: 'Name or number; as it is by default.',
    },
    group: {
      type: 'string',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?$',
      description: 'Name or number; as it is by default.',
    },
    mode: {
      type: 'string',
      format: 'mode',
      description: 'Octal digits, such as `0644`; as it is by default, 0644 for a new file.',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: '`absent`: there is no such file.',
    },
    backup: {
      type: 'boolean',
      default: false,
      description: 'What is replaced or removed is kept beside it, as `FILE.2026-01-31@23:59:59~`.',
    },
  },
  required: ['path'],
} as const;
type Args = Infer<typeof args>;

interface State {
  readonly state: 'present' | 'absent' | 'dangling' | 'directory' | 'other';
  /** As `contentFields` puts it; undefined where there is no file. */
  readonly content: string | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly mode: string | undefined;
  /** What `content` is to be; undefined where nothing is wanted, or its origin on another host is not there. */
  readonly wanted: string | undefined;
  readonly origin: RemoteFile | undefined;
  /** What must be there first, e.g. `the directory /etc/rabbitmq`. */
  readonly lacking: readonly string[];
  readonly facts: FileFacts;
}

/** A file, with its content. */
export default defineModule({
  name: 'file-content',
  summary: 'A file has this content, owner and mode, or is not there.',
  notes: `
- It does what \`copy\` (\`src_raw\`, \`content\`) and \`template\` (\`src\`) do in Ansible, for one file: \`src: rabbitmq.conf.j2\` is rendered.
- The new file is written beside the old one, with its owner and mode, checked, and renamed over it: it is there whole or not at all,
  whatever happens in between.
- Secret content is never shown, nor is a hash of it, from which it could be guessed: a diff only says that it is another.
- A directory in its place is refused, never removed. The directory in which it lies must be there: a check counts on earlier tasks
  (a package) to bring it, a run fails by name.
- One \`stat\` and one \`sha256sum\` answer for the files of all tasks.`,
  args,
  examples: [
    {
      title: 'A configuration file, the old one kept',
      yaml: `
- name: RabbitMQ is configured
  file-content:
    path: /etc/rabbitmq/rabbitmq.conf
    content: |
      cluster_partition_handling = pause_minority
    owner: root
    group: rabbitmq
    mode: '0640'
    backup: true
`,
    },
    {
      title: 'The same on every host, whatever the first one has',
      yaml: `
- name: One key for all
  file-content:
    path: /etc/app/key
    from: { host: "{{ groups['all'][0] }}", path: /etc/app/key }
    mode: '0400'
`,
    },
    {
      title: 'Not there',
      yaml: `
- name: No greeting
  file-content:
    path: /etc/motd
    state: absent
`,
    },
  ],
  mistake(args) {
    const given = (['content', 'src', 'src_raw', 'from'] as const).filter(name => args[name] !== undefined);
    if (args.state === 'absent' && given.length > 0)
      return `\`${given[0]}\` does not go with \`state: absent\``;
    if (args.state === 'present' && given.length !== 1)
      return 'give one of `content`, `src`, `src_raw` and `from`';
    if (args.mode !== undefined && !/^[0-7]{1,4}$/.test(args.mode))
      return `the mode “${args.mode}” is not octal digits such as 0644`;
    return undefined;
  },
  probe: (args, target) => map(probeOf(args, target), found => stateOf(args, target.diff, found)),
  plan: (args, state) => {
    if (state.state === 'directory')
      throw new Refusal(`${args.path} is a directory`, 'name a file in it, or remove it by hand');
    if (state.state === 'other')
      throw new Refusal(
        `${args.path} is neither a file nor a directory`,
        'name a file, or remove it by hand',
      );
    return args.state === 'absent' ? removal(args, state) : writing(args, state);
  },
  returns: (args, { facts, owner, group, mode, state }, outputs) => ({
    ...{ path: args.path, dest: args.path, state: state === 'present' ? 'file' : state },
    ...(state === 'present' && { owner, group, mode }),
    ...('size' in facts && { size: facts.size, uid: facts.uid, gid: facts.gid }),
    ...(args.backup && outputs[0] !== undefined && { backup_file: outputs[0].stdout.toString().trimEnd() }),
  }),
});

type Answered<P> = P extends Probe<infer A> ? A : never;

function probeOf(args: Args, { diff }: Target) {
  const { from, owner, group } = args;
  const isShown = diff && from === undefined && !(contentOf(args) instanceof Secret);
  const isKnown = (kind: 'user' | 'group', name: string | undefined): Probe<boolean> =>
    name === undefined || isNumber(name)
      ? constant(true)
      : map(ask(accounts, `${kind}:${name}`), id => id !== undefined);
  return all({
    facts: ask(files, args.path),
    directory: ask(files, dirname(args.path)),
    origin: from === undefined ? constant(undefined) : on(from.host, ask(files, from.path)),
    text: isShown ? ask(texts, args.path) : constant(undefined),
    hasOwner: isKnown('user', owner),
    hasGroup: isKnown('group', group),
  });
}

/** What is to be in the file, where the task itself says it. */
function contentOf({ content, src, src_raw }: Args): Content | undefined {
  return content ?? src?.content ?? src_raw?.content;
}

const isNumber = (name: string | undefined): boolean => /^\d+$/.test(name ?? '');

function stateOf(args: Args, diff: boolean, found: Answered<ReturnType<typeof probeOf>>): State {
  const { facts, directory, text } = found;
  if (facts.type === 'denied' || (facts.type === 'file' && facts.sha256 === undefined))
    throw deniedError(args.path);
  const stat = 'mode' in facts ? facts : undefined;
  const sha256 = stat?.sha256;
  const origin = originOf(args, found.origin);
  return {
    state: facts.type === 'file' ? 'present' : facts.type,
    ...contentFields({ sha256, text, diff }, origin ?? contentOf(args)),
    owner: isNumber(args.owner) ? stat?.uid.toString() : stat?.owner,
    group: isNumber(args.group) ? stat?.gid.toString() : stat?.group,
    mode: stat?.mode,
    origin,
    lacking: [
      ...(directory.type === 'directory' ? [] : [`the directory ${dirname(args.path)}`]),
      ...(found.hasOwner ? [] : [`the user ${args.owner}`]),
      ...(found.hasGroup ? [] : [`the group ${args.group}`]),
    ],
    facts,
  };
}

function originOf({ from }: Args, facts: FileFacts | undefined): RemoteFile | undefined {
  if (from === undefined || facts === undefined) return undefined;
  if (facts.type === 'denied')
    throw new ProbeError(`permission denied: ${from.path} on ${from.host} cannot be read`, {
      hint: 'say `become: true`',
    });
  return 'sha256' in facts && facts.sha256 !== undefined ? { ...from, sha256: facts.sha256 } : undefined;
}

function removal(args: Args, { state }: State): readonly Step<State>[] {
  if (state === 'absent') return [];
  const run = [
    ...(args.backup && state === 'present' ? [backup(args)] : []),
    command(sh`rm -f -- ${args.path}`),
  ];
  return [{ title: `remove ${args.path}`, run, becomes: { state: 'absent' }, ...about(args) }];
}

function writing(args: Args, state: State): readonly Planned<State>[] {
  const content = args.from === undefined ? contentOf(args) : state.origin;
  if (content === undefined) return [originIsMissing(args)];
  const isThere = state.state === 'present';
  const isRight = isThere && state.content === state.wanted;
  const access = accessOf(args);
  const wrong = ACCESS.filter(field => access[field] !== undefined && access[field] !== state[field]);
  if (isRight && wrong.length === 0) return [];
  const step = {
    becomes: { state: 'present', content: state.wanted, ...access },
    ...about(args),
    ...(state.lacking.length > 0 && { awaits: { what: state.lacking.join(' and '), broughtBy: [] } }),
  } as const;
  if (isRight)
    return [
      { title: `set ${wrong.join(', ')} of ${args.path}`, run: [setAccess(args.path, access)], ...step },
    ];
  const upload = { kind: 'upload', path: args.path, content, ...access } as const;
  return [
    {
      title: `write ${args.path}`,
      run: [...(args.backup && isThere ? [backup(args)] : []), upload],
      ...step,
    },
  ];
}

const ACCESS = ['owner', 'group', 'mode'] as const;
type Access = { readonly [K in (typeof ACCESS)[number]]?: string };

function accessOf({ owner, group, mode }: Args): Access {
  return {
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(mode !== undefined && { mode: mode.padStart(4, '0') }),
  };
}

/** Owner first: changing it may clear bits of the mode. */
function setAccess(path: string, { owner, group, mode }: Access): Command {
  return command(
    join(
      [
        ...(owner === undefined ? [] : [sh`chown -- ${owner} ${path}`]),
        ...(group === undefined ? [] : [sh`chgrp -- ${group} ${path}`]),
        ...(mode === undefined ? [] : [sh`chmod -- ${mode} ${path}`]),
      ],
      ' && ',
    ),
  );
}

/** Prints the name of the copy. */
function backup({ path }: Args): Command {
  return command(
    sh`copy=${path}.$(date +%Y-%m-%d@%H:%M:%S)~; cp -p -- ${path} "$copy" && printf '%s\n' "$copy"`,
  );
}

function about({ path }: Args): Pick<Step<State>, 'settles' | 'hinges'> {
  return { settles: [`file:${path}`], hinges: [`file:${path}`] };
}

function originIsMissing({ path, from }: Args): Planned<State> {
  return {
    doubt: `what ${path} will hold`,
    awaits: { what: `the file ${from?.path} on ${from?.host}`, broughtBy: [`file:${from?.path}`] },
  };
}
