/** What `play` ends with. */
export const ExitCode = {
  fine: 0,
  /** A defect of `play` itself. */
  defect: 1,
  /** A host failed. */
  failed: 2,
  /** With `--detailed-exitcode`: something changed, or would. */
  changed: 3,
  /** A host was out of reach. */
  unreachable: 4,
  /** The playbook or inventory is wrong; nothing was connected. */
  mistaken: 4,
  /** Bad options on the command line. */
  usage: 5,
  interrupted: 99,
} as const;
