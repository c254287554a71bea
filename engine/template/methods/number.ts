import { normalised } from '../arithmetic.ts';
import { type Float, Tuple } from '../value.ts';
import { methods } from './method.ts';

/** What templates call of Python's int. */
export const integerMethods = methods<bigint>({
  bit_length: [self => (self === 0n ? 0 : (self < 0n ? -self : self).toString(2).length)],
  conjugate: [self => normalised(self)],
});

/** What templates call of Python's float. */
export const floatMethods = methods<Float>({
  is_integer: [self => Number.isInteger(self.value)],
  conjugate: [self => self],
  as_integer_ratio: [self => ratio(self.value)],
});

function ratio(value: number): Tuple {
  let numerator = value;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return new Tuple([normalised(BigInt(numerator)), normalised(denominator)]);
}
