import {
  type Command,
  type Content,
  command,
  defineModule,
  type Infer,
  type Planned,
  Refusal,
  type Step,
  sh,
} from '../engine/kit/index.ts';
import { accessOf, setAccess, wrongAccess } from './sources/access.ts';
import { type FileState, fileProbe } from './sources/file-state.ts';

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
  probe: (args, target) => fileProbe({ ...args, content: contentOf(args) }, target.diff),
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

/** What is to be in the file, where the task itself says it. */
function contentOf({ content, src, src_raw }: Args): Content | undefined {
  return content ?? src?.content ?? src_raw?.content;
}

function removal(args: Args, { state }: FileState): readonly Step<FileState>[] {
  if (state === 'absent') return [];
  const run = [
    ...(args.backup && state === 'present' ? [backup(args)] : []),
    command(sh`rm -f -- ${args.path}`),
  ];
  return [{ title: `remove ${args.path}`, run, becomes: { state: 'absent' }, ...about(args) }];
}

function writing(args: Args, state: FileState): readonly Planned<FileState>[] {
  const content = args.from === undefined ? contentOf(args) : state.origin;
  if (content === undefined) return [originIsMissing(args)];
  const isThere = state.state === 'present';
  const isRight = isThere && state.content === state.wanted;
  const access = accessOf(args);
  const wrong = wrongAccess(access, state);
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

/** Prints the name of the copy. */
function backup({ path }: Args): Command {
  return command(
    sh`copy=${path}.$(date +%Y-%m-%d@%H:%M:%S)~; cp -p -- ${path} "$copy" && printf '%s\n' "$copy"`,
  );
}

function about({ path }: Args): Pick<Step<FileState>, 'settles' | 'hinges'> {
  return { settles: [`file:${path}`], hinges: [`file:${path}`] };
}

function originIsMissing({ path, from }: Args): Planned<FileState> {
  return {
    doubt: `what ${path} will hold`,
    awaits: { what: `the file ${from?.path} on ${from?.host}`, broughtBy: [`file:${from?.path}`] },
  };
}
