import { type AptChange, type AptSimulation, type Missing, Refusal } from '../../engine/kit/index.ts';

/** What apt says where it knows no such package, version or release; an earlier task may bring a repository that does. */
const UNKNOWN =
  /^(Unable to locate package|Couldn't find any package by|Version .* was not found|Release .* was not found|Package .* has no installation candidate|The value .* is invalid for APT::Default-Release)/;

const WAYS_OUT: readonly (readonly [RegExp, string])[] = [
  [/is a virtual package/, 'name one of these instead'],
  [/were downgraded/, 'if that is meant, say `allow_downgrade: true`'],
  [/Held packages/, 'if that is meant, say `allow_change_held_packages: true`, or `apt-mark unhold` it'],
  [/Essential packages/, 'the host would not work without them; nothing permits that here'],
];

/**
 * Why apt would not do it: something that may be brought by an earlier task, or else a Refusal is thrown, in apt's own words. Undefined
 * where it would.
 */
export function obstacle(does: string, { errors, explanation }: AptSimulation): Missing | undefined {
  if (errors.length === 0) return undefined;
  const isVirtual =
    errors.some(error => error.endsWith('has no installation candidate')) && explanation.length > 0;
  if (errors.every(error => UNKNOWN.test(error)) && !isVirtual)
    return { what: `what apt lacks (it says “${errors[0]}”)`, broughtBy: [] };
  const words = [...explanation, ...errors].join('\n');
  const wayOut = WAYS_OUT.find(([sign]) => sign.test(words))?.[1];
  throw new Refusal(
    `apt would not ${does}:\n${words}`,
    wayOut ?? 'make it possible by hand, or ask for something else',
  );
}

/** The refusal to have packages removed that nobody named. */
export function tooMuch(does: string, dragged: readonly AptChange[]): Refusal {
  return new Refusal(
    `to ${does}, apt would remove ${listed(dragged)}, too`,
    'if that is meant, say `allow_removals: true`',
  );
}

/** Packages with versions, for people. */
export function listed(changes: readonly AptChange[]): string {
  return changes.map(({ name, version }) => `${name} ${version}`).join(', ');
}
