import { describe, expect, test } from 'vitest';
import { type Holder, KEYWORDS, type Keyword } from '../../engine/playbook/keywords.ts';
import { loadPlaybook } from '../../engine/playbook/load.ts';
import { accumulated, nearest, type Playbook, tasksOf } from '../../engine/playbook/playbook.ts';
import { createRegistry } from '../../engine/run/registry.ts';
import { Diagnostics } from '../../engine/source/diagnostic.ts';
import command from '../../modules/command.ts';
import { makeFolder } from '../cli/play.ts';

function load(text: string): { readonly playbook: Playbook; readonly mistakes: readonly string[] } {
  const folder = makeFolder({ 'site.yml': text, 'vars.yml': 'a: 1\n' });
  const diagnostics = new Diagnostics();
  let id = 0;
  const playbook = loadPlaybook(`${folder}/site.yml`, {
    registry: createRegistry([command]),
    diagnostics,
    nextId: () => ++id,
  });
  return { playbook, mistakes: diagnostics.all.map(({ message }) => message) };
}

/** A value that is right for the keyword. */
function fittingValue(keyword: Keyword): string {
  if (keyword === 'vars_files') return 'vars.yml';
  if (keyword === 'strategy') return 'linear';
  const { type, kind } = KEYWORDS[keyword];
  if (kind === 'expression') return '1 == 1';
  switch (type) {
    case 'boolean':
      return 'true';
    case 'integer':
    case 'count':
      return '1';
    case 'list':
      return '[]';
    case 'mapping':
      return '{}';
    default:
      return 'text';
  }
}

/** A playbook with one keyword in a play, a block, a task or a handler. */
const WITH: Readonly<Record<Holder, (line: string) => string>> = {
  play: line => `- ${line.startsWith('hosts') ? '' : 'hosts: all\n  '}${line}\n`,
  block: line =>
    `- hosts: all\n  tasks:\n    - ${line.startsWith('block') ? '' : 'block: []\n      '}${line}\n`,
  task: line => `- hosts: all\n  tasks:\n    - command: "true"\n      ${line}\n`,
  handler: line => `- hosts: all\n  handlers:\n    - command: "true"\n      ${line}\n`,
};

const holders: readonly Holder[] = ['play', 'block', 'task', 'handler'];
const cases = Object.keys(KEYWORDS)
  .flatMap(word => holders.map(holder => [word as Keyword, holder] as const)) // the keys of KEYWORDS
  // What has `block:` is a block, and no task.
  .filter(([word, holder]) => word !== 'block' || holder === 'play' || holder === 'block');

test.each(cases)('%s in a %s', (keyword, holder) => {
  const { mistakes } = load(WITH[holder](`${keyword}: ${fittingValue(keyword)}`));
  const allowed = (KEYWORDS[keyword].holders as readonly Holder[]).includes(holder);
  expect(mistakes).toEqual(allowed ? [] : [`“${keyword}” cannot stand in a ${holder}`]);
});

describe('what a task gets from what holds it', () => {
  const { playbook, mistakes } = load(`- hosts: all
  become: false
  vars: { level: play }
  tags: [one]
  tasks:
    - become: true
      vars: { level: block }
      when: first
      block:
        - block:
            - name: inner
              command: "true"
              tags: two
              when: second
              vars: { level: task }
        - name: outer
          command: "true"
          become: false
`);
  const tasks = playbook.plays.flatMap(play => play.sections.flatMap(section => [...tasksOf(section)]));
  const count = (index: number, keyword: Keyword): number =>
    tasks.slice(index, index + 1).flatMap(task => accumulated(task, keyword)).length;

  test('the nearest of some keywords, all of others, none of the rest', () => {
    expect(mistakes).toEqual([]);
    const [inner, outer] = tasks;
    if (inner === undefined || outer === undefined) throw new Error('there are two tasks');
    const flag = (task: typeof inner): unknown => {
      const node = nearest(task, 'become')?.node;
      return node?.kind === 'scalar' ? node.value : undefined;
    };
    expect([flag(inner), flag(outer)]).toEqual([true, false]);
    expect(count(0, 'vars')).toBe(3);
    expect(count(0, 'when')).toBe(2);
    expect(count(0, 'tags')).toBe(2);
    expect(count(1, 'when')).toBe(1);
    expect(nearest(inner, 'name')?.node).toMatchObject({ value: 'inner' });
    expect(inner.id).toBeLessThan(outer.id);
  });
});
