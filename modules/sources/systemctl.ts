import { type Command, command, join, sh } from '../../engine/kit/index.ts';
import type { Unit } from './units.ts';

/** Services may take long to start; RabbitMQ's unit allows itself ten minutes. Seconds. */
const LONGEST = 1200;

/** What is done to a unit. */
export type Verb = 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable' | 'mask' | 'unmask';

/** Types that tell when they are ready, or have ended by then: no need to look again. */
const READY_WHEN_STARTED = ['notify', 'notify-reload', 'dbus', 'oneshot'];

/** One `systemctl VERB`. Unit files that have changed are read first; where it fails, the unit's status and last log lines go to stderr. */
export function systemctl(verb: Verb, name: string, unit?: Unit): Command {
  return command(
    join([
      sh`explain() { code=$?; systemctl status --no-pager --full --lines=20 -- ${name} >&2; exit $code; }`,
      ...(unit?.isStale === true ? [sh`systemctl daemon-reload || exit`] : []),
      // A unit that has failed too often is not started again before this.
      ...(unit?.active === 'failed' ? [sh`systemctl reset-failed -- ${name}`] : []),
      sh`systemctl ${verb} -- ${name} || explain`,
      ...afterwards(verb, name, unit),
    ]),
    { timeoutSeconds: LONGEST, shown: `systemctl ${verb} ${name}` },
  );
}

function afterwards(verb: Verb, name: string, unit: Unit | undefined) {
  switch (verb) {
    case 'stop':
      // A service that ends with an exit code of its own when it is stopped counts as failed.
      return [sh`systemctl --quiet is-failed -- ${name} && systemctl reset-failed -- ${name}`, sh`:`];
    case 'start':
    case 'restart': {
      if (unit === undefined || unit.type === '' || READY_WHEN_STARTED.includes(unit.type)) return [];
      return [sh`sleep 1`, sh`systemctl --quiet is-active -- ${name} || explain`];
    }
    default:
      return [];
  }
}
