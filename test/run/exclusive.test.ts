import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Files, makeFolder, startCli } from '../cli/play.ts';
import { eventually, withWord } from '../transport/processes.ts';
import { countsOf, localHosts } from './local.ts';

const EXCLUSIVE = `import { command, constant, defineModule, sh } from 'play/kit';
export const alone = defineModule({
  name: 'alone',
  summary: 'Nobody else does the same meanwhile.',
  args: {
    type: 'object',
    properties: {
      log: { type: 'string', description: 'Where its begin and end are written down.' },
      seconds: { type: 'string', description: 'How long it takes.' },
    },
    required: ['log', 'seconds'],
  },
  examples: [],
  exclusive: ({ log }) => 'test of ' + log,
  probe: () => constant({}),
  plan: ({ log, seconds }) => [
    { title: 'work', run: [command(sh\`echo begin >> \${log}; sleep \${seconds}; echo end >> \${log}\`)], becomes: {}, repeats: true },
  ],
});
`;

function files(log: string, seconds: string): Files {
  return {
    hosts: localHosts('alpha', 'beta', 'gamma'),
    'own/alone.ts': EXCLUSIVE,
    'site.yml': `- hosts: all
  tasks:
    - alone: { log: ${log}, seconds: "${seconds}" }
`,
  };
}
const ARGS = ['site.yml', '-i', 'hosts', '--modules', 'own'];

describe('what only one may do at a time', () => {
  test('is done one after the other, by all hosts of all runs', async () => {
    const log = join(makeFolder(), 'log');
    const runs = [1, 2].map(() => startCli(ARGS, { files: files(log, '0.2') }).ended);
    for (const played of await Promise.all(runs)) {
      expect(played.stderr).toBe('');
      expect(countsOf(played)).toEqual([
        'alpha ok=1 changed=1',
        'beta ok=1 changed=1',
        'gamma ok=1 changed=1',
      ]);
    }
    expect(readFileSync(log, 'utf8')).toBe('begin\nend\n'.repeat(6));
  });

  test('is free again when the run that did it is killed', async () => {
    const log = join(makeFolder(), 'log');
    const word = `1003${process.pid}`;
    const first = startCli(ARGS, { files: files(log, word) });
    await eventually('the first one works', () => withWord(`sleep ${word}`).length > 0);
    const second = startCli(ARGS, { files: files(log, '0.1') });
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await second.ended).code).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe(`begin\n${'begin\nend\n'.repeat(3)}`);
    expect(withWord(`sleep ${word}`)).toEqual([]);
  });

  test('does not keep ctrl-C waiting', async () => {
    const log = join(makeFolder(), 'log');
    const word = `1004${process.pid}`;
    const first = startCli(ARGS, { files: files(log, word) });
    await eventually('the first one works', () => withWord(`sleep ${word}`).length > 0);
    const second = startCli([...ARGS, '-vv'], { files: files(log, '0') });
    await eventually('the second one waits for the lock', () => withWord('flock -w').length > 0);
    second.child.kill('SIGINT');
    const { code, stdout } = await second.ended;
    expect(code).toBe(99);
    expect(stdout).toContain('Interrupted. It stood at:\n  alpha: alone\n  beta: alone\n  gamma: alone\n');
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(99);
    await eventually('nothing is left', () => withWord(`sleep ${word}`).length === 0);
    expect(existsSync(log)).toBe(true);
  });
});
