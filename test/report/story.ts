import type { RunEvent } from '../../engine/run/events.ts';
import { aptFailure, HOSTS, result, taskRef, wholeRun } from './run.ts';

const install = taskRef(1, 'Install the broker');
const configure = taskRef(2, 'Configure the broker', { module: 'file-content' });
const policies = taskRef(3, 'Set the policies', { module: 'rabbitmq-policy' });
const restart = taskRef(4, 'Restart the broker', { module: 'service', handler: true });
const onFirst = { host: '9lpo192', task: configure };

/** The tasks of a run in which everything happens at least once. */
export function story(check: boolean): RunEvent[] {
  return wholeRun(check, [
    { type: 'task-start', play: 'RabbitMQ', task: install, hosts: HOSTS },
    { type: 'connected', host: '9lpo192', transport: 'ssh', address: '10.0.0.2', user: 'root', seconds: 0.2 },
    {
      type: 'survey',
      host: '9lpo192',
      purpose: 'look-ahead',
      tasks: 3,
      asks: { packages: 1, files: 2 },
      roundTrips: 1,
      seconds: 0.3,
    },
    { type: 'warning', message: 'the clock is off', host: '9lpo192', hint: 'install chrony' },
    { type: 'warning', message: 'the clock is off', host: '9lpo134', hint: 'install chrony' },
    result('9lpo192', install, { returned: { version: '3.10.8' } }),
    result('9lpo134', install, { status: 'failed', failure: aptFailure }),
    result('9lpo135', install),
    { type: 'task-start', play: 'RabbitMQ', task: configure, hosts: ['9lpo192', '9lpo135'] },
    { type: 'step-start', ...onFirst, step: 'write rabbitmq.conf', commands: ['cat > rabbitmq.conf'] },
    { type: 'output', ...onFirst, stream: 'stderr', text: 'slow disk\n' },
    { type: 'step-end', ...onFirst, step: 'write rabbitmq.conf', seconds: 0.5 },
    result('9lpo192', configure, {
      status: 'changed',
      changes: [
        {
          step: 'write /etc/rabbitmq/rabbitmq.conf',
          drift: [
            { field: 'mode', before: '0600', after: '0644' },
            { field: 'content', before: 'a = 1\nb = 2\n', after: 'a = 1\nb = 3\n' },
          ],
        },
      ],
      doubts: [{ what: 'whether the unit is started', until: 'Install the broker' }],
    }),
    { type: 'notified', host: '9lpo192', handler: 'Restart the broker', by: configure, owed: false },
    { type: 'notified', host: '9lpo135', handler: 'Restart the broker', by: configure, owed: true },
    result('9lpo135', configure, { status: 'skipped', message: 'the condition `master` is false' }),
    { type: 'task-start', play: 'RabbitMQ', task: policies, hosts: ['9lpo192', '9lpo135'] },
    result('9lpo192', policies, { item: 'ha-all' }),
    result('9lpo192', policies, {
      item: 'ha-two',
      status: 'changed',
      changes: [{ step: 'set the policy ha-two', drift: [] }],
    }),
    result('9lpo192', policies, {
      status: 'changed',
      changes: [{ step: 'set the policy ha-two', drift: [] }],
    }),
    result('9lpo135', policies, {
      status: 'unreachable',
      delegatedTo: '9lpo192',
      ignored: true,
      failure: { kind: 'ConnectionLost', message: 'the connection was lost', exitCode: null },
    }),
    { type: 'task-start', play: 'RabbitMQ', task: restart, hosts: ['9lpo192'] },
    result('9lpo192', restart, { status: 'unknown', doubts: [{ what: 'whether it restarts' }], check: true }),
  ]);
}
