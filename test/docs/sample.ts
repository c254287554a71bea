import { constant, defineModule } from '../../engine/kit/index.ts';

/** A module with an argument of every kind. */
export const sample = defineModule({
  name: 'motd',
  aliases: ['community.general.motd'],
  summary: 'The message of the day is as described.',
  notes: `
It never touches \`/etc/motd.d\`, however
long the line is.

- Text | pipes are fine, and an item of a list
  that is long hangs.
- Next:

      code that  stays as it is, however wide it may be`,
  args: {
    type: 'object',
    properties: {
      text: { type: 'string', secret: true, description: 'What it says.', aliases: ['content'] },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: '`present`: there; `absent`: not.',
      },
      mode: { type: 'string', format: 'mode', description: 'Octal | digits.' },
      lines: { type: 'integer', minimum: 1, maximum: 9, default: 3, description: 'How many.' },
      backup: { type: 'boolean', default: false, description: 'Keeps the old one.' },
      users: {
        type: 'array',
        commas: true,
        items: { type: 'string' },
        description: 'Who sees it.',
      },
      from: {
        type: 'object',
        properties: {
          host: { type: 'string', format: 'host', description: 'Where it is.' },
          path: { type: 'string', description: 'Its path.' },
        },
        required: ['path'],
        description: 'Another host’s file.',
      },
      src: { type: 'string', file: 'template', description: 'A template.' },
      colours: { type: 'object', additionalProperties: { type: 'string' }, description: 'By name.' },
      extra: { type: 'any', description: 'Anything.' },
    },
    required: ['text'],
  },
  freeForm: 'text',
  examples: [{ title: 'Greet', yaml: '- motd:\n    text: Hello\n' }],
  probe: () => constant({}),
  plan: () => [],
});

/** A module without arguments, notes, examples. */
export const ping = defineModule({
  name: 'ping',
  summary: 'The host answers.',
  args: { type: 'object', properties: {} },
  examples: [],
  probe: () => constant({}),
  plan: () => [],
});
