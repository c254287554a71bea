import { expect, test } from 'vitest';
import { plainReporter } from '../../engine/report/plain.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { HOSTS, lines, result, taskRef, told, wholeRun } from './run.ts';
import { story } from './story.ts';

const plain = async (events: readonly RunEvent[], verbosity = 0, colour = false) =>
  await told(streams => plainReporter({ ...streams, columns: () => 40, colour, verbosity }), events);

test('a run', async () => {
  const { out, err } = await plain(story(false));
  expect(out).toMatchInlineSnapshot(`
    "
    PLAY [RabbitMQ] ****************************************************************

    TASK [Install the broker] ******************************************************
    failed: [9lpo134] => StepFailed: install rabbitmq-server: apt-get ended with exit code 100
        place: playbooks/rabbitmq-ha.yml:10:7
        command: apt-get install -y rabbitmq-server
        exit code: 100
        stdout:
          Reading package lists...
        stderr:
          E: Unable to locate package rabbitmq-server
        way out: check the spelling, or the sources of the host
    ok: [9lpo192, 9lpo135]

    TASK [Configure the broker] ****************************************************
    changed: [9lpo192]
      - write /etc/rabbitmq/rabbitmq.conf
          mode: 0600 → 0644
          --- content before
          +++ content after
          @@ -1,2 +1,2 @@
           a = 1
          -b = 2
          +b = 3
      ? whether the unit is started: unknown until “Install the broker”
    owed: [9lpo135] => handler “Restart the broker”, by a run that died before it ran
    skipping: [9lpo135] => the condition \`master\` is false

    TASK [Set the policies] ********************************************************
    changed: [9lpo192] => (item=ha-two)
      - set the policy ha-two
    unreachable: [9lpo135 -> 9lpo192] => ConnectionLost: the connection was lost
        place: playbooks/rabbitmq-ha.yml:30:7
        exit code: none, it was killed
    ...ignoring

    RUNNING HANDLER [Restart the broker] *******************************************
    unknown: [9lpo192]
      ? whether it restarts: unknown until it is run

    PLAY RECAP *********************************************************************
    9lpo134                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
    9lpo135                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
    9lpo192                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0

    "
  `);
  expect(err).toBe(lines`
    |[WARNING]: [9lpo192] the clock is off
    |    hint: install chrony
    |[WARNING]: [9lpo134] the same: the clock is off
  `);
});

test('a check', async () => {
  const { out } = await plain(story(true));
  expect(out).toMatchInlineSnapshot(`
    "
    PLAY [RabbitMQ] [CHECK MODE] ***************************************************

    TASK [Install the broker] ******************************************************
    failed: [9lpo134] => StepFailed: install rabbitmq-server: apt-get ended with exit code 100
        place: playbooks/rabbitmq-ha.yml:10:7
        command: apt-get install -y rabbitmq-server
        exit code: 100
        stdout:
          Reading package lists...
        stderr:
          E: Unable to locate package rabbitmq-server
        way out: check the spelling, or the sources of the host
    ok: [9lpo192, 9lpo135]

    TASK [Configure the broker] ****************************************************
    would change: [9lpo192]
      - write /etc/rabbitmq/rabbitmq.conf
          mode: 0600 → 0644
          --- content before
          +++ content after
          @@ -1,2 +1,2 @@
           a = 1
          -b = 2
          +b = 3
      ? whether the unit is started: unknown until “Install the broker”
    owed: [9lpo135] => handler “Restart the broker”, by a run that died before it ran
    skipping: [9lpo135] => the condition \`master\` is false

    TASK [Set the policies] ********************************************************
    would change: [9lpo192] => (item=ha-two)
      - set the policy ha-two
    unreachable: [9lpo135 -> 9lpo192] => ConnectionLost: the connection was lost
        place: playbooks/rabbitmq-ha.yml:30:7
        exit code: none, it was killed
    ...ignoring

    RUNNING HANDLER [Restart the broker] *******************************************
    unknown: [9lpo192]
      ? whether it restarts: unknown until it is run

    PLAY RECAP *********************************************************************
    9lpo134                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0    unknown=0
    9lpo135                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0    unknown=0
    9lpo192                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0    unknown=0

    "
  `);
});

