import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseOctet, overlaps } from '../../engine/lab/subnet.ts';

const all = Array.from({ length: 254 }, (_, index) => `10.213.${index + 1}.0/24`);

test.each([
  ['10.213.7.0/24', '10.213.7.1', true],
  ['10.213.7.0/24', '10.213.8.1/24', false],
  ['10.0.0.0/8', '10.213.7.0/24', true],
  ['10.213.7.255', '10.213.7.0/25', false],
  ['0.0.0.0/0', '192.168.1.1', true],
  ['192.0.2.2/24', '192.0.2.200', true],
])('%s and %s have an address in common: %s', (one, other, common) => {
  expect(overlaps(one, other)).toBe(common);
  expect(overlaps(other, one)).toBe(common);
});

test('the same name gets the same network', () => {
  expect(chooseOctet('lab', [])).toBe(chooseOctet('lab', ['192.168.1.0/24']));
});

test('a network that is chosen overlaps none that is taken', () => {
  fc.assert(
    fc.property(fc.string(), fc.subarray(all, { maxLength: 253 }), (name, taken) => {
      const octet = chooseOctet(name, taken);
      expect(all).toContain(`10.213.${octet}.0/24`);
      expect(taken).not.toContain(`10.213.${octet}.0/24`);
    }),
  );
});

test('where all are taken it says by what', () => {
  expect(() => chooseOctet('lab', ['10.0.0.0/8'])).toThrow(
    expect.objectContaining({
      name: 'LabError',
      message:
        'this machine has no free network for a lab: all of 10.213.1.0/24 to 10.213.254.0/24 are taken by its routes or other labs',
      hint: 'take a lab down with `play lab down --wipe`, or see `ip route` for what covers 10.213.0.0/16',
    }),
  );
});
