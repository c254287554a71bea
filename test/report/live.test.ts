import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { liveReporter } from '../../engine/report/live.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { aptFailure, HOSTS, lines, result, taskRef, wholeRun } from './run.ts';
import { Terminal } from './terminal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const install = taskRef(1, 'Install the broker');
const join = taskRef(2, 'Join the cluster');
const start = (task: typeof install, hosts: readonly string[] = HOSTS): RunEvent => ({
  type: 'task-start',
  play: 'RabbitMQ',
  task,
  hosts,
});
const connected = (host: string): RunEvent => ({
  type: 'connected',
  host,
  transport: 'ssh',
  address: '10.0.0.1',
  user: 'root',
  seconds: 0.1,
});
const installed = [
  { step: 'install rabbitmq-server', drift: [{ field: 'version', before: null, after: '3.10' }] },
];

/** A live reporter on a terminal, after the beginning of a run. */
function live(columns = 60, rows = 24) {
  const terminal = new Terminal(columns);
  const reporter = liveReporter({
    out: terminal,
    err: terminal,
    columns: () => terminal.columns,
    rows: () => rows,
    colour: false,
    verbosity: 0,
  });
  const [runStart, playStart] = wholeRun(false, []);
  const tell = (...events: readonly (RunEvent | undefined)[]) => {
    for (const event of events) if (event !== undefined) reporter.on(event);
  };
  tell(runStart, playStart);
  return {
    terminal,
    reporter,
    tell,
    tick: async (times = 1) => await vi.advanceTimersByTimeAsync(100 * times),
  };
}

test('shows the hosts of a task as they move, with the last lines of a command', async () => {
  const { terminal, tell, tick } = live();
  tell(start(install), connected('9lpo192'), connected('9lpo134'));
  tell({ type: 'step-start', host: '9lpo134', task: install, step: 'install rabbitmq-server' });
  tell({
    type: 'output',
    host: '9lpo134',
    task: install,
    stream: 'stdout',
    text: 'one\ntwo\n\u001b[32mthree\u001b[0m\nUnpacking 10%\rUnpacking 50%',
  });
  tell(result('9lpo192', install));
  await tick(25);
  expect(terminal.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |⠴ Install the broker  (1 of 3, 2 s)
    |  ✔ 9lpo192  ok
    |  ⠴ 9lpo134  install rabbitmq-server (2 s)
    |      │ two
    |      │ three
    |      │ Unpacking 50%
    |  ⠴ 9lpo135  connects (2 s)
  `);
  expect(terminal.isCursorHidden).toBe(true);
});

test('leaves what ended: a line a task, changes once for hosts alike, failures in full, the recap', async () => {
  const { terminal, reporter, tell, tick } = live(120);
  tell(start(install), ...HOSTS.map(connected));
  await tick();
  tell(result('9lpo192', install));
  tell(result('9lpo134', install, { status: 'changed', changes: installed }));
  tell(result('9lpo135', install, { status: 'changed', changes: installed, seconds: 3 }));
  tell(start(join, ['9lpo134', '9lpo135']));
  await tick();
  tell(result('9lpo134', join, { status: 'failed', failure: aptFailure }));
  await tick();
  tell(...wholeRun(false, []).slice(2));
  await reporter.done?.();
  expect(terminal.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |✔ Install the broker  changed: 9lpo134, 9lpo135 · ok: 9lpo192
    |  changed: [9lpo134, 9lpo135]
    |    - install rabbitmq-server
    |        version: (none) → 3.10
    |✖ Join the cluster  failed: 9lpo134
    |  failed: [9lpo134] => StepFailed: install rabbitmq-server: apt-get ended with exit code 100
    |      place: playbooks/rabbitmq-ha.yml:20:7
    |      command: apt-get install -y rabbitmq-server
    |      exit code: 100
    |      stdout:
    |        Reading package lists...
    |      stderr:
    |        E: Unable to locate package rabbitmq-server
    |      way out: check the spelling, or the sources of the host
    |
    |PLAY RECAP *************************************************************************************************************
    |9lpo134                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
    |9lpo135                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
    |9lpo192                    : ok=7    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
  `);
  expect(terminal.isCursorHidden).toBe(false);
});

