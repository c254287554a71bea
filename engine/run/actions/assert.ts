import { Unknown } from '../../kit/unknown.ts';
import { evaluate, parseExpression, truthy } from '../../template/index.ts';
import { TaskFailed } from '../errors.ts';
import { OK, unknownOutcome } from '../outcome.ts';
import type { EngineAction } from './action.ts';

interface Arguments {
  readonly that: readonly (string | boolean)[];
  readonly fail_msg?: string;
  readonly success_msg?: string;
}

/** Fails unless conditions hold. */
export const assert: EngineAction = {
  name: 'assert',
  aliases: ['ansible.builtin.assert'],
  summary: 'Fails unless all conditions hold.',
  args: {
    type: 'object',
    properties: {
      that: {
        type: 'array',
        items: { type: 'any' },
        description: 'Expressions, without braces; all of them must hold.',
      },
      fail_msg: { type: 'string', description: 'What to say when one does not.', aliases: ['msg'] },
      success_msg: { type: 'string', description: 'What to say when all do.' },
      quiet: { type: 'boolean', description: 'Accepted for Ansible’s sake.' },
    },
    required: ['that'],
  },
  perform: (args, { scope }) => {
    // The arguments were checked against the schema above.
    const { that, fail_msg, success_msg } = args as Arguments;
    let unknown: Unknown | undefined;
    for (const condition of that) {
      const truth =
        typeof condition === 'boolean'
          ? condition
          : truthy(evaluate(parseExpression(String(condition)), scope));
      if (truth === false) throw new TaskFailed(fail_msg ?? `the assertion does not hold: ${condition}`);
      if (truth instanceof Unknown) unknown ??= truth;
    }
    return unknown === undefined
      ? { ...OK, message: success_msg ?? 'All assertions passed' }
      : unknownOutcome(unknown.until, 'whether the assertions hold');
  },
};
