import { ask, defineModule } from '../engine/kit/index.ts';
import { facts } from './sources/facts.ts';

/** Reads facts of the host. */
export default defineModule({
  name: 'setup',
  aliases: ['ansible.builtin.setup', 'gather_facts', 'ansible.builtin.gather_facts'],
  summary: 'Reads facts of the host, which every later task sees as `ansible_facts` and `ansible_…`.',
  notes:
    'It is seldom needed: facts are asked for when something uses them, along with everything else that the host is asked. ' +
    '`gather_facts: true` in a play asks for them at once, `gather_facts: false` never.',
  args: {
    type: 'object',
    properties: {
      gather_subset: {
        type: 'array',
        items: { type: 'string' },
        commas: true,
        description: 'Accepted for Ansible’s sake: all facts are read by one small script anyway.',
      },
    },
  },
  examples: [
    {
      title: 'Facts are there when they are used',
      yaml: '- debug:\n    msg: "{{ ansible_distribution }} {{ ansible_distribution_version }}"\n',
    },
    { title: 'Facts anew, after something changed', yaml: '- setup:\n' },
  ],
  probe: () => ask(facts, 'all'),
  plan: () => [],
  returns: (_args, found) => ({ ansible_facts: found }),
});
