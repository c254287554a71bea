/** What lookups may reach beyond the template: handed in, for the template reads no file and starts no process by itself. All of it is on the machine that the engine runs on. */
export interface Outside {
  /** An environment variable. */
  env(name: string): string | undefined;
  /** The text of a file, found as the playbook finds its files; none where there is none. */
  readFile?(path: string): string | undefined;
  /** What stands at a path. */
  kindOf?(path: string): 'file' | 'directory' | 'other' | undefined;
  /** The paths that a pattern of the shell matches. */
  glob?(pattern: string): readonly string[];
  /** The standard output of a shell command; throws where it fails. */
  run?(command: string): string;
}
