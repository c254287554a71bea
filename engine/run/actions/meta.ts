import { OK } from '../outcome.ts';
import type { EngineAction } from './action.ts';

/** What `meta` can be told; the strategy acts on it. */
const META_ACTIONS = [
  'flush_handlers',
  'end_play',
  'end_host',
  'clear_facts',
  'clear_host_errors',
  'reset_connection',
  'noop',
] as const;

/** Tells the run itself what to do. */
export const meta: EngineAction = {
  name: 'meta',
  aliases: ['ansible.builtin.meta'],
  summary: 'Tells the run itself what to do: run notified handlers now, end the play.',
  args: {
    type: 'object',
    properties: { action: { type: 'string', enum: META_ACTIONS, description: 'What to do.' } },
    required: ['action'],
  },
  freeForm: 'action',
  perform: () => OK,
};
