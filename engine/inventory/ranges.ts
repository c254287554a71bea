/** Why a range cannot be expanded, as a sentence without its full stop, with the place of the bracket in the text. */
export interface BadRange {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** More hosts than this are taken for a slip (`[1:99999999]`). */
const mostHosts = 100_000;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The host names of a text with ranges, as Ansible expands them: `web[01:20]`, `db-[a:f]`, `n[0:10:5]`, several in one name; both ends count.
 * What begins with a zero keeps its width.
 */
export function expandRanges(text: string): readonly string[] | BadRange {
  let names: readonly string[] = [''];
  let rest = 0;
  for (const match of text.matchAll(/\[([^\]]*)\]/g)) {
    const sequence = expandRange(match[1] ?? '');
    const [start, end] = [match.index, match.index + match[0].length];
    if (typeof sequence === 'string') return { message: sequence, start, end };
    if (names.length * sequence.length > mostHosts)
      return { message: `these are more than ${mostHosts} hosts`, start, end };
    const head = text.slice(rest, start);
    names = names.flatMap(name => sequence.map(part => name + head + part));
    rest = end;
  }
  const tail = text.slice(rest);
  const bracket = tail.search(/[[\]]/);
  if (bracket >= 0)
    return { message: 'a bracket of a range is missing', start: rest + bracket, end: text.length };
  return names.map(name => name + tail);
}

/** What stands between brackets, or what is wrong with it. */
function expandRange(range: string): readonly string[] | string {
  const [begin = '', end = '', stepText = '1', ...more] = range.split(':');
  if (more.length > 0 || !range.includes(':')) return 'a range is written [begin:end] or [begin:end:step]';
  if (end === '') return 'the range has no end';
  const step = /^[0-9]+$/.test(stepText) ? Number(stepText) : 0;
  if (step < 1) return `the step of the range must be a number from 1 on, not “${stepText}”`;
  const first = begin === '' ? '0' : begin;
  if (/^[a-zA-Z]$/.test(first) && /^[a-zA-Z]$/.test(end)) return expandLetters(first, end, step);
  if (/^[0-9]+$/.test(first) && /^[0-9]+$/.test(end)) return expandNumbers(first, end, step);
  return 'a range goes from a number to a number, or from a letter to a letter';
}

function expandLetters(begin: string, end: string, step: number): readonly string[] | string {
  const [from, to] = [letters.indexOf(begin), letters.indexOf(end)];
  if (from > to) return `the range is empty: ${begin} comes after ${end}`;
  return [...letters.slice(from, to + 1)].filter((_, index) => index % step === 0);
}

function expandNumbers(begin: string, end: string, step: number): readonly string[] | string {
  const padded = begin.startsWith('0') && begin.length > 1;
  if (padded && begin.length !== end.length)
    return `with a leading zero, both ends need the same width: ${begin}, ${end}`;
  const [from, to] = [Number(begin), Number(end)];
  if (from > to) return `the range is empty: ${begin} is more than ${end}`;
  const count = Math.floor((to - from) / step) + 1;
  if (count > mostHosts) return `these are more than ${mostHosts} hosts`;
  const width = padded ? begin.length : 0;
  return Array.from({ length: count }, (_, index) => String(from + index * step).padStart(width, '0'));
}
