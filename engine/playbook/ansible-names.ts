/** Modules and keywords that Ansible's users will look for, and what there is instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  copy: 'use `file-content` (`content:`, `src_raw:`, or `from:` for a file of another host)',
  template: 'use `file-content` with `src:`',
  systemd: 'use `service`',
  ping: 'use `setup`, or any task: a host that does not answer is told as unreachable',
  roles: 'there are no roles: put their tasks and handlers into the play',
  include_tasks: 'there are no includes: put the tasks into the play, or in a `block:`',
  import_tasks: 'there are no includes: put the tasks into the play, or in a `block:`',
  import_playbook: 'name several playbooks in one call: `play FIRST.yml SECOND.yml`',
};

/** A module's name without its collection: `copy` for `ansible.builtin.copy`. */
export function shortName(name: string): string {
  return name.replace(/^ansible\.(builtin|legacy)\./, '');
}

/** What to do in the place of something of Ansible's that there is not. */
export function insteadOf(name: string): string | undefined {
  const short = shortName(name);
  if (Object.hasOwn(INSTEAD, short)) return INSTEAD[short];
  return short.startsWith('with_') ? 'use `loop:`' : undefined;
}
