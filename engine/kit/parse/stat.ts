import { ProbeError } from '../errors.ts';

/** The format of `stat -c` that parseStat reads; GNU's and busybox's know it. */
export const STAT_FORMAT = '%f %s %Y %u %g %U %G';

/** What `stat` says of a file. */
export interface Stat {
  readonly type: 'file' | 'directory' | 'other';
  /** Permission bits as four octal digits, e.g. `0644`. */
  readonly mode: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly uid: number;
  readonly gid: number;
  /** Name of the owner; the number where it has none. */
  readonly owner: string;
  readonly group: string;
}

const FORMAT_BITS = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/** Reads one line of `stat -c STAT_FORMAT`; throws ProbeError for anything else. */
export function parseStat(line: string): Stat {
  const match = /^([0-9a-f]+) (\d+) (\d+) (\d+) (\d+) (\S+) (\S+)$/.exec(line);
  if (match === null) throw new ProbeError(`not a line of stat's: ${JSON.stringify(line)}`);
  const [, raw = '', size, mtime, uid = '', gid = '', owner = '', group = ''] = match;
  const bits = Number.parseInt(raw, 16);
  const type = bits & FORMAT_BITS;
  return {
    type: type === REGULAR ? 'file' : type === DIRECTORY ? 'directory' : 'other',
    mode: (bits & 0o7777).toString(8).padStart(4, '0'),
    size: Number(size),
    mtime: Number(mtime),
    uid: Number(uid),
    gid: Number(gid),
    owner: owner === 'UNKNOWN' ? uid : owner,
    group: group === 'UNKNOWN' ? gid : group,
  };
}
