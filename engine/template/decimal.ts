/** Digits of floats by exact arithmetic, halves to the even digit: as Python and C print them, where JavaScript rounds halves up. */

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The exact value of a finite float without its sign. */
function exact(value: number): Fraction {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const exponent = Math.max(biased, 1) - 1075;
  return exponent >= 0
    ? { numerator: mantissa << BigInt(exponent), denominator: 1n }
    : { numerator: mantissa, denominator: 1n << BigInt(-exponent) };
}

function roundedHalfEven({ numerator, denominator }: Fraction): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice < denominator) return quotient;
  return twice > denominator || quotient % 2n === 1n ? quotient + 1n : quotient;
}

function scaled({ numerator, denominator }: Fraction, power: number): Fraction {
  const factor = 10n ** BigInt(Math.abs(power));
  return power >= 0
    ? { numerator: numerator * factor, denominator }
    : { numerator, denominator: denominator * factor };
}

/** The digits of a finite float, its sign left out, with as many decimals as asked for. */
export function fixedDigits(value: number, decimals: number): string {
  const digits = roundedHalfEven(scaled(exact(value), decimals))
    .toString()
    .padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return decimals <= 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A finite float, its sign left out, as digits `d.ddd` and a power of ten. */
export function scientificDigits(
  value: number,
  decimals: number,
): { readonly digits: string; readonly exponent: number } {
  const point = (digits: string): string => (decimals > 0 ? `${digits[0]}.${digits.slice(1)}` : digits);
  if (value === 0) return { digits: point('0'.repeat(decimals + 1)), exponent: 0 };
  let exponent = Number(value.toExponential().split('e')[1]);
  let digits = roundedHalfEven(scaled(exact(value), decimals - exponent)).toString();
  if (digits.length > decimals + 1) {
    exponent++;
    digits = digits.slice(0, -1);
  }
  return { digits: point(digits), exponent };
}

/** A float rounded to decimals (of tens and hundreds where negative), as Python's `round` does. */
export function rounded(value: number, decimals: number): number {
  if (!Number.isFinite(value) || decimals > 300) return value;
  if (decimals >= 0) return Math.sign(value) * Number(fixedDigits(value, decimals)) + 0 * value;
  const digits = roundedHalfEven(scaled(exact(value), decimals));
  return Math.sign(value) * Number(digits * 10n ** BigInt(-decimals)) + 0 * value;
}
