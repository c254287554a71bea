import { open } from '../carry.ts';
import { numberOf, truth } from '../coerce.ts';
import { fixedDigits } from '../decimal.ts';
import { operations } from '../environment.ts';
import { valueError } from '../error.ts';
import { str } from '../print.ts';
import { Float, type Value } from '../value.ts';
import { toFloat } from './number.ts';
import { formatTime } from './time.ts';

/** Ansible's filters of numbers, sizes and times. */
export const ansibleNumberFilters = operations({
  log: [
    'base?',
    (input, [base]) =>
      new Float(
        logarithm(
          numberOf(input, 'the input of “log”'),
          base === undefined ? Math.E : numberOf(base, 'the base'),
        ),
      ),
  ],
  pow: [
    'y',
    (input, [y = null]) => new Float(numberOf(input, 'the input of “pow”') ** numberOf(y, 'the exponent')),
  ],
  root: [
    'base?',
    (input, [base = 2]) =>
      new Float(root(numberOf(input, 'the input of “root”'), numberOf(base, 'the base'))),
  ],
  human_readable: [
    'isbits?',
    'unit?',
    (input, [bits = false, unit = null]) =>
      humanReadable(numberOf(input, 'a size'), truth(bits), open(unit) === null ? undefined : str(unit)),
  ],
  human_to_bytes: [
    'default_unit?',
    'isbits?',
    (input, [unit = null, bits = false]) =>
      humanToBytes(str(input), open(unit) === null ? undefined : str(unit), truth(bits)),
  ],
  strftime: [
    'second?',
    'utc?',
    (input, [second, utc = false]) => formatTime(str(input), timeOf(second), truth(utc)),
  ],
});

function logarithm(value: number, base: number): number {
  if (value <= 0) throw valueError('there is no logarithm of a number that is not positive');
  if (base === 10) return Math.log10(value);
  return base === Math.E ? Math.log(value) : Math.log(value) / Math.log(base);
}

function root(value: number, base: number): number {
  if (value < 0) throw valueError('there is no root of a negative number');
  return base === 2 ? Math.sqrt(value) : value ** (1 / base);
}

const UNITS = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K', 'B'] as const;

function worth(unit: (typeof UNITS)[number]): number {
  return 2 ** (10 * (UNITS.length - 1 - UNITS.indexOf(unit)));
}

function humanReadable(size: number, bits: boolean, wanted: string | undefined): string {
  const unit =
    UNITS.find(candidate =>
      wanted === undefined ? size >= worth(candidate) : wanted.toUpperCase() === candidate,
    ) ?? 'B';
  const base = bits ? 'bits' : 'Bytes';
  const amount = size / worth(unit);
  return `${amount < 0 ? '-' : ''}${fixedDigits(amount, 2)} ${unit === 'B' ? base : unit + base.slice(0, 1)}`;
}

function humanToBytes(text: string, otherwise: string | undefined, bits: boolean): number {
  const [, digits = '', written] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text) ?? [];
  if (!/\d/.test(digits)) throw valueError('this is no size', 'a size is written as 10, 1.5G or 10MB');
  const name = written ?? otherwise;
  if (name === undefined) return roundHalfEven(Number(digits));
  const unit = UNITS.find(candidate => candidate === name.slice(0, 1).toUpperCase());
  if (unit === undefined)
    throw valueError(`there is no unit “${name}” of sizes`, `the units are ${UNITS.join(', ')}`);
  const isSpelledOut = name.toLowerCase().includes(bits ? 'bit' : 'byte');
  if (name.length > 1 && !isSpelledOut && name[1] !== (bits ? 'b' : 'B'))
    throw valueError(
      `“${name}” is a unit of ${bits ? 'bytes' : 'bits'}`,
      `write ${unit}${bits ? 'b' : 'B'} or ${unit}`,
    );
  return roundHalfEven(Number(digits) * worth(unit));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

function timeOf(second: Value | undefined): Date {
  if (second === undefined || open(second) === null) return new Date();
  const seconds = toFloat(second);
  if (seconds === undefined) throw valueError('the time must be a number of seconds');
  return new Date(Math.floor(seconds.value) * 1000);
}
