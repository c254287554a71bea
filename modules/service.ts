import {
  ask,
  defineModule,
  type Infer,
  map,
  type Planned,
  Refusal,
  type Step,
  unreachable,
} from '../engine/kit/index.ts';
import { systemctl, type Verb } from './sources/systemctl.ts';
import { type Unit, units } from './sources/units.ts';

const args = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.@:\\\\-]*[A-Za-z0-9_:\\\\-](\\.[a-z]+)?$',
      aliases: ['service', 'unit'],
      description:
        'The unit: `rabbitmq-server`, `getty@tty1`, `apt-daily.timer`; without a suffix, a service.',
    },
    state: {
      type: 'string',
      enum: ['started', 'stopped', 'restarted', 'reloaded'],
      description:
        '`started` and `stopped` are states; `restarted` and `reloaded` are done each time (`reloaded` starts what does not run).',
    },
    enabled: { type: 'boolean', description: 'Whether it is started at boot.' },
    masked: { type: 'boolean', description: 'Whether nothing at all can start it.' },
    daemon_reload: {
      type: 'boolean',
      aliases: ['daemon-reload'],
      description:
        'As in Ansible, but not needed: before a step, systemd always reads unit files again that have changed.',
    },
  },
  required: ['name'],
} as const;
type Args = Infer<typeof args>;

interface State {
  readonly state: 'started' | 'stopped' | 'failed' | 'starting' | 'stopping';
  readonly enabled: boolean;
  readonly masked: boolean;
  /** None where systemd does not run. */
  readonly unit?: Unit;
}

/** Units of systemd's, services above all. */
export default defineModule({
  name: 'service',
  aliases: [
    'ansible.builtin.service',
    'systemd',
    'ansible.builtin.systemd',
    'systemd_service',
    'ansible.builtin.systemd_service',
  ],
  summary: 'A service runs or not, and is started at boot or not.',
  notes: `
- One \`systemctl show\` answers for all \`service\` tasks of a host.
- Started means that it *stays*: a service that does not tell when it is ready is looked at again a second later. Where it failed, the task
  shows \`systemctl status\` with the last lines of its journal.
- A unit that is not there is an error, unless an earlier task of the playbook may bring it: then a check says that it cannot be known (Debian starts most
  services when they are installed).
- A oneshot service that does not remain after its exit cannot be *started* as a state: it is run each time.
- A masked unit is refused, unless \`masked: false\` is said. So is enabling a static unit, which Ansible silently leaves as it is.`,
  args,
  examples: [
    {
      title: 'Running, now and after a boot',
      yaml: `
- name: RabbitMQ runs
  service:
    name: rabbitmq-server
    state: started
    enabled: true
`,
    },
    {
      title: 'A handler',
      yaml: `
- name: Restart RabbitMQ
  service: { name: rabbitmq-server, state: restarted }
`,
    },
    {
      title: 'A timer that is to rest',
      yaml: `
- name: No upgrades behind our back
  service:
    name: apt-daily-upgrade.timer
    state: stopped
    enabled: false
`,
    },
  ],
  mistake(args) {
    if (/@(\.|$)/.test(args.name))
      return `“${args.name}” is a template: name an instance of it, e.g. \`getty@tty1\``;
    if (
      args.masked === true &&
      (args.enabled === true || (args.state !== undefined && args.state !== 'stopped'))
    )
      return 'what is masked can be neither started nor enabled';
    if (args.state === undefined && args.enabled === undefined && args.masked === undefined)
      return 'asks for nothing: give `state`, `enabled` or `masked`';
    return undefined;
  },
  probe: args => map(ask(units, unitName(args)), stateOf),
  plan: (args, state) => {
    const { unit } = state;
    if (unit === undefined)
      throw new Refusal('systemd does not run on this host', 'keep the task from such hosts by `when`');
    if (unit.load === 'not-found') return notThere(args);
    refuseMasked(args, state);
    return [
      ...(args.masked === false && state.masked ? [step(args, unit, 'unmask', { masked: false })] : []),
      ...boot(args, state, unit),
      ...activity(args, state, unit),
      ...(args.masked === true && !state.masked
        ? [step(args, unit, 'mask', { masked: true, enabled: false })]
        : []),
    ];
  },
  returns: (args, state) => ({
    name: args.name,
    state: state.state,
    enabled: state.enabled,
    status: state.unit ?? {},
  }),
});

const SUFFIX = /\.(service|socket|target|timer|path|mount|automount|swap|device|slice|scope)$/;

function unitName({ name }: Args): string {
  return SUFFIX.test(name) ? name : `${name}.service`;
}

/** The name by which packages and people know it: a service's without its suffix. */
function shortName(args: Args): string {
  return unitName(args).replace(/\.service$/, '');
}

