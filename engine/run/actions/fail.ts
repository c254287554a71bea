import { TaskFailed } from '../errors.ts';
import type { EngineAction } from './action.ts';

/** Fails, with the author's message. */
export const fail: EngineAction = {
  name: 'fail',
  aliases: ['ansible.builtin.fail'],
  summary: 'Fails with a message; made for use with `when`.',
  args: {
    type: 'object',
    properties: { msg: { type: 'string', description: 'Why.', default: 'Failed as requested from task' } },
  },
  perform: args => {
    throw new TaskFailed('msg' in args ? String(args.msg) : 'Failed as requested from task');
  },
};
