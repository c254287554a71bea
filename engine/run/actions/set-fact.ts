import { Unknown } from '../../kit/unknown.ts';
import { fromPlain } from '../../template/index.ts';
import { OK, unknownOutcome } from '../outcome.ts';
import type { EngineAction } from './action.ts';

/** Sets variables of a host for the rest of the run. */
export const setFact: EngineAction = {
  name: 'set_fact',
  aliases: ['ansible.builtin.set_fact'],
  summary: 'Sets variables of the host for the rest of the run.',
  args: {
    type: 'object',
    properties: { cacheable: { type: 'boolean', description: 'Accepted for Ansible’s sake.' } },
  },
  anyArguments: true,
  perform: (args, { run, manner }) => {
    const values = Object.entries(args)
      .filter(([name]) => name !== 'cacheable')
      .map(([name, value]) => [name, fromPlain(value)] as const);
    for (const [name, value] of values) run.context.memory(manner.host).values.set(name, value);
    const unknown = values.map(([, value]) => value).find(value => value instanceof Unknown);
    return {
      ...(unknown === undefined ? OK : unknownOutcome(unknown.until, 'what is set')),
      returned: new Map(
        values.length === 0 ? [] : [['ansible_facts', fromPlain(Object.fromEntries(Object.entries(args)))]],
      ),
    };
  },
  leaveOpen: (names, until, { run, manner }) => {
    for (const name of names) run.context.memory(manner.host).values.set(name, new Unknown(until));
  },
};