test('with -v', async () => {
  const { out } = await plain(story(false), 1);
  expect(out).toMatchInlineSnapshot(`
    "
    PLAY [RabbitMQ] ****************************************************************
    3 tasks on 3 hosts: 9lpo192, 9lpo134, 9lpo135

    TASK [Install the broker] ******************************************************
    place: playbooks/rabbitmq-ha.yml:10:7
    connected: [9lpo192] => root@10.0.0.2 by ssh, 0.20 s
    survey: [9lpo192] => look-ahead: 3 tasks, asks of packages 1, files 2, round trip 1, 0.30 s
    ok: [9lpo192] (0.12 s)
        returned: {"version":"3.10.8"}
    failed: [9lpo134] => StepFailed: install rabbitmq-server: apt-get ended with exit code 100 (0.12 s)
        place: playbooks/rabbitmq-ha.yml:10:7
        command: apt-get install -y rabbitmq-server
        exit code: 100
        stdout:
          Reading package lists...
        stderr:
          E: Unable to locate package rabbitmq-server
        way out: check the spelling, or the sources of the host
    ok: [9lpo135] (0.12 s)

    TASK [Configure the broker] ****************************************************
    place: playbooks/rabbitmq-ha.yml:20:7
    changed: [9lpo192] (0.12 s)
      - write /etc/rabbitmq/rabbitmq.conf
          mode: 0600 → 0644
          --- content before
          +++ content after
          @@ -1,2 +1,2 @@
           a = 1
          -b = 2
          +b = 3
      ? whether the unit is started: unknown until “Install the broker”
    notified: [9lpo192] => handler “Restart the broker”
    owed: [9lpo135] => handler “Restart the broker”, by a run that died before it ran
    skipping: [9lpo135] => the condition \`master\` is false (0.12 s)

    TASK [Set the policies] ********************************************************
    place: playbooks/rabbitmq-ha.yml:30:7
    ok: [9lpo192] => (item=ha-all) (0.12 s)
    changed: [9lpo192] => (item=ha-two) (0.12 s)
      - set the policy ha-two
    unreachable: [9lpo135 -> 9lpo192] => ConnectionLost: the connection was lost (0.12 s)
        place: playbooks/rabbitmq-ha.yml:30:7
        exit code: none, it was killed
    ...ignoring

    RUNNING HANDLER [Restart the broker] *******************************************
    place: playbooks/rabbitmq-ha.yml:40:7
    unknown: [9lpo192] (0.12 s)
      ? whether it restarts: unknown until it is run

    PLAY RECAP *********************************************************************
    9lpo134                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
    9lpo135                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
    9lpo192                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0

    finished in 7.00 s
    "
  `);
});

test('with -vv, steps, commands and their output too', async () => {
  const { out } = await plain(story(false), 2);
  expect(out).toContain(lines`
    |step: [9lpo192] => write rabbitmq.conf
    |    cat > rabbitmq.conf
    |stderr: [9lpo192] slow disk
    |step done: [9lpo192] => write rabbitmq.conf (0.50 s)
  `);
});

test('with -vvv, every event', async () => {
  const events = story(false);
  const { out } = await plain(events, 3);
  const shown = [...out.matchAll(/^event: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
  expect(shown).toEqual(events);
});

test('where hosts go their own ways, the title of the task comes again', async () => {
  const first = taskRef(1, 'First');
  const second = taskRef(2, 'Second');
  const start = (task: typeof first): RunEvent => ({ type: 'task-start', play: 'p', task, hosts: HOSTS });
  const { out } = await plain([
    start(first),
    result('9lpo192', first),
    start(second),
    result('9lpo192', second),
    result('9lpo134', first),
  ]);
  expect(out.replace(/ \*+/g, '')).toBe(lines`
    |
    |TASK [First]
    |ok: [9lpo192]
    |
    |TASK [Second]
    |ok: [9lpo192]
    |
    |TASK [First]
  `);
});

test('many hosts alike are counted', async () => {
  const task = taskRef(1, 'First');
  const many = Array.from({ length: 100 }, (_, index) => `web${index + 1}`);
  const { out } = await plain([
    { type: 'task-start', play: 'p', task, hosts: many },
    ...many.map(host => result(host, task)),
  ]);
  expect(out).toContain('\nok: [100 hosts]\n');
});

test('what a message prints in a loop is shown, once', async () => {
  const task = taskRef(1, 'Say');
  const { out } = await plain([
    { type: 'task-start', play: 'p', task, hosts: ['a'] },
    result('a', task, { item: '1', message: 'one' }),
    result('a', task, { item: '2', message: 'two\nlines' }),
    result('a', task, { message: 'All items are done' }),
  ]);
  expect(out).toContain(lines`
    |ok: [a] => (item=1) => one
    |ok: [a] => (item=2) => two
    |    lines
  `);
  expect(out).not.toContain('All items');
});

test('an interrupted run says where it stood', async () => {
  const { out } = await plain(wholeRun(false, [], { interrupted: true, stoodAt: { '9lpo134': 'Join' } }));
  expect(out).toContain(
    lines`
    |
    |Interrupted. It stood at:
    |  9lpo134: Join
    |Run it again to go on: what is done is not done twice.
    |
    |PLAY RECAP
  `.trimEnd(),
  );
});

test('colours, where they are wanted', async () => {
  const task = taskRef(1, 'First');
  const { out } = await plain([result('a', task, { status: 'changed' })], 0, true);
  expect(out).toContain('\u001b[33mchanged: [a]\u001b[0m\n');
});
