import {
  all,
  ask,
  type Command,
  command,
  constant,
  join,
  map,
  type Output,
  type Planned,
  type Probe,
  ProbeError,
  type Resource,
  run,
  type ShellText,
  sh,
  streams,
  type Text,
  verbatim,
} from '../../engine/kit/index.ts';
import { paths } from './paths.ts';
import { deniedError } from './search.ts';

/** The arguments that `command` and `shell` share. */
export const GUARD_ARGS = {
  chdir: { type: 'string', description: 'The directory in which it runs.' },
  creates: {
    type: 'string',
    description:
      'What it brings about: where this path (`*`, `?`, `[…]` allowed) is there, nothing is done; behind a run it must be.',
  },
  removes: {
    type: 'string',
    description:
      'What it does away with: where this path is not there, nothing is done; behind a run it must be gone.',
  },
  unless: {
    type: 'string',
    description:
      'A shell command that only reads, asked in checks, too: where it exits with 0, nothing is done; behind a run it must.',
  },
  stdin: {
    type: 'string',
    secret: true,
    description: 'What it reads from standard input; the place for secrets.',
  },
  stdin_add_newline: { type: 'boolean', default: true, description: 'A line end is added to `stdin`.' },
  timeout: {
    type: 'integer',
    minimum: 1,
    default: 3600,
    description: 'Seconds after which it is stopped, and all that it started.',
  },
} as const;

/** Their values. */
export interface GuardArgs {
  readonly chdir?: string;
  readonly creates?: string;
  readonly removes?: string;
  readonly unless?: string;
  readonly stdin?: Text;
  readonly stdin_add_newline: boolean;
  readonly timeout: number;
}

/** What the guards say; undefined for one that the task does not have. */
export interface GuardState {
  readonly creates: 'there' | 'not there' | undefined;
  readonly removes: 'there' | 'not there' | undefined;
  readonly unless: 'succeeds' | 'fails' | undefined;
}

/** Asks the guards. */
export function guardProbe(args: GuardArgs): Probe<GuardState> {
  return all({
    creates: optional(args.creates, path => looked(args, path)),
    removes: optional(args.removes, path => looked(args, path)),
    unless: optional(args.unless, script => run(unlessCommand(args, script), succeeded)),
  });
}

function optional<T>(text: string | undefined, probe: (text: string) => Probe<T>): Probe<T | undefined> {
  return text === undefined ? constant(undefined) : probe(text);
}

function looked(args: GuardArgs, path: string): Probe<'there' | 'not there'> {
  return map(ask(paths, inDirectory(args, path)), found => {
    if (found === 'denied') throw deniedError(path);
    return found;
  });
}

/** The directory may not be there yet, nor the program: that is a “no”, not an error. */
function unlessCommand({ chdir }: GuardArgs, script: string): Command {
  const enter = chdir === undefined ? sh`` : sh`cd -- ${chdir} 2>/dev/null || exit`;
  return command(join([enter, verbatim(script)]), { exitCodes: 'any', shown: script });
}

function succeeded({ exitCode }: Output): 'succeeds' | 'fails' {
  if (exitCode === null) throw new ProbeError('`unless` was killed before it could answer');
  return exitCode === 0 ? 'succeeds' : 'fails';
}

function inDirectory({ chdir }: GuardArgs, path: string): string {
  return chdir === undefined || /^[/~]/.test(path) ? path : `${chdir.replace(/\/+$/, '')}/${path}`;
}

/** The step that runs the script, unless a guard says that there is nothing to do. Without a guard nobody can know what it changes. */
export function guarded(
  args: GuardArgs,
  state: GuardState,
  script: ShellText,
  shown: string,
): readonly Planned<GuardState>[] {
  if (state.creates === 'there' || state.removes === 'not there' || state.unless === 'succeeds') return [];
  const { creates, removes, unless, chdir, stdin } = args;
  const files = [creates, removes]
    .filter(path => path !== undefined)
    .map((path): Resource => `file:${inDirectory(args, path)}`);
  const isGuarded = files.length > 0 || unless !== undefined;
  const [firstLine = '', ...more] = shown.trim().split('\n');
  return [
    {
      title: `run ${firstLine}${more.length > 0 ? ' …' : ''}`,
      run: [
        command(script, {
          ...(chdir !== undefined && { directory: chdir }),
          ...(stdin !== undefined && { stdin: args.stdin_add_newline ? withNewline(stdin) : stdin }),
          timeoutSeconds: args.timeout,
          shown,
        }),
      ],
      becomes: {
        ...(creates !== undefined && { creates: 'there' }),
        ...(removes !== undefined && { removes: 'not there' }),
        ...(unless !== undefined && { unless: 'succeeds' }),
      },
      ...(files.length > 0 && { settles: files, hinges: files }),
      ...(!isGuarded && { opaque: true, repeats: true }),
    },
  ];
}

const withNewline = (text: Text): Text =>
  typeof text === 'string' ? `${text}\n` : text.map(secret => `${secret}\n`);

/** What `register` gets, as from Ansible; of a command that did not run, why. */
export function registeredCommand(
  args: GuardArgs,
  state: GuardState,
  output: Output | undefined,
): Record<string, unknown> {
  const reason =
    state.creates === 'there'
      ? `${args.creates} is there`
      : state.removes === 'not there'
        ? `${args.removes} is not there`
        : `“${args.unless}” succeeds`;
  return {
    rc: output?.exitCode ?? 0,
    ...streams(output),
    ...(output === undefined && { msg: `nothing to do: ${reason}` }),
  };
}

/** The mistake of a text that has an argument in it, as Ansible's old form allows. */
export function misplaced(text: string): string | undefined {
  const argument = /(?:^|\s)(creates|removes|chdir|executable)=\S/.exec(text.includes('\n') ? '' : text)?.[1];
  return argument === undefined
    ? undefined
    : `\`${argument}=\` within the text: write \`${argument}:\` as an argument of its own`;
}
