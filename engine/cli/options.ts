import { type Command, InvalidArgumentError, Option } from 'commander';
import { REPORTS, type Report } from '../report/index.ts';

/** The options of `play FILE`, as commander gives them. */
export interface PlayOptions {
  readonly inventory: readonly string[];
  readonly limit?: string;
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly forks: number;
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly askBecomePass?: boolean;
  readonly askPass?: boolean;
  readonly user?: string;
  readonly privateKey?: string;
  readonly connection?: string;
  readonly timeout?: number;
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  readonly sshCommonArgs?: string;
  readonly verbose: number;
  readonly report?: Report;
  readonly detailedExitcode?: boolean;
  readonly forceHandlers?: boolean;
  readonly syntaxCheck?: boolean;
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly modules: readonly string[];
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const words = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...value
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== ''),
];

function wholeNumber(text: string): number {
  if (/^[0-9]+$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** Adds the options of `play FILE` to a command. */
export function addPlayOptions(command: Command): Command {
  return command
    .option(
      '-i, --inventory <source>',
      'inventory: a file, a folder, an executable, or HOST,HOST, (several: -i again); the lab’s by default',
      collect,
      [],
    )
    .option('-l, --limit <pattern>', 'only these hosts')
    .option(
      '-e, --extra-vars <vars>',
      'variables above all others: NAME=VALUE, a YAML or JSON mapping, or @FILE',
      collect,
      [],
    )
    .option('-t, --tags <tags>', 'only tasks with these tags', words, [])
    .option('--skip-tags <tags>', 'no tasks with these tags', words, [])
    .option('-C, --check', 'change nothing: tell what a run would change')
    .option('-D, --diff', 'show how contents change')
    .addOption(new Option('-f, --forks <n>', 'how many hosts at once').argParser(wholeNumber).default(20))
    .option('-b, --become', 'act as another user (root)')
    .option('--become-user <user>', 'that user')
    .addOption(new Option('--become-method <method>', 'how').choices(['sudo', 'su']))
    .option('-K, --ask-become-pass', 'ask for the password for that')
    .option('-k, --ask-pass', 'ask for the password to log in')
    .option('-u, --user <user>', 'log in as this user')
    .option('--private-key <file>', 'log in with this key')
    .addOption(
      new Option('-c, --connection <type>', 'how to reach hosts').choices([
        'ssh',
        'openssh',
        'local',
        'nspawn',
        'docker',
      ]),
    )
    .addOption(new Option('-T, --timeout <seconds>', 'how long connecting may take').argParser(wholeNumber))
    .addOption(
      new Option('--host-key-checking <mode>', 'what to do with a host key that is not known').choices([
        'strict',
        'accept-new',
        'off',
      ]),
    )
    .option('--ssh-common-args <args>', 'more arguments for ssh (connection `openssh`)')
    .option('--force-handlers', 'run notified handlers even on hosts that failed')
    .addOption(
      new Option('--report <kind>', 'how to tell what happens: live on a terminal, else plain').choices(
        REPORTS,
      ),
    )
    .option(
      '-v, --verbose',
      'tell more; -vv and -vvv still more',
      (_value: string, before: number) => before + 1,
      0,
    )
    .option('--detailed-exitcode', 'exit with 3 where something changed or would')
    .option('--syntax-check', 'only look for mistakes')
    .option('--list-hosts', 'only list the hosts')
    .option('--list-tasks', 'only list the tasks')
    .option('--modules <folder>', 'modules of your own, one in each file', collect, []);
}
