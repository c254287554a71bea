import { defineModule, sh, verbatim } from '../engine/kit/index.ts';
import { GUARD_ARGS, guarded, guardProbe, misplaced, registeredCommand } from './sources/guard.ts';

/** A shell script, with pipes, variables and all. */
export default defineModule({
  name: 'shell',
  aliases: ['ansible.builtin.shell'],
  summary: 'A shell script is run, unless a guard says that there is nothing to do.',
  notes: `
- What the page of \`command\` says of guards holds here, too.
- It is POSIX \`sh\` (dash on Debian), like Ansible's: for what only bash knows, say \`executable: /bin/bash\`.
- A value may hold anything: write \`{{ value | quote }}\`. Secrets belong into \`stdin\` or the task's \`environment\`, never into the text: \`ps\` shows that.`,
  freeForm: 'cmd',
  args: {
    type: 'object',
    properties: {
      cmd: { type: 'string', description: 'The script.' },
      executable: {
        type: 'string',
        description: 'The shell that reads it, e.g. `/bin/bash`; `sh` by default.',
      },
      ...GUARD_ARGS,
    },
    required: ['cmd'],
  },
  examples: [
    {
      title: 'A pipe, with a guard',
      yaml: `
- name: The archive is unpacked
  shell: xz -dc /srv/site.tar.xz | tar -x -C /srv/www
  args:
    creates: /srv/www/index.html
`,
    },
    {
      title: 'Something that only reads',
      yaml: `
- name: How full is the disk?
  shell: df -P / | awk 'NR == 2 { print $5 }'
  register: disk
  changed_when: false
`,
    },
  ],
  mistake: ({ cmd }) => (cmd.trim() === '' ? 'there is no command' : misplaced(cmd)),
  probe: guardProbe,
  plan: (args, state) =>
    guarded(
      args,
      state,
      args.executable === undefined ? verbatim(args.cmd) : sh`exec ${args.executable} -c ${args.cmd}`,
      args.cmd,
    ),
  returns: (args, state, outputs) => ({ cmd: args.cmd, ...registeredCommand(args, state, outputs.at(-1)) }),
});
