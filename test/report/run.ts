import { Writable } from 'node:stream';
import type { Counts, Failure, Listener, Result, RunEvent, TaskRef } from '../../engine/run/events.ts';

/** A stream that keeps what is written to it. */
export class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** The text with every line's `|` margin taken off, so that expected output can be indented. */
export function lines(literals: TemplateStringsArray): string {
  return (literals.raw[0] ?? '')
    .split('\n')
    .filter(line => line.trim().startsWith('|'))
    .map(line => `${line.trim().slice(1)}\n`)
    .join('');
}

/** A task of the flagship. */
export function taskRef(id: number, name: string, more: Partial<TaskRef> = {}): TaskRef {
  return {
    id,
    name,
    module: 'apt',
    place: `playbooks/rabbitmq-ha.yml:${id * 10}:7`,
    handler: false,
    ...more,
  };
}

/** A result with nothing to tell. */
export function result(host: string, task: TaskRef, more: Partial<Result> = {}): Result {
  return {
    type: 'result',
    host,
    task,
    status: 'ok',
    changes: [],
    doubts: [],
    ignored: false,
    seconds: 0.12,
    ...more,
  };
}

/** Counts, zero but for those given. */
export function counts(more: Partial<Counts>): Counts {
  const none = {
    ok: 0,
    changed: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    rescued: 0,
    ignored: 0,
    unknown: 0,
  };
  return { ...none, ...more };
}

/** A step that failed. */
export const aptFailure: Failure = {
  kind: 'StepFailed',
  message: 'install rabbitmq-server: apt-get ended with exit code 100',
  command: 'apt-get install -y rabbitmq-server',
  exitCode: 100,
  stdout: 'Reading package lists...\n',
  stderr: 'E: Unable to locate package rabbitmq-server\n',
  hint: 'check the spelling, or the sources of the host',
};

/** The three hosts of the flagship. */
export const HOSTS = ['9lpo192', '9lpo134', '9lpo135'] as const;

/** The beginning of a run, and its end. */
export function wholeRun(
  check: boolean,
  events: readonly RunEvent[],
  end: Partial<RunEvent> = {},
): RunEvent[] {
  return [
    {
      type: 'run-start',
      version: 1,
      time: '2026-01-01T00:00:00Z',
      playbooks: ['playbooks/rabbitmq-ha.yml'],
      check,
      diff: true,
      forks: 10,
    },
    {
      type: 'play-start',
      play: 'RabbitMQ',
      place: 'playbooks/rabbitmq-ha.yml:1:3',
      hosts: HOSTS,
      tasks: 3,
    },
    ...events,
    { type: 'play-end', play: 'RabbitMQ' },
    {
      type: 'run-end',
      time: '2026-01-01T00:00:07Z',
      recap: Object.fromEntries(HOSTS.map(host => [host, counts({ ok: 7 })])),
      exitCode: 0,
      interrupted: false,
      seconds: 7,
      ...(end as object),
    },
  ];
}

/** What a reporter writes of the events. */
export async function told(
  makeReporter: (streams: { out: Writable; err: Writable }) => Listener,
  events: readonly RunEvent[],
): Promise<{ readonly out: string; readonly err: string }> {
  const out = new Kept();
  const err = new Kept();
  const reporter = makeReporter({ out, err });
  for (const event of events) reporter.on(event);
  await reporter.done?.();
  return { out: out.text, err: err.text };
}
