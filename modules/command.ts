import { defineModule, sh, shellWords } from '../engine/kit/index.ts';
import { GUARD_ARGS, guarded, guardProbe, misplaced, registeredCommand } from './sources/guard.ts';

/** A program, run as it is written, without a shell. */
export default defineModule({
  name: 'command',
  aliases: ['ansible.builtin.command'],
  summary: 'A program is run, without a shell, unless a guard says that there is nothing to do.',
  notes: `
- A command knows nothing of state. With \`creates\`, \`removes\` or \`unless\` it has one: a check tells whether it would run, and behind a run
  the guard is asked again; if it then still says that there is something to do, the task has failed. (For Ansible, \`removes\` is only a condition.)
- Without a guard it is run each time and counts as a change; a check calls it unknown. Say \`changed_when: false\` where it only reads.
- Words are split as a shell does it, but there are no variables, pipes or redirections: \`shell\` has them.
- \`creates=…\` within the text, as old playbooks have it, is an error here: write it as an argument.`,
  freeForm: 'cmd',
  args: {
    type: 'object',
    properties: {
      cmd: {
        type: 'string',
        description: 'The program and its arguments in one text, with quotes where they are needed.',
      },
      argv: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        description: 'The program and its arguments as a list; nothing is split.',
      },
      ...GUARD_ARGS,
    },
  },
  examples: [
    {
      title: 'Only while its result is not there',
      yaml: `
- name: Diffie-Hellman parameters are there
  command: openssl dhparam -out /etc/ssl/dhparam.pem 2048
  args:
    creates: /etc/ssl/dhparam.pem
`,
    },
    {
      title: 'With a question for a guard',
      yaml: `
- name: The group of the operators is there
  command:
    argv: [groupadd, --system, operators]
    unless: getent group operators
`,
    },
  ],
  mistake({ cmd, argv }) {
    if ((cmd === undefined) === (argv === undefined)) return 'give either `cmd` or `argv`';
    if (cmd === undefined) return undefined;
    const words = shellWords(cmd);
    if (words === undefined) return 'a quote is left open, or a backslash stands at the end';
    return words.length === 0 ? 'there is no command' : misplaced(cmd);
  },
  probe: guardProbe,
  plan: (args, state) => guarded(args, state, sh`exec ${wordsOf(args)}`, args.cmd ?? wordsOf(args).join(' ')),
  returns: (args, state, outputs) => ({
    cmd: wordsOf(args),
    ...registeredCommand(args, state, outputs.at(-1)),
  }),
});

function wordsOf({
  cmd,
  argv,
}: {
  readonly cmd?: string;
  readonly argv?: readonly string[];
}): readonly string[] {
  return argv ?? shellWords(cmd ?? '') ?? [];
}
