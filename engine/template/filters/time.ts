const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time is shown as UTC of a moved clock, so that one set of getters serves both. */
function clock(moment: Date, utc: boolean): { readonly at: Date; readonly offset: number } {
  const offset = utc ? 0 : -moment.getTimezoneOffset();
  return { at: new Date(moment.getTime() + offset * 60_000), offset };
}

function dayOfYear(at: Date): number {
  return (
    Math.floor(
      (Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()) -
        Date.UTC(at.getUTCFullYear(), 0, 1)) /
        86_400_000,
    ) + 1
  );
}

/** ISO 8601's week and its year. */
function isoWeek(at: Date): readonly [year: number, week: number] {
  const thursday = new Date(
    Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 4 - (at.getUTCDay() || 7)),
  );
  return [thursday.getUTCFullYear(), Math.ceil(dayOfYear(thursday) / 7)];
}

/** C's `strftime` in the C locale; a conversion that is not known stays as it is. */
export function formatTime(format: string, moment: Date, utc: boolean): string {
  const { at, offset } = clock(moment, utc);
  const hour12 = at.getUTCHours() % 12 || 12;
  const conversions: Readonly<Record<string, () => string>> = {
    Y: () => String(at.getUTCFullYear()),
    y: () => two(at.getUTCFullYear() % 100),
    C: () => two(Math.floor(at.getUTCFullYear() / 100)),
    m: () => two(at.getUTCMonth() + 1),
    d: () => two(at.getUTCDate()),
    e: () => String(at.getUTCDate()).padStart(2),
    H: () => two(at.getUTCHours()),
    I: () => two(hour12),
    M: () => two(at.getUTCMinutes()),
    S: () => two(at.getUTCSeconds()),
    f: () => '000000',
    p: () => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
    j: () => String(dayOfYear(at)).padStart(3, '0'),
    a: () => (DAYS[at.getUTCDay()] ?? '').slice(0, 3),
    A: () => DAYS[at.getUTCDay()] ?? '',
    b: () => (MONTHS[at.getUTCMonth()] ?? '').slice(0, 3),
    h: () => (MONTHS[at.getUTCMonth()] ?? '').slice(0, 3),
    B: () => MONTHS[at.getUTCMonth()] ?? '',
    u: () => String(at.getUTCDay() || 7),
    w: () => String(at.getUTCDay()),
    U: () => two(Math.floor((dayOfYear(at) + 6 - at.getUTCDay()) / 7)),
    W: () => two(Math.floor((dayOfYear(at) + 6 - ((at.getUTCDay() + 6) % 7)) / 7)),
    V: () => two(isoWeek(at)[1]),
    G: () => String(isoWeek(at)[0]),
    g: () => two(isoWeek(at)[0] % 100),
    s: () => String(Math.floor(moment.getTime() / 1000)),
    z: () =>
      `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`,
    Z: () => (offset === 0 ? (utc ? 'GMT' : 'UTC') : (/\(([^)]+)\)/.exec(moment.toString())?.[1] ?? '')),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  const compound: Readonly<Record<string, string>> = {
    D: '%m/%d/%y',
    F: '%Y-%m-%d',
    T: '%H:%M:%S',
    R: '%H:%M',
    r: '%I:%M:%S %p',
    c: '%a %b %e %H:%M:%S %Y',
    x: '%m/%d/%y',
    X: '%H:%M:%S',
  };
  const expanded = format.replace(/%([DFTRrcxX%])/g, (whole, letter: string) => compound[letter] ?? whole);
  return expanded.replace(/%([A-Za-z%])/g, (whole, letter: string) => conversions[letter]?.() ?? whole);
}