const STATES: Readonly<Record<string, State['state']>> = {
  active: 'started',
  reloading: 'started',
  refreshing: 'started',
  failed: 'failed',
  activating: 'starting',
  deactivating: 'stopping',
};

function stateOf(unit: Unit | undefined): State {
  if (unit === undefined) return { state: 'stopped', enabled: false, masked: false };
  return {
    state: STATES[unit.active] ?? 'stopped',
    enabled: unit.unitFile === 'enabled' || (unit.isSysv && unit.startsBySysv),
    masked: unit.load === 'masked',
    unit,
  };
}

/** One `systemctl VERB`. Packages start, stop and enable units too, and tasks restart them: a check minds that. */
function step(args: Args, unit: Unit | undefined, verb: Verb, becomes: Partial<State>): Step<State> {
  const short = shortName(args);
  const ofPackage = `package:${short}` as const;
  const ofUnit = `unit:${short}` as const;
  const isActivity = verb === 'start' || verb === 'stop' || verb === 'restart';
  return {
    title: `${verb} ${short}`,
    run: [systemctl(verb, unitName(args), unit)],
    becomes,
    hinges: isActivity ? [ofPackage, ofUnit] : [ofPackage],
    ...(isActivity && { settles: [ofUnit] }),
  };
}

/** A step that is an action: done each time, whatever the state. */
function action(args: Args, unit: Unit | undefined, verb: Verb): Step<State> {
  const { hinges: _, ...rest } = step(args, unit, verb, {});
  return { ...rest, repeats: true };
}

/** Whether the package that brings the unit starts it, nobody can know before; a restart happens in any case. */
function notThere(args: Args): readonly Planned<State>[] {
  const awaits = {
    what: `the unit ${unitName(args)}`,
    broughtBy: [`package:${shortName(args)}`],
  } as const;
  if (args.state === 'restarted') return [{ ...action(args, undefined, 'restart'), awaits }];
  if (args.state === 'reloaded') return [{ ...action(args, undefined, 'reload'), awaits }];
  const wishes = [
    args.state ?? '',
    args.enabled === undefined ? '' : args.enabled ? 'enabled' : 'disabled',
    args.masked === true ? 'masked' : '',
  ].filter(word => word !== '');
  return [{ doubt: `whether ${shortName(args)} has yet to be ${wishes.join(' and ')}`, awaits }];
}

function refuseMasked(args: Args, { masked, state, enabled }: State): void {
  const starts =
    args.state !== undefined &&
    args.state !== 'stopped' &&
    !(args.state === 'started' && state === 'started');
  if (masked && args.masked === undefined && (starts || (args.enabled === true && !enabled)))
    throw new Refusal(
      `${unitName(args)} is masked: somebody wants nothing to start it`,
      'if it shall be started all the same, say `masked: false`',
    );
}

/** What `systemctl enable` can do nothing about. */
const NOT_TO_ENABLE: Readonly<Record<string, string>> = {
  static: 'its unit file has no [Install] section; other units start it',
  indirect: 'its unit file only names others to enable, in Also=',
  generated: 'it is generated anew at each boot',
  transient: 'it is gone with the next boot',
};

function boot(args: Args, { enabled }: State, unit: Unit): readonly Step<State>[] {
  if (args.enabled === undefined || args.enabled === enabled) return [];
  const reason = NOT_TO_ENABLE[unit.unitFile];
  if (args.enabled && reason !== undefined && !unit.isSysv)
    throw new Refusal(`${unitName(args)} cannot be enabled: ${reason}`, 'leave `enabled` out');
  return [step(args, unit, args.enabled ? 'enable' : 'disable', { enabled: args.enabled })];
}

function activity(args: Args, { state }: State, unit: Unit): readonly Step<State>[] {
  if (args.state === undefined) return [];
  const isRunning = state === 'started';
  switch (args.state) {
    case 'stopped':
      return state === 'stopped' || state === 'failed'
        ? []
        : [step(args, unit, 'stop', { state: 'stopped' })];
    case 'started':
      if (unit.type === 'oneshot' && !unit.remainsAfterExit) return [action(args, unit, 'start')];
      return isRunning ? [] : [step(args, unit, 'start', { state: 'started' })];
    case 'restarted':
      return [action(args, unit, 'restart')];
    case 'reloaded':
      if (!unit.canReload)
        throw new Refusal(
          `${unitName(args)} cannot be reloaded: its unit file has no ExecReload=`,
          'say `state: restarted`',
        );
      return isRunning ? [action(args, unit, 'reload')] : [step(args, unit, 'start', { state: 'started' })];
    default:
      return unreachable(args.state);
  }
}
