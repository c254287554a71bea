import {
  command,
  defineSource,
  ProbeError,
  parseUnits,
  sh,
  type UnitProperties,
} from '../../engine/kit/index.ts';

/** A unit as systemd knows it; properties as in systemctl(1) and org.freedesktop.systemd1(5). */
export interface Unit {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`. */
  readonly load: string;
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`. */
  readonly active: string;
  /** `enabled`, `disabled`, `static`, `masked`, `indirect`, `generated` …; empty where there is no unit file. */
  readonly unitFile: string;
  /** Of a service: `simple`, `notify`, `oneshot` …; empty for other units. */
  readonly type: string;
  readonly remainsAfterExit: boolean;
  readonly canReload: boolean;
  /** Whether its files have changed since systemd read them. */
  readonly isStale: boolean;
  /** Whether it was generated from a script in /etc/init.d. */
  readonly isSysv: boolean;
  /** Whether a script of this name is started at boot by a link in /etc/rc?.d; what counts for those. */
  readonly startsBySysv: boolean;
}

/** One `systemctl show` for the units of all tasks. Keys are full names (`ssh.service`). Undefined where systemd does not run. */
export const units = defineSource<Unit | undefined>({
  name: 'units',
  command: keys =>
    command(
      sh`
[ -d /run/systemd/system ] || { echo '@@ none'; exit 0; }
systemctl show --property=${PROPERTIES} -- ${keys} || exit
for unit in ${keys}; do
set -- /etc/rc[2-5].d/S[0-9][0-9]"\${unit%.service}"
[ ! -e "$1" ] || echo "@@ sysv $unit"
done`,
      { shown: `systemctl show ${keys.join(' ')}` },
    ),
  parse: (output, keys) => {
    const [shown = '', ...notes] = output.stdout.toString().split(/^@@ /m);
    if (notes[0]?.startsWith('none') === true) return new Map(keys.map(key => [key, undefined]));
    const found = parseUnits(shown);
    if (found.length !== keys.length)
      throw new ProbeError(`systemctl showed ${found.length} units where ${keys.length} were asked for`);
    const sysv = new Set(notes.map(note => note.replace(/^sysv /, '').trimEnd()));
    return new Map(keys.map((key, index) => [key, unitOf(found[index] ?? new Map(), sysv.has(key))]));
  },
});

const PROPERTIES =
  'LoadState,ActiveState,UnitFileState,Type,RemainAfterExit,CanReload,NeedDaemonReload,SourcePath';

function unitOf(properties: UnitProperties, startsBySysv: boolean): Unit {
  const text = (name: string): string => properties.get(name) ?? '';
  const load = text('LoadState');
  if (load === '') throw new ProbeError('systemctl showed a unit without LoadState');
  return {
    load,
    active: text('ActiveState'),
    unitFile: text('UnitFileState'),
    type: text('Type'),
    remainsAfterExit: text('RemainAfterExit') === 'yes',
    canReload: text('CanReload') === 'yes',
    isStale: text('NeedDaemonReload') === 'yes',
    isSysv: text('SourcePath').startsWith('/etc/init.d/'),
    startsBySysv,
  };
}
