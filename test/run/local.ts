import { type Files, type Played, type PlayOptions, playCli, recapOf } from '../cli/play.ts';

/** Hosts that are all this machine, each with variables of its own. */
export function localHosts(...names: readonly string[]): string {
  return names.map(name => `${name} ansible_connection=local\n`).join('');
}

/** Runs a playbook on hosts `alpha`, `beta`, `gamma`, all of them this machine. */
export async function playLocally(
  playbook: string,
  args: readonly string[] = [],
  options: PlayOptions = {},
): Promise<Played> {
  return playCli(['site.yml', '-i', 'hosts', ...args], {
    ...options,
    files: {
      hosts: localHosts('alpha', 'beta', 'gamma'),
      'site.yml': playbook,
      ...options.files,
    } satisfies Files,
  });
}

/** The lines of results: `ok: [alpha] => hello`, changes and the like left out. */
export function resultsOf({ stdout }: Pick<Played, 'stdout'>): readonly string[] {
  return stdout
    .split('\n')
    .filter(line =>
      /^(ok|changed|would change|skipping|failed|unreachable|unknown|TASK|RUNNING HANDLER)\b/.test(line),
    )
    .map(line => line.replace(/ \*+$/, ''));
}

/** `alpha ok=1 failed=1`: the counts of the recap that are not 0. */
export function countsOf(played: Pick<Played, 'stdout'>): readonly string[] {
  return recapOf(played).map(line =>
    line
      .split(' ')
      .filter(word => word !== ':' && !word.endsWith('=0'))
      .join(' '),
  );
}
