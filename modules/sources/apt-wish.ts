import { type AptSimulation, unreachable } from '../../engine/kit/index.ts';
import { type AptAnswer, rowOf, type Wanted } from './apt.ts';

/** A package as a task wants it. */
export interface Wish {
  readonly wanted: Wanted;
  /** The field of the task's state. */
  readonly field: `package ${string}`;
  /** What that field is to be. */
  readonly becomes: string;
}

/** By package: the very word of the wish (`present`, `absent`, `latest`, a version) where it is fulfilled; otherwise what is there instead. */
export type PackageFields = Readonly<Record<Wish['field'], string>>;

/** The state in which a task wants its packages. */
export interface Goal {
  readonly state: 'present' | 'latest' | 'absent';
  readonly purge: boolean;
}

/** A wish from `NAME`, `NAME:ARCHITECTURE` or either with `=VERSION`. */
export function wishOf(asked: string, goal: Goal): Wish {
  const [name = '', version] = asked.split('=');
  return {
    wanted: { name, ...(version !== undefined && { version }) },
    field: `package ${name}`,
    becomes: version ?? goal.state,
  };
}

/** The fields of several wishes, with the value that each gives. */
export function packageFields(wishes: readonly Wish[], value: (wish: Wish) => string): PackageFields {
  // `Object.fromEntries` forgets what keys are like.
  return Object.fromEntries(wishes.map(wish => [wish.field, value(wish)])) as PackageFields;
}

/** What is so of a package, in the words of the wish. */
export function found({ wanted, becomes }: Wish, { state, purge }: Goal, answer: AptAnswer): string {
  const row = rowOf(wanted, answer);
  if (row === undefined || row.state === 'absent' || (row.state === 'configuration files' && !purge))
    return state === 'present' && isProvided(wanted, answer) ? becomes : 'absent';
  if (row.state !== 'installed') return row.state;
  switch (state) {
    case 'absent':
      return row.version;
    case 'latest':
      return isOutdated(wanted, answer.simulation) ? row.version : becomes;
    case 'present':
      return wanted.version === undefined || matchesGlob(row.version, wanted.version) ? becomes : row.version;
    default:
      return unreachable(state);
  }
}

function isProvided({ name, version }: Wanted, { rows }: AptAnswer): boolean {
  return version === undefined && rows.some(row => row.state === 'installed' && row.provides.includes(name));
}

/** apt was only asked if there is a newer version. Where it then cannot say what it would do, this one is not the latest. */
function isOutdated({ name }: Wanted, simulation: AptSimulation | undefined): boolean {
  if (simulation === undefined) return false;
  return simulation.errors.length > 0 || simulation.installs.some(change => change.name === name);
}

function matchesGlob(version: string, glob: string): boolean {
  const pattern = glob.replace(/[.+]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${pattern}$`).test(version);
}
