/** The variables that the engine itself gives every task; `ansible_…` ones beside these are facts or say how a host is reached. */
export const MAGIC_NAMES: readonly string[] = [
  ...[
    'inventory_hostname',
    'inventory_hostname_short',
    'inventory_dir',
    'inventory_file',
    'group_names',
    'groups',
    'hostvars',
  ],
  ...[
    'omit',
    'playbook_dir',
    'play_hosts',
    'ansible_check_mode',
    'ansible_diff_mode',
    'ansible_forks',
    'ansible_version',
  ],
  ...[
    'ansible_run_tags',
    'ansible_skip_tags',
    'ansible_play_name',
    'ansible_play_hosts',
    'ansible_play_hosts_all',
    'ansible_play_batch',
    'ansible_playbook_name',
  ],
];

/** Variables that say how a host is reached or how the run goes: never facts, so asking for one that is not set does not ask the host. */
export const CONNECTION_NAMES =
  /^ansible_(host|port|user|password|connection|become.*|ssh_.*|private_key_file|sudo_.*|shell_.*|python_interpreter|host_key_checking|timeout|check_mode|diff_mode|play_.*|playbook_.*|version|loop.*|index_var|run_tags|skip_tags|limit|inventory_sources|forks|verbosity|role_name|parent_role_.*|failed_.*|search_path|config_file|collection_name|dependent_role_names|facts_.*|group_priority|winrm_.*|network_os)$/;

/** Whether a name is one that only a host's facts can have. */
export function isFactName(name: string): boolean {
  return name.startsWith('ansible_') && !CONNECTION_NAMES.test(name);
}
