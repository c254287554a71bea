import { ProbeError } from '../errors.ts';

const field = (name: string): string => `\${${name}}`;

/** The format of `dpkg-query -W -f` that parseDpkgLine reads; dpkg-query itself knows `\t` and `\n`. */
export const DPKG_FORMAT = `${field('db:Status-Abbrev')}\\t${field('Package')}=${field('Version')}\\t${field('Architecture')}\\t${field('Provides')}\\n`;

/** What dpkg says of a package: deb's states, gathered into what matters to somebody who wants it there. */
export type DpkgState =
  | 'installed'
  | 'absent'
  | 'configuration files'
  | 'half-installed'
  | 'unpacked'
  | 'half-configured';

/** A row of dpkg's database. */
export interface DpkgRow {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly state: DpkgState;
  /** Names of the virtual packages that it provides. */
  readonly provides: readonly string[];
}

/** The second letter of dpkg-query's status (dpkg-query(1)). A package with triggers still to run is installed. */
const STATES: Readonly<Record<string, DpkgState>> = {
  n: 'absent',
  c: 'configuration files',
  H: 'half-installed',
  U: 'unpacked',
  F: 'half-configured',
  W: 'installed',
  t: 'installed',
  i: 'installed',
};

/** Reads one line of `dpkg-query -W -f DPKG_FORMAT`; throws ProbeError for anything else. */
export function parseDpkgLine(line: string): DpkgRow {
  const [status = '', identity = '', architecture, provides] = line.split('\t');
  const state = STATES[status[1] ?? ''];
  const equals = identity.indexOf('=');
  if (state === undefined || equals < 1 || architecture === undefined || provides === undefined)
    throw new ProbeError(`not a line of dpkg-query's: ${JSON.stringify(line)}`);
  return {
    name: identity.slice(0, equals),
    version: identity.slice(equals + 1),
    architecture,
    state,
    provides: provides
      .split(/, ?/)
      .flatMap(provided => provided.split(/[ :]/, 1))
      .filter(name => name !== ''),
  };
}
