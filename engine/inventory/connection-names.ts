import type { Diagnostics } from '../source/diagnostic.ts';
import { didYouMean, editDistance } from '../source/suggest.ts';
import type { Inventory, Variables } from './inventory.ts';

/** Variables by which a host is reached: a slip in one of these is never meant. */
const connectionNames: readonly string[] = [
  ...[
    'ansible_host',
    'ansible_port',
    'ansible_user',
    'ansible_password',
    'ansible_connection',
    'ansible_private_key_file',
  ],
  ...['ansible_ssh_host', 'ansible_ssh_port', 'ansible_ssh_user', 'ansible_ssh_pass', 'ansible_ssh_password'],
  ...['ansible_ssh_private_key_file', 'ansible_ssh_private_key_passphrase', 'ansible_ssh_known_hosts_file'],
  ...[
    'ansible_ssh_common_args',
    'ansible_ssh_extra_args',
    'ansible_ssh_executable',
    'ansible_ssh_pipelining',
  ],
  ...[
    'ansible_ssh_transfer_method',
    'ansible_ssh_timeout',
    'ansible_ssh_retries',
    'ansible_ssh_args',
    'ansible_timeout',
  ],
  ...[
    'ansible_become',
    'ansible_become_user',
    'ansible_become_method',
    'ansible_become_password',
    'ansible_become_pass',
  ],
  ...['ansible_become_exe', 'ansible_become_flags', 'ansible_sudo_pass', 'ansible_host_key_checking'],
  ...[
    'ansible_shell_type',
    'ansible_shell_executable',
    'ansible_python_interpreter',
    'ansible_remote_tmp',
    'ansible_pipelining',
  ],
];

/** Names that begin with `ansible_` and are right, though close to one of those: facts, and what other connections use. */
const otherNames = new Set([
  ...[
    'ansible_hostname',
    'ansible_hostnqn',
    'ansible_nodename',
    'ansible_user_id',
    'ansible_user_uid',
    'ansible_user_gid',
  ],
  ...[
    'ansible_user_dir',
    'ansible_user_shell',
    'ansible_user_gecos',
    'ansible_ssh_host_key',
    'ansible_ssh_control_path',
  ],
  ...[
    'ansible_scp_extra_args',
    'ansible_sftp_extra_args',
    'ansible_scp_executable',
    'ansible_sftp_executable',
  ],
  ...[
    'ansible_paramiko_host',
    'ansible_group_priority',
    'ansible_su_pass',
    'ansible_become_success',
    'ansible_shell_prompt',
  ],
]);

/** Warns of variables whose name is one or two slips away from that of a connection variable. */
export function reportConnectionTypos(inventory: Inventory, diagnostics: Diagnostics): void {
  for (const owner of [...inventory.groups.values(), ...inventory.hosts.values()])
    for (const variables of [owner.variables, owner.files.inventory, owner.files.playbook])
      report(variables, diagnostics);
}

function report(variables: Variables, diagnostics: Diagnostics): void {
  for (const [name, { keySpan }] of variables) {
    if (!name.startsWith('ansible_') || connectionNames.includes(name) || otherNames.has(name)) continue;
    const meant = didYouMean(name, connectionNames);
    if (meant !== undefined && editDistance(name, meant) <= 2)
      diagnostics.warning('unknown-connection-variable', `nothing reads “${name}”`, keySpan, {
        hint: `did you mean “${meant}”?`,
      });
  }
}
