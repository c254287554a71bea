import { addressOf, type Lab } from './lab.ts';
import { layoutOf } from './layout.ts';

/** The inventory of a lab for `play`, as YAML. */
export function inventoryText(lab: Lab): string {
  const { privateKey, knownHosts } = layoutOf(lab.name);
  return [
    `# The hosts of the lab “${lab.name}” on this machine, written by \`play lab up\`.`,
    'rabbitmq:',
    '  hosts:',
    ...lab.hosts.flatMap(host => [`    ${host}:`, `      ansible_host: ${addressOf(lab, host)}`]),
    '  vars:',
    '    ansible_user: root',
    `    ansible_ssh_private_key_file: ${privateKey}`,
    '    # Instead of ~/.ssh/known_hosts, so that the hosts are verified strictly from the first connection on.',
    `    ansible_ssh_known_hosts_file: ${knownHosts}`,
    '',
  ].join('\n');
}

/** The known_hosts file of a lab: every host by name and by address, with each of its public keys. */
export function knownHostsText(lab: Lab, publicKeys: (host: string) => readonly string[]): string {
  const lines = lab.hosts.flatMap(host =>
    publicKeys(host).map(
      key => `${host},${addressOf(lab, host)} ${key.trim().split(' ').slice(0, 2).join(' ')}`,
    ),
  );
  return `${lines.join('\n')}\n`;
}