test('tells a host that failed at once, while the others go on', async () => {
  const { terminal, tell, tick } = live(80);
  tell(start(join), ...HOSTS.map(connected));
  tell(
    result('9lpo134', join, { status: 'unreachable', failure: { kind: 'HostDown', message: 'no answer' } }),
  );
  await tick();
  expect(terminal.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |⠙ Join the cluster  (1 of 3, 0 s)
    |  ⠙ 9lpo192
    |  ✖ 9lpo134  HostDown: no answer
    |  ⠙ 9lpo135
  `);
});

test('draws at most once in a tenth of a second, whatever a command writes', async () => {
  const { terminal, tell, tick } = live();
  tell(start(install), ...HOSTS.map(connected));
  await tick();
  const before = terminal.writes;
  for (let count = 0; count < 10_000; count += 1)
    tell({ type: 'output', host: '9lpo134', task: install, stream: 'stdout', text: `line ${count}\n` });
  await tick();
  expect(terminal.writes - before).toBe(1);
  expect(terminal.screen).toContain('│ line 9999');
});

test('stays whole when the terminal is made narrower', async () => {
  const { terminal, tell, tick } = live(60);
  const wide = taskRef(1, 'A task with a name that hardly fits into one line');
  tell(start(wide), ...HOSTS.map(connected));
  await tick();
  // What a terminal does with the lines that it holds.
  const narrow = new Terminal(30);
  narrow.write(terminal.screen);
  terminal.columns = 30;
  const rest: string[] = [];
  terminal.write = (chunk: string) => rest.push(chunk) > 0;
  await tick();
  for (const chunk of rest) narrow.write(chunk);
  expect(narrow.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |⠹ A task with a name that ha…
    |  ⠹ 9lpo192
    |  ⠹ 9lpo134
    |  ⠹ 9lpo135
  `);
});

test('a hundred hosts: those that move are shown as far as they fit, the rest is counted', async () => {
  const { terminal, tell, tick } = live(60, 8);
  const many = Array.from({ length: 100 }, (_, index) => `web${index + 1}`);
  tell(start(install, many), ...many.map(connected));
  for (const host of many.slice(0, 60)) tell(result(host, install));
  await tick();
  expect(terminal.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |⠙ Install the broker  (1 of 3, 0 s)
    |  ⠙ web61
    |  ⠙ web62
    |  ⠙ web63
    |  ⠙ web64
    |  … 96 more hosts: 36 under way, 60 done
  `);
  for (const host of many.slice(60)) tell(result(host, install));
  await tick();
  expect(terminal.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |✔ Install the broker  ok: 100 hosts
  `);
});

test('a task that a host never ended does not stay on the terminal once all its hosts went on', async () => {
  const { terminal, tell, tick } = live();
  tell(start(install), ...HOSTS.map(connected), result('9lpo192', install), start(join));
  await tick();
  expect(terminal.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |✔ Install the broker  ok: 9lpo192
    |⠙ Join the cluster  (2 of 3, 0 s)
    |  ⠙ 9lpo192
    |  ⠙ 9lpo134
    |  ⠙ 9lpo135
  `);
});

test('warnings stand above what is under way', async () => {
  const { terminal, tell, tick } = live();
  tell(start(install), ...HOSTS.map(connected));
  await tick();
  tell({ type: 'warning', message: 'the clock is off', host: '9lpo134' });
  expect(terminal.screen).toBe(lines`
    |
    |RabbitMQ (3 hosts)
    |[WARNING]: [9lpo134] the clock is off
    |⠙ Install the broker  (1 of 3, 0 s)
    |  ⠙ 9lpo192
    |  ⠙ 9lpo134
    |  ⠙ 9lpo135
  `);
});

test('a hostile host does not drive the terminal', async () => {
  const { terminal, tell, tick } = live();
  const hostile = '\u001b]0;title\u0007\u001b[2J\u009b2J\u202eevil';
  tell(start({ ...install, name: hostile }), ...HOSTS.map(connected));
  tell({ type: 'step-start', host: '9lpo134', task: install, step: hostile });
  tell({ type: 'output', host: '9lpo134', task: install, stream: 'stdout', text: hostile });
  await tick();
  tell(...HOSTS.map(host => result(host, install, { message: hostile })));
  const ours = /\u001b\[(\?25[lh]|\?2026[lh]|\d+A|0J)/g;
  expect(terminal.raw.replace(ours, '')).not.toMatch(
    /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/,
  );
});
