import { command, defineSource, type Plain, sh } from '../../engine/kit/index.ts';
import { parseOsRelease } from '../../engine/kit/parse/os-release.ts';
import { parseSections } from '../../engine/kit/parse/sections.ts';

/** The facts of a host under Ansible's names, without `ansible_`. */
export type Facts = Readonly<Record<string, Plain>>;

const script = sh`
echo '@@ nodename'; uname -n
echo '@@ fqdn'; timeout 5 hostname -f 2>/dev/null || uname -n
echo '@@ kernel'; uname -r
echo '@@ system'; uname -s
echo '@@ architecture'; uname -m
echo '@@ os-release'; cat /etc/os-release 2>/dev/null
echo '@@ debian_version'; cat /etc/debian_version 2>/dev/null
echo '@@ user'; id -un; id -u; id -g; echo "$HOME"
echo '@@ pkg_mgr'; for tool in apt-get dnf yum zypper apk pacman; do command -v $tool >/dev/null && echo $tool && break; done
echo '@@ service_mgr'; if [ -d /run/systemd/system ]; then echo systemd; else cat /proc/1/comm 2>/dev/null; fi
echo '@@ meminfo'; grep -E '^(MemTotal|MemFree|SwapTotal|SwapFree):' /proc/meminfo 2>/dev/null
echo '@@ processors'; getconf _NPROCESSORS_ONLN 2>/dev/null
echo '@@ machine_id'; cat /etc/machine-id 2>/dev/null
echo '@@ addresses'; ip -o addr show 2>/dev/null
echo '@@ route'; ip -o route show default 2>/dev/null
echo '@@ virtualization'; systemd-detect-virt 2>/dev/null
echo '@@ date'; date +%Y-%m-%dT%H:%M:%S%z; date +%s
:`;

/** Asks for all facts at once. */
export const facts = defineSource<Facts>({
  name: 'facts',
  command: () => command(script, { timeoutSeconds: 30, shown: 'gather facts' }),
  parse: (output, keys) => {
    const found = factsOf(
      new Map(
        parseSections(output.stdout.toString()).map(section => [section.name, section.lines.join('\n')]),
      ),
    );
    return new Map(keys.map(key => [key, found]));
  },
});

const PACKAGE_MANAGERS: Readonly<Record<string, string>> = { 'apt-get': 'apt' };

function factsOf(sections: ReadonlyMap<string, string>): Facts {
  const text = (name: string): string => sections.get(name)?.trim() ?? '';
  const [userId, uid, gid, home] = text('user').split('\n');
  const nodename = text('nodename');
  const addresses = addressesOf(text('addresses'));
  const route = /^default(?: via (\S+))? dev (\S+)/.exec(text('route'));
  const [iso, epoch] = text('date').split('\n');
  return {
    hostname: nodename.split('.')[0] ?? nodename,
    nodename,
    fqdn: text('fqdn'),
    domain: text('fqdn').split('.').slice(1).join('.'),
    kernel: text('kernel'),
    system: text('system'),
    architecture: text('architecture'),
    machine: text('architecture'),
    ...distributionOf(parseOsRelease(text('os-release')), text('debian_version')),
    user_id: userId ?? '',
    user_uid: Number(uid),
    user_gid: Number(gid),
    user_dir: home ?? '',
    pkg_mgr: PACKAGE_MANAGERS[text('pkg_mgr')] ?? text('pkg_mgr'),
    service_mgr: text('service_mgr'),
    memtotal_mb: megabytes(text('meminfo'), 'MemTotal'),
    memfree_mb: megabytes(text('meminfo'), 'MemFree'),
    swaptotal_mb: megabytes(text('meminfo'), 'SwapTotal'),
    processor_vcpus: Number(text('processors')),
    processor_nproc: Number(text('processors')),
    machine_id: text('machine_id'),
    interfaces: [...new Set(addresses.map(address => address.interface))],
    all_ipv4_addresses: addresses
      .filter(address => address.family === 'inet' && address.interface !== 'lo')
      .map(address => address.address),
    all_ipv6_addresses: addresses
      .filter(address => address.family === 'inet6' && address.interface !== 'lo')
      .map(address => address.address),
    default_ipv4: defaultAddress(addresses, route?.[1], route?.[2]),
    virtualization_type: text('virtualization') === 'none' ? '' : text('virtualization'),
    date_time: {
      iso8601: iso ?? '',
      epoch: epoch ?? '',
      date: iso?.slice(0, 10) ?? '',
      time: iso?.slice(11, 19) ?? '',
    },
  };
}

function distributionOf(release: ReadonlyMap<string, string>, debianVersion: string): Facts {
  const id = release.get('ID') ?? '';
  const name = release.get('NAME')?.replace(/ GNU\/Linux$/, '') ?? id;
  const like = `${id} ${release.get('ID_LIKE') ?? ''}`.split(' ');
  const version =
    id === 'debian' && /^\d/.test(debianVersion) ? debianVersion : (release.get('VERSION_ID') ?? '');
  return {
    distribution: name,
    distribution_version: version,
    distribution_major_version: (release.get('VERSION_ID') ?? '').split('.')[0] ?? '',
    distribution_release: release.get('VERSION_CODENAME') ?? '',
    os_family: like.includes('debian')
      ? 'Debian'
      : like.some(word => word === 'rhel' || word === 'fedora')
        ? 'RedHat'
        : name,
  };
}

interface Address {
  readonly interface: string;
  readonly family: string;
  readonly address: string;
  readonly prefix: string;
}

/** The lines of `ip -o addr`: `2: host0    inet 10.0.0.2/24 …`. */
function addressesOf(text: string): readonly Address[] {
  return [...text.matchAll(/^\d+: (\S+)\s+(inet6?) ([^/\s]+)(?:\/(\d+))?/gm)].map(found => ({
    interface: found[1] ?? '',
    family: found[2] ?? '',
    address: found[3] ?? '',
    prefix: found[4] ?? '',
  }));
}

function defaultAddress(
  addresses: readonly Address[],
  gateway: string | undefined,
  device: string | undefined,
): Plain {
  const found =
    addresses.find(address => address.interface === device && address.family === 'inet') ??
    addresses.find(address => address.interface !== 'lo' && address.family === 'inet');
  return found === undefined
    ? {}
    : {
        address: found.address,
        interface: found.interface,
        prefix: found.prefix,
        ...(gateway !== undefined && { gateway }),
      };
}

function megabytes(meminfo: string, field: string): number {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(meminfo)?.[1];
  return kibibytes === undefined ? 0 : Math.floor(Number(kibibytes) / 1024);
}
