import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostFiles, withHosts } from '../../engine/lab/host-files.ts';
import { inventoryText, knownHostsText } from '../../engine/lab/inventory.ts';
import {
  addressOf,
  bridgeName,
  cableName,
  checkLabName,
  defaultLabName,
  hostNames,
  type Lab,
  mostHosts,
  subnetOf,
} from '../../engine/lab/lab.ts';
import { overlaps } from '../../engine/lab/subnet.ts';
import { widened } from '../../engine/lab/wanted.ts';

const lab: Lab = { name: 'lab', release: 'bookworm', octet: 7, hosts: ['9lpo192', '9lpo134'] };

describe('names and addresses', () => {
  test('the first hosts are 9lpo192, 9lpo134, 9lpo135, then 9lpo201 and so on', () => {
    expect(hostNames(5)).toEqual(['9lpo192', '9lpo134', '9lpo135', '9lpo201', '9lpo202']);
  });

  test('every host of the largest lab has an address of its own in the network, and it is not the bridge', () => {
    const largest = { ...lab, hosts: hostNames(mostHosts) };
    const addresses = largest.hosts.map(host => addressOf(largest, host));
    expect(new Set(addresses).size).toBe(mostHosts);
    for (const address of addresses) {
      expect(overlaps(subnetOf(largest), address)).toBe(true);
      expect(Number(address.split('.')[3])).toBeGreaterThan(1);
      expect(Number(address.split('.')[3])).toBeLessThan(255);
    }
  });

  test('interface names have at most 15 characters, and differ between labs and hosts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 254 }), octet => {
        const one = { ...lab, octet };
        const names = [bridgeName(one), ...hostNames(mostHosts).map(host => cableName(one, host))];
        expect(Math.max(...names.map(name => name.length))).toBeLessThanOrEqual(15);
        expect(new Set(names).size).toBe(names.length);
        expect(names).not.toContain(bridgeName({ ...lab, octet: (octet % 254) + 1 }));
      }),
    );
  });

  test('the environment names the lab that is meant', () => {
    expect(defaultLabName({})).toBe('lab');
    expect(defaultLabName({ PLAY_LAB: '' })).toBe('lab');
    expect(defaultLabName({ PLAY_LAB: 'other' })).toBe('other');
  });

  test.each([
    ['base', 'a lab cannot be named “base”: a folder of that name serves all labs', 'choose another name'],
    [
      '../x',
      '“../x” cannot be the name of a lab',
      'use at most 31 small letters, digits and hyphens, beginning with a letter',
    ],
  ])('%s is no name for a lab', (name, message, hint) => {
    expect(() => checkLabName(name)).toThrow(expect.objectContaining({ name: 'LabError', message, hint }));
  });
});

describe('a lab that is there already', () => {
  test('stays the same object where it is as it is wished for', () => {
    expect(widened(lab, {})).toBe(lab);
    expect(widened(lab, { hosts: 2, release: 'bookworm' })).toBe(lab);
  });

  test('gets more hosts', () => {
    expect(widened(lab, { hosts: 4 })).toEqual({ ...lab, hosts: hostNames(4) });
  });

  test.each([
    [{ hosts: 1 }, 'the lab “lab” has 2 hosts, and none is removed to make it 1'],
    [{ release: 'trixie' } as const, 'the hosts of the lab “lab” are of bookworm, not of trixie'],
  ])('is not made into %o', (wish, message) => {
    const hint =
      'throw it away first with `play lab down --wipe`, or name another with PLAY_LAB=NAME in the environment';
    expect(() => widened(lab, wish)).toThrow(expect.objectContaining({ message, hint }));
  });

  test('has no more hosts than it has numbers for', () => {
    expect(() => widened(lab, { hosts: 58 })).toThrow('a lab has 1 to 57 hosts, not 58');
  });
});

describe('what is written', () => {
  test('the inventory', () => {
    expect(inventoryText(lab)).toBe(`# The hosts of the lab “lab” on this machine, written by \`play lab up\`.
rabbitmq:
  hosts:
    9lpo192:
      ansible_host: 10.213.7.192
    9lpo134:
      ansible_host: 10.213.7.134
  vars:
    ansible_user: root
    ansible_ssh_private_key_file: /var/lib/play/lab/lab/id_ed25519
    # Instead of ~/.ssh/known_hosts, so that the hosts are verified strictly from the first connection on.
    ansible_ssh_known_hosts_file: /var/lib/play/lab/lab/known_hosts
`);
  });

  test('known_hosts has each key of each host, by name and by address, without its comment', () => {
    const keys = (host: string) => [`ssh-rsa AAAA${host} root@x\n`, `ssh-ed25519 BBBB${host} root@x\n`];
    expect(knownHostsText(lab, keys)).toBe(`9lpo192,10.213.7.192 ssh-rsa AAAA9lpo192
9lpo192,10.213.7.192 ssh-ed25519 BBBB9lpo192
9lpo134,10.213.7.134 ssh-rsa AAAA9lpo134
9lpo134,10.213.7.134 ssh-ed25519 BBBB9lpo134
`);
  });

  const identity = {
    authorizedKey: 'ssh-ed25519 KEY lab',
    hostKeys: new Map([
      ['ssh_host_ed25519_key', 'private'],
      ['ssh_host_ed25519_key.pub', 'public'],
    ]),
    machineId: '0123',
  };

  test('a host has its name, its address, its neighbours, its keys and the proxy', () => {
    const files = hostFiles(lab, '9lpo134', identity);
    const shown = files.map(({ path, mode, owner }) => `${mode.toString(8)} ${owner} ${path}`);
    expect(shown).toEqual([
      '644 0 /etc/hostname',
      '644 0 /etc/hosts',
      '444 0 /etc/machine-id',
      '644 0 /etc/systemd/network/10-host0.network',
      '644 0 /etc/apt/apt.conf.d/31lab-proxy',
      '600 0 /etc/ssh/ssh_host_ed25519_key',
      '644 0 /etc/ssh/ssh_host_ed25519_key.pub',
      '600 0 /root/.ssh/authorized_keys',
      '600 1000 /home/ops/.ssh/authorized_keys',
      '600 1001 /home/pat/.ssh/authorized_keys',
      '600 1002 /home/nosudo/.ssh/authorized_keys',
    ]);
    const contentOf = (path: string) => files.find(file => file.path === path)?.content;
    expect(contentOf('/etc/hosts')).toBe(`127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
10.213.7.192 9lpo192
10.213.7.134 9lpo134
`);
    expect(contentOf('/etc/systemd/network/10-host0.network')).toContain('\nAddress=10.213.7.134/24\n');
    expect(contentOf('/etc/apt/apt.conf.d/31lab-proxy')).toBe(
      'Acquire::http::Proxy "http://10.213.7.1:3142";\n',
    );
  });

  test('only trixie, whose ssh server would shut out whoever waits for it, is told not to', () => {
    const conf = (release: Lab['release']) =>
      hostFiles({ ...lab, release }, '9lpo134', identity).find(
        file => file.path === '/etc/ssh/sshd_config.d/lab.conf',
      );
    expect(conf('bookworm')).toBeUndefined();
    expect(conf('trixie')?.content).toBe('PerSourcePenalties no\n');
  });

  test('an /etc/hosts gets the lines it lacks, once, and keeps all others', () => {
    const text = '127.0.0.1 localhost\n10.213.7.134 9lpo134\n10.0.0.1 mine';
    const completed = `${text}\n10.213.7.192 9lpo192\n`;
    expect(withHosts(text, lab)).toBe(completed);
    expect(withHosts(completed, lab)).toBe(completed);
  });
});
