import { expect, test } from 'vitest';
import {
  renderEventsPage,
  renderKeywordsPage,
  renderModuleIndex,
  renderModuleList,
  renderModulePage,
  renderModuleText,
} from '../../engine/docs/index.ts';
import { KEYWORDS } from '../../engine/playbook/keywords.ts';
import { painter } from '../../engine/report/paint.ts';
import { ping, sample } from './sample.ts';

const plain = painter(false);

test('the page of a module', () => {
  expect(renderModulePage(sample)).toMatchInlineSnapshot(`
    "<!-- Written by \`play docs --write\`; change what it is made of instead. -->

    # motd

    The message of the day is as described.

    Also known as \`community.general.motd\`.

    ## Arguments

    | argument | type | default | what it is |
    | --- | --- | --- | --- |
    | **\`text\`** (required) | text, may be secret |  | What it says. Also \`content\`. |
    | \`state\` | \`present\`, \`absent\` | \`present\` | \`present\`: there; \`absent\`: not. |
    | \`mode\` | mode, such as "0644" |  | Octal \\| digits. |
    | \`lines\` | whole number from 1 to 9 | \`3\` | How many. |
    | \`backup\` | true or false | \`false\` | Keeps the old one. |
    | \`users\` | list of text, or text with commas |  | Who sees it. |
    | \`from\` | mapping |  | Another host’s file. |
    | **\`from.path\`** (required) | text |  | Its path. |
    | \`from.host\` | host of the inventory |  | Where it is. |
    | \`src\` | file here, a template |  | A template. |
    | \`colours\` | mapping to text |  | By name. |
    | \`extra\` | any value |  | Anything. |

    \`motd: TEXT\` is short for \`text\`.

    ## Notes

    It never touches \`/etc/motd.d\`, however
    long the line is.

    - Text | pipes are fine, and an item of a list
      that is long hangs.
    - Next:

          code that  stays as it is, however wide it may be

    ## Examples

    Greet:

    \`\`\`yaml
    - motd:
        text: Hello
    \`\`\`
    "
  `);
});

test('the page of a module with nothing to say', () => {
  expect(renderModulePage(ping)).toMatchInlineSnapshot(`
    "<!-- Written by \`play docs --write\`; change what it is made of instead. -->

    # ping

    The host answers.

    ## Arguments

    None.
    "
  `);
});

test('the page of an action that takes any arguments', () => {
  const action = {
    name: 'set_fact',
    aliases: [],
    summary: 'Sets variables.',
    args: { type: 'object', properties: {} },
    anyArguments: true,
  } as const;
  expect(renderModulePage(action)).toContain('\n## Arguments\n\nAny: each one is a name with its value.\n');
});

test('the index of modules, sorted', () => {
  expect(renderModuleIndex([ping, sample])).toMatchInlineSnapshot(`
    "<!-- Written by \`play docs --write\`; change what it is made of instead. -->

    # Modules

    What a task can ask for. \`play docs MODULE\` shows a page in the terminal.

    | module | what it is for | also known as |
    | --- | --- | --- |
    | [motd](modules/motd.md) | The message of the day is as described. | \`community.general.motd\` |
    | [ping](modules/ping.md) | The host answers. |  |
    "
  `);
});

test('a module in the terminal', () => {
  expect(renderModuleText(sample, 50, plain)).toMatchInlineSnapshot(`
    "motd  (community.general.motd)

      The message of the day is as described.

    Arguments (= is required):
    = text  (text, may be secret; also content)
          What it says.
    - state  (present | absent; present by default)
          \`present\`: there; \`absent\`: not.
    - mode  (mode, such as "0644")
          Octal | digits.
    - lines  (whole number from 1 to 9; 3 by default)
          How many.
    - backup  (true or false; false by default)
          Keeps the old one.
    - users  (list of text, or text with commas)
          Who sees it.
    - from  (mapping)
          Another host’s file.
    = from.path  (text)
          Its path.
    - from.host  (host of the inventory)
          Where it is.
    - src  (file here, a template)
          A template.
    - colours  (mapping to text)
          By name.
    - extra  (any value)
          Anything.
      “motd: TEXT” is short for text

    Notes:
      It never touches \`/etc/motd.d\`, however long the
      line is.

      - Text | pipes are fine, and an item of a list
        that is long hangs.
      - Next:

            code that  stays as it is, however wide it may be

    Example: Greet
      - motd:
          text: Hello
    "
  `);
});

test('all modules in the terminal', () => {
  expect(renderModuleList([ping, sample], 30, plain)).toMatchInlineSnapshot(`
    "motd  The message of the day
          is as described.
    ping  The host answers.
    "
  `);
});

test('the page of events names every event and field', () => {
  const events = renderEventsPage();
  expect(events).toContain(
    '## step-start\n\nA step begins to change a host.\n\n| field | type | what it is |',
  );
  expect(events).toContain('| `item` (may be missing) | string | The item of the task’s loop. |');
  expect(events).toContain('| `changes` | list of [change](#change) |');
  expect(events).toContain('| `status` | `ok`, `changed`, `failed`, `skipped`, `unreachable`, `unknown` |');
  expect(events).toContain('| `asks` | mapping to integer |');
  expect(events).toContain('| `exitCode` (may be missing) | integer or null |');
  expect(events).toContain('| `version` | `1` |');
});

test('the page of keywords has a line for each', () => {
  const rows = renderKeywordsPage(KEYWORDS)
    .split('\n')
    .filter(line => line.startsWith('| `'));
  expect(rows.length).toBe(Object.keys(KEYWORDS).length);
});
