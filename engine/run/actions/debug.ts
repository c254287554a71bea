import { Unknown } from '../../kit/unknown.ts';
import {
  evaluate,
  fromPlain,
  hasTemplate,
  parseExpression,
  str,
  toPlain,
  type Value,
} from '../../template/index.ts';
import { OK } from '../outcome.ts';
import { shown } from '../shown.ts';
import type { EngineAction } from './action.ts';

interface Arguments {
  readonly msg?: unknown;
  readonly var?: string;
}

/** Prints a message or a variable. */
export const debug: EngineAction = {
  name: 'debug',
  aliases: ['ansible.builtin.debug'],
  summary: 'Prints a message or the value of a variable.',
  args: {
    type: 'object',
    properties: {
      msg: { type: 'any', description: 'What to print.' },
      var: { type: 'string', description: 'An expression, without braces, whose value is printed.' },
      verbosity: { type: 'integer', description: 'Accepted for Ansible’s sake.' },
    },
  },
  mistake: args => ('msg' in args && 'var' in args ? '`msg` and `var` exclude each other' : undefined),
  perform: (args, { scope }) => {
    // The arguments were checked against the schema above.
    const { msg = 'Hello world!', var: name } = args as Arguments;
    if (name === undefined)
      return { ...OK, message: textOf(fromPlain(msg)), returned: new Map([['msg', fromPlain(msg)]]) };
    const value = hasTemplate(name) ? name : evaluate(parseExpression(name), scope);
    return { ...OK, message: `${name} = ${textOf(value)}`, returned: new Map([[name, value]]) };
  },
};

function textOf(value: Value): string {
  if (typeof value === 'string' || value instanceof Unknown) return String(shown(value));
  const plain = shown(toPlain(value));
  return typeof plain === 'string'
    ? plain
    : typeof plain === 'object' && plain !== null
      ? JSON.stringify(plain, null, 2)
      : str(value);
}
