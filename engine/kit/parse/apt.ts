/** One package in what apt would do. */
export interface AptChange {
  readonly name: string;
  /** The version that would be there; that which is there, for a removal. */
  readonly version: string;
}

/** What `apt-get --simulate` says that it would do, or why it cannot. */
export interface AptSimulation {
  readonly installs: readonly AptChange[];
  readonly removes: readonly AptChange[];
  /** apt's `E:` lines, where it cannot. Empty if it can. */
  readonly errors: readonly string[];
  /** What it says beside them: unmet dependencies, or who provides a virtual package. */
  readonly explanation: readonly string[];
}

/** How apt begins to explain an error; indented lines follow. */
const EXPLANATIONS = [
  /^The following packages have unmet dependencies:/,
  /^Package .* is a virtual package provided by:/,
];

/** Reads the lines of `apt-get --simulate` (stdout and stderr in one, LC_ALL=C). Never throws. */
export function parseAptSimulation(lines: readonly string[]): AptSimulation {
  const installs: AptChange[] = [];
  const removes: AptChange[] = [];
  const errors: string[] = [];
  const explanation: string[] = [];
  let explaining = false;
  for (const line of lines) {
    const change = /^(Inst|Remv|Purg) (\S+)(?: \[(\S+)\])?(?: \((\S+))?/.exec(line);
    const [, verb, name = '', old = '', fresh = old] = change ?? [];
    if (verb === 'Inst') installs.push({ name, version: fresh });
    else if (verb !== undefined) removes.push({ name, version: old });
    explaining = EXPLANATIONS.some(start => start.test(line)) || (explaining && line.startsWith(' '));
    if (explaining) explanation.push(line.trimEnd());
    else if (line.startsWith('E: ')) errors.push(line.slice(3));
  }
  return { installs, removes, errors, explanation };
}
