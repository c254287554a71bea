/** What was found of a host: only what `up` decides by. */
export interface FoundHost {
  readonly name: string;
  readonly disk: boolean;
  readonly mounted: boolean;
  /** Its /etc/hosts names all hosts of the lab; meaningless where nothing is mounted. */
  readonly neighbours: boolean;
  readonly on: boolean;
  readonly plugged: boolean;
  readonly answers: boolean;
}

/** What was found of a lab and of this machine before anything is changed. */
export interface Found {
  readonly missingPackages: readonly string[];
  readonly base: boolean;
  readonly key: boolean;
  readonly bridge: boolean;
  readonly proxy: boolean;
  readonly hosts: readonly FoundHost[];
}

/** One thing that `up` does for the whole lab, before any host. */
export type LabAction =
  | { readonly kind: 'install-tools'; readonly packages: readonly string[] }
  | { readonly kind: 'make-base' }
  | { readonly kind: 'make-key' }
  | { readonly kind: 'make-bridge' }
  | { readonly kind: 'start-proxy' };

/** One thing that `up` does for a host; a host's own happen in order, those of different hosts at the same time. */
export type HostAction = 'make-disk' | 'mount-disk' | 'write-hosts' | 'switch-on' | 'plug-in' | 'revive';

/** All that a lab lacks. */
export interface Plan {
  readonly lab: readonly LabAction[];
  readonly hosts: ReadonlyMap<string, readonly HostAction[]>;
}

/** What is to be done so that every host of a lab answers; nothing where all do. */
export function planUp(found: Found): Plan {
  const needsBase = found.hosts.some(host => !host.disk) && !found.base;
  const lab: readonly (LabAction | false)[] = [
    found.missingPackages.length > 0 && { kind: 'install-tools', packages: found.missingPackages },
    needsBase && { kind: 'make-base' },
    !found.key && { kind: 'make-key' },
    !found.bridge && { kind: 'make-bridge' },
    !found.proxy && { kind: 'start-proxy' },
  ];
  const hosts = found.hosts.map(host => [host.name, planHost(host)] as const);
  return {
    lab: lab.filter(action => action !== false),
    hosts: new Map(hosts.filter(([, actions]) => actions.length > 0)),
  };
}

function planHost(host: FoundHost): readonly HostAction[] {
  if (!host.disk) return ['make-disk', 'switch-on'];
  const actions: readonly (HostAction | false)[] = [
    !host.mounted && 'mount-disk',
    !(host.mounted && host.neighbours) && 'write-hosts',
    !host.on && 'switch-on',
    host.on && !host.plugged && 'plug-in',
    host.on && !host.answers && 'revive',
  ];
  return actions.filter(action => action !== false);
}
