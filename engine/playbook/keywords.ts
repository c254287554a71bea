/** Where a keyword may stand. */
export type Holder = 'play' | 'block' | 'task' | 'handler';

/**
 * How a keyword's value is read: `expression` (a condition without braces, or a list of them), `template` (any value, templates in it
 * evaluated), `static` (read before the run, no templates), `structure` (tasks and the like).
 */
export type KeywordKind = 'expression' | 'template' | 'static' | 'structure';

/** One keyword of the playbook language. */
export interface KeywordDefinition {
  readonly holders: readonly Holder[];
  readonly kind: KeywordKind;
  /** What its value may be, where it is no template. */
  readonly type: 'text' | 'boolean' | 'integer' | 'texts' | 'mapping' | 'list' | 'any' | 'count';
  readonly summary: string;
  /** How a task gets the keyword of what holds it: the nearest one counts (`nearest`), all add up (`all`), or not at all. */
  readonly inherits: 'nearest' | 'all' | 'no';
}

const EVERYWHERE = ['play', 'block', 'task', 'handler'] as const;
const TASKS = ['task', 'handler'] as const;
const INNER = ['block', 'task', 'handler'] as const;

/** All keywords, as data: the loader, the static checks, the docs and the editors' schema read them from here. */
export const KEYWORDS = {
  hosts: {
    holders: ['play'],
    kind: 'static',
    type: 'texts',
    inherits: 'no',
    summary: 'The pattern of the hosts that the play is for.',
  },
  name: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'text',
    inherits: 'no',
    summary: 'What people see it called.',
  },
  tasks: { holders: ['play'], kind: 'structure', type: 'list', inherits: 'no', summary: 'The tasks.' },
  pre_tasks: {
    holders: ['play'],
    kind: 'structure',
    type: 'list',
    inherits: 'no',
    summary: 'Tasks before `tasks`, with the handlers they notify.',
  },
  post_tasks: {
    holders: ['play'],
    kind: 'structure',
    type: 'list',
    inherits: 'no',
    summary: 'Tasks behind `tasks` and their handlers.',
  },
  handlers: {
    holders: ['play'],
    kind: 'structure',
    type: 'list',
    inherits: 'no',
    summary:
      'Tasks that run only when a change notified them, once, at the end of a section or at `meta: flush_handlers`.',
  },
  block: {
    holders: ['block'],
    kind: 'structure',
    type: 'list',
    inherits: 'no',
    summary: 'Tasks that share keywords.',
  },
  rescue: {
    holders: ['block'],
    kind: 'structure',
    type: 'list',
    inherits: 'no',
    summary: 'Tasks for when one of the block failed.',
  },
  always: {
    holders: ['block'],
    kind: 'structure',
    type: 'list',
    inherits: 'no',
    summary: 'Tasks that run behind the block whatever happened.',
  },
  vars: { holders: EVERYWHERE, kind: 'template', type: 'mapping', inherits: 'all', summary: 'Variables.' },
  vars_files: {
    holders: ['play'],
    kind: 'static',
    type: 'texts',
    inherits: 'no',
    summary: 'Files of variables, read before the run.',
  },
  when: {
    holders: INNER,
    kind: 'expression',
    type: 'any',
    inherits: 'all',
    summary: 'Conditions, without braces; all of them must hold.',
  },
  loop: {
    holders: TASKS,
    kind: 'template',
    type: 'any',
    inherits: 'no',
    summary: 'A list; the task runs once for each `item`.',
  },
  loop_control: {
    holders: TASKS,
    kind: 'template',
    type: 'mapping',
    inherits: 'no',
    summary: '`loop_var`, `index_var`, `label`, `pause`, `extended`.',
  },
  register: {
    holders: TASKS,
    kind: 'static',
    type: 'text',
    inherits: 'no',
    summary: 'The variable that gets the result.',
  },
  notify: {
    holders: INNER,
    kind: 'template',
    type: 'texts',
    inherits: 'all',
    summary: 'The handlers to run when this changed something.',
  },
  listen: {
    holders: ['handler'],
    kind: 'static',
    type: 'texts',
    inherits: 'no',
    summary: 'Other names by which a handler can be notified.',
  },
  changed_when: {
    holders: TASKS,
    kind: 'expression',
    type: 'any',
    inherits: 'no',
    summary: 'When the task counts as changed.',
  },
  failed_when: {
    holders: TASKS,
    kind: 'expression',
    type: 'any',
    inherits: 'no',
    summary: 'When the task counts as failed.',
  },
  until: {
    holders: TASKS,
    kind: 'expression',
    type: 'any',
    inherits: 'no',
    summary: 'Runs the task again until this holds (`retries`, `delay`).',
  },
  retries: {
    holders: TASKS,
    kind: 'template',
    type: 'integer',
    inherits: 'no',
    summary: 'How often `until` tries again; 3 by default.',
  },
  delay: {
    holders: TASKS,
    kind: 'template',
    type: 'integer',
    inherits: 'no',
    summary: 'Seconds between the tries of `until`; 5 by default.',
  },
  tags: {
    holders: EVERYWHERE,
    kind: 'static',
    type: 'texts',
    inherits: 'all',
    summary: 'Words by which `-t` and `--skip-tags` choose.',
  },
  args: {
    holders: TASKS,
    kind: 'template',
    type: 'mapping',
    inherits: 'no',
    summary: 'More arguments of the module.',
  },
  become: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'Whether to act as another user.',
  },
  become_user: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'text',
    inherits: 'nearest',
    summary: 'That user; root by default.',
  },
  become_method: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'text',
    inherits: 'nearest',
    summary: 'How: `sudo` or `su`.',
  },
  remote_user: {
    holders: ['play'],
    kind: 'template',
    type: 'text',
    inherits: 'nearest',
    summary: 'The user that logs in.',
  },
  connection: {
    holders: ['play'],
    kind: 'template',
    type: 'text',
    inherits: 'nearest',
    summary: 'How the host is reached: `ssh`, `openssh`, `local`.',
  },
  port: {
    holders: ['play'],
    kind: 'template',
    type: 'integer',
    inherits: 'nearest',
    summary: 'The port of its ssh server.',
  },
  environment: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'any',
    inherits: 'all',
    summary: 'Environment variables of what runs.',
  },
  no_log: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'Shows nothing of what the task has to do with.',
  },
  ignore_errors: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'Goes on behind a failure.',
  },
  ignore_unreachable: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'Goes on behind a host out of reach.',
  },
  any_errors_fatal: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'One failed host ends the play for all.',
  },
  check_mode: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'Only checks, or (`false`) runs even in a check.',
  },
  diff: {
    holders: EVERYWHERE,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'Whether contents are shown where they change.',
  },
  run_once: {
    holders: INNER,
    kind: 'template',
    type: 'boolean',
    inherits: 'nearest',
    summary: 'Only on the first host; the result counts for all.',
  },
  delegate_to: {
    holders: INNER,
    kind: 'template',
    type: 'text',
    inherits: 'nearest',
    summary: 'Does the work on another host, with this one’s variables.',
  },
  throttle: {
    holders: INNER,
    kind: 'template',
    type: 'integer',
    inherits: 'nearest',
    summary: 'On how many hosts at once, at most.',
  },
  timeout: {
    holders: INNER,
    kind: 'template',
    type: 'integer',
    inherits: 'nearest',
    summary: 'Seconds that the task may take on a host.',
  },
  gather_facts: {
    holders: ['play'],
    kind: 'template',
    type: 'boolean',
    inherits: 'no',
    summary: 'Asks for the facts at once (`true`) or never (`false`); by default when something uses them.',
  },
  serial: {
    holders: ['play'],
    kind: 'template',
    type: 'count',
    inherits: 'no',
    summary: 'How many hosts a batch has: a number, a percentage, or a list of them.',
  },
  strategy: {
    holders: ['play'],
    kind: 'static',
    type: 'text',
    inherits: 'no',
    summary: '`linear`: each task on all hosts before the next one.',
  },
  max_fail_percentage: {
    holders: ['play'],
    kind: 'template',
    type: 'count',
    inherits: 'no',
    summary: 'More failed hosts than this end the play.',
  },
  force_handlers: {
    holders: ['play'],
    kind: 'template',
    type: 'boolean',
    inherits: 'no',
    summary: 'Runs notified handlers even on hosts that failed.',
  },
} as const satisfies Readonly<Record<string, KeywordDefinition>>;

/** The name of a keyword. */
export type Keyword = keyof typeof KEYWORDS;

/** Whether a word is a keyword, anywhere. */
export function isKeyword(word: string): word is Keyword {
  return Object.hasOwn(KEYWORDS, word);
}

/** The keywords that may stand in a play, block, task or handler. */
export function keywordsOf(holder: Holder): readonly Keyword[] {
  // Object.keys of a constant object gives its keys.
  return (Object.keys(KEYWORDS) as Keyword[]).filter(word =>
    (KEYWORDS[word].holders as readonly Holder[]).includes(holder),
  );
}
