/** What was found of a host: only what `up` decides by. */
export interface FoundHost {
  readonly name: string;
  readonly disk: boolean;
  readonly mounted: boolean;
  /** Its /etc/hosts has all hosts of the lab; unknown, so false, where nothing is mounted. */
  readonly neighbours: boolean;
  readonly on: boolean;
  readonly plugged: boolean;
  readonly answers: boolean;
}

/** What was found of a lab before anything is changed. */
export interface Found {
  readonly base: boolean;
  readonly key: boolean;
  readonly bridge: boolean;
  readonly proxy: boolean;
  readonly hosts: readonly FoundHost[];
}

/** One thing that `up` does for the whole lab, before any host. */
export type LabAction = 'make-base' | 'make-key' | 'make-bridge' | 'start-proxy';

/** One thing that `up` does for a host; a host's own happen in order, those of different hosts at the same time. */
export type HostAction =
  | 'pull-plug'
  | 'make-disk'
  | 'mount-disk'
  | 'write-hosts'
  | 'switch-on'
  | 'plug-in'
  | 'revive';

/** All that a lab lacks; only hosts that lack something are in it. */
export interface Plan {
  readonly lab: readonly LabAction[];
  readonly hosts: ReadonlyMap<string, readonly HostAction[]>;
}

/** What is to be done so that every host of a lab answers; nothing where all do. */
export function planUp(found: Found): Plan {
  const needsBase = found.hosts.some(host => !host.disk) && !found.base;
  const hosts = found.hosts.map(host => [host.name, planHost(host)] as const);
  return {
    lab: listOf<LabAction>({
      'make-base': needsBase,
      'make-key': !found.key,
      'make-bridge': !found.bridge,
      'start-proxy': !found.proxy,
    }),
    hosts: new Map(hosts.filter(([, actions]) => actions.length > 0)),
  };
}

function planHost(host: FoundHost): readonly HostAction[] {
  // What runs on a half-made disk is no host.
  if (!host.disk) return ['pull-plug', 'make-disk', 'switch-on'];
  return listOf<HostAction>({
    'mount-disk': !host.mounted,
    'write-hosts': !host.neighbours,
    'switch-on': !host.on,
    'plug-in': host.on && !host.plugged,
    revive: host.on && !host.answers,
  });
}

/** The actions that are wanted, in the order in which they stand. */
function listOf<Action extends string>(wanted: Partial<Record<Action, boolean>>): readonly Action[] {
  // Object.entries forgets the type of the keys.
  const entries = Object.entries(wanted) as [Action, boolean][];
  return entries.filter(([, isWanted]) => isWanted).map(([action]) => action);
}
