import { type Case, changes, fails, NOTHING, repeats } from './cycle.ts';

/** Words with all that is special to a shell. */
const WORDS = [
  '',
  ' ',
  "'",
  '"',
  '\\',
  '$HOME',
  '$(id)',
  '`id`',
  '*',
  '-n',
  '; id',
  'a\nb',
  '\t',
  'Füße 🐇',
  '{a,b}',
  '!!',
];

/** States that `creates`, `removes` and `unless` may meet, and ways in which a command may run and fail. */
export const commandCases: readonly Case[] = [
  {
    name: 'what it creates is not there',
    folder: '/srv/creates',
    task: { command: { cmd: 'touch made', chdir: '/srv/creates', creates: 'made' } },
    told: changes('run touch made (creates)'),
    after: ['ls', 'made'],
  },
  {
    name: 'what it creates is there',
    folder: '/srv/created',
    before: 'touch made',
    task: { command: { cmd: 'touch again', chdir: '/srv/created', creates: '/srv/created/made' } },
    told: NOTHING,
    after: ['ls', 'made'],
  },
  {
    name: 'what it creates is there as a link to nothing',
    folder: '/srv/created-link',
    before: 'ln -s nothing made',
    task: { command: 'touch again', args: { chdir: '/srv/created-link', creates: 'made' } },
    told: NOTHING,
    after: ['ls', 'made'],
  },
  {
    name: 'one of many that it may create is there',
    folder: '/srv/glob',
    before: 'touch "a b-1.log"',
    task: { command: 'touch again', args: { chdir: '/srv/glob', creates: '/srv/glob/a b-[0-9].l?g' } },
    told: NOTHING,
    after: ['ls', 'a b-1.log'],
  },
  {
    name: 'it does not create what it said',
    folder: '/srv/liar',
    task: { command: 'true', args: { creates: '/srv/liar/made' } },
    told: fails('run true (creates)', 'NotConverged: “creates” did not become "there": it is "not there"'),
  },
  {
    name: 'what it removes is there',
    folder: '/srv/removes',
    before: 'touch old older',
    task: { shell: 'rm old*', args: { chdir: '/srv/removes', removes: 'old*' } },
    told: changes('run rm old* (removes)'),
    after: ['ls', ''],
  },
  {
    name: 'what it removes is gone',
    folder: '/srv/removed',
    task: { shell: 'touch made', args: { chdir: '/srv/removed', removes: '/srv/removed/old' } },
    told: NOTHING,
    after: ['ls', ''],
  },
  {
    name: 'the question fails',
    folder: '/srv/unless',
    task: { shell: 'echo yes >answer', args: { chdir: '/srv/unless', unless: 'grep -q yes answer' } },
    told: changes('run echo yes >answer (unless)'),
    after: ['cat answer', 'yes'],
  },
  {
    name: 'the question succeeds',
    folder: '/srv/not-unless',
    before: 'echo yes >answer',
    task: { shell: 'echo more >>answer', args: { chdir: '/srv/not-unless', unless: 'grep -q yes answer' } },
    told: NOTHING,
    after: ['cat answer', 'yes'],
  },
  {
    name: 'without a question',
    folder: '/srv/unguarded',
    task: { shell: 'echo more >>log', args: { chdir: '/srv/unguarded' } },
    told: repeats('run echo more >>log'),
    after: ['cat log', 'more\nmore'],
  },
  {
    name: 'its directory is not there',
    task: { command: 'touch made', args: { chdir: '/srv/no-such', creates: 'made' } },
    told: fails('run touch made (creates)', 'StepFailed: exit code 1'),
  },
  {
    name: 'words that are special to shells',
    folder: '/srv/words',
    task: {
      command: {
        argv: ['sh', '-c', 'for word; do printf "<%s>\\n" "$word"; done >words', 'sh', ...WORDS],
        chdir: '/srv/words',
        creates: 'words',
      },
    },
    told: changes(
      `run sh -c for word; do printf "<%s>\\n" "$word"; done >words sh ${WORDS.join(' ').replace(/\n.*/s, ' …')} (creates)`,
    ),
    after: ['cat words', WORDS.map(word => `<${word}>`).join('\n')],
  },
  {
    name: 'a command knows no variables, pipes and globs',
    folder: '/srv/plain',
    task: {
      command: `sh -c 'printf "%s\\n" "$@" >words' sh $HOME '|' * "a  b" c\\ d ~`,
      args: { chdir: '/srv/plain', creates: '/srv/plain/words' },
    },
    told: changes(`run sh -c 'printf "%s\\n" "$@" >words' sh $HOME '|' * "a  b" c\\ d ~ (creates)`),
    after: ['cat words', '$HOME\n|\n*\na  b\nc d\n~'],
  },
  {
    name: 'a script of several lines, with quotes of its own',
    folder: '/srv/script',
    task: {
      shell: `cat >made <<'END'\n$HOME 'a' "b"\nEND\nfor i in 1 2; do\n  echo "$i" >>made\ndone\n`,
      args: { chdir: '/srv/script', creates: 'made' },
    },
    told: changes(`run cat >made <<'END' … (creates)`),
    after: ['cat made', `$HOME 'a' "b"\n1\n2`],
  },
  {
    name: 'bash, for what only bash knows',
    folder: '/srv/bash',
    task: {
      shell: 'a=(1 2 3); [[ $a == 1 ]] && echo {1..3} >made',
      args: { chdir: '/srv/bash', creates: 'made', executable: '/bin/bash' },
    },
    told: changes('run a=(1 2 3); [[ $a == 1 ]] && echo {1..3} >made (creates)'),
    after: ['cat made', '1 2 3'],
  },
  {
    name: 'standard input',
    folder: '/srv/stdin',
    task: { command: 'tee made', args: { chdir: '/srv/stdin', creates: 'made', stdin: `it's "$HOME"\n🐇` } },
    told: changes('run tee made (creates)'),
    after: ['cat made; tail -c1 made | od -An -c', `it's "$HOME"\n🐇\n  \\n`],
  },
  {
    name: 'standard input to the byte',
    folder: '/srv/stdin-bytes',
    task: {
      command: 'tee made',
      args: { chdir: '/srv/stdin-bytes', creates: 'made', stdin: 'no end', stdin_add_newline: false },
    },
    told: changes('run tee made (creates)'),
    after: ['wc -c <made', '6'],
  },
  {
    name: 'nothing waits for an answer',
    folder: '/srv/no-stdin',
    task: { shell: 'cat >made', args: { chdir: '/srv/no-stdin', creates: 'made' } },
    told: changes('run cat >made (creates)'),
    after: ['wc -c <made', '0'],
  },
  {
    name: 'its environment',
    folder: '/srv/environment',
    task: {
      shell: 'echo "$GREETING|$LC_ALL|$(umask)|$(id -un)|$PWD" >made',
      args: { chdir: '/srv/environment', creates: 'made' },
      environment: { GREETING: `it's "$HOME"` },
    },
    told: changes('run echo "$GREETING|$LC_ALL|$(umask)|$(id -un)|$PWD" >made (creates)'),
    after: ['cat made', `it's "$HOME"|C|0022|root|/srv/environment`],
  },
  {
    name: 'more output than a pipe holds',
    folder: '/srv/output',
    task: {
      shell: 'seq 1 200000; seq 1 200000 >&2; touch made',
      args: { chdir: '/srv/output', creates: 'made' },
    },
    told: changes('run seq 1 200000; seq 1 200000 >&2; touch made (creates)'),
  },
  {
    name: 'it fails',
    folder: '/srv/fails',
    task: { shell: 'echo why >&2; exit 42', args: { creates: '/srv/fails/made' } },
    told: fails('run echo why >&2; exit 42 (creates)', 'StepFailed: exit code 42'),
  },
  {
    name: 'it is killed',
    folder: '/srv/killed',
    task: { shell: 'kill -KILL $$', args: { creates: '/srv/killed/made' } },
    told: fails('run kill -KILL $$ (creates)', 'StepFailed: was killed by SIGKILL'),
  },
  {
    name: 'there is no such program',
    folder: '/srv/no-program',
    task: { command: 'no-such-program --at-all', args: { creates: '/srv/no-program/made' } },
    told: fails('run no-such-program --at-all (creates)', 'StepFailed: exit code 127'),
  },
  {
    name: 'it takes too long, and all that it started is stopped',
    folder: '/srv/timeout',
    task: {
      shell: 'trap "" TERM; sleep 7001 & (sleep 7002 & sleep 7003) & sleep 7004',
      args: { creates: '/srv/timeout/made', timeout: 1 },
    },
    told: fails(
      'run trap "" TERM; sleep 7001 & (sleep 7002 & sleep 7003) & sleep 7004 (creates)',
      'StepFailed: took longer than 1 s and was stopped',
    ),
    after: ['pgrep -fc "^sleep 700[0-9]"', '0'],
  },
  {
    name: 'what it leaves in the background runs on',
    folder: '/srv/background',
    task: {
      shell: 'setsid sleep 20 >/dev/null 2>&1 & echo $! >pid',
      args: { chdir: '/srv/background', creates: 'pid' },
    },
    told: changes('run setsid sleep 20 >/dev/null 2>&1 & echo $! >pid (creates)'),
    after: ['kill $(cat pid) && echo ran', 'ran'],
  },
];
