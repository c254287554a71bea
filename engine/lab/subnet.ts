import { createHash } from 'node:crypto';
import { LabError } from './lab-error.ts';

/** An IPv4 network as `ADDRESS/LENGTH`, e.g. `10.213.7.0/24`; without a length it is one address. */
export type Prefix = string;

function bounds(prefix: Prefix): readonly [number, number] {
  const [address = '', length = '32'] = prefix.split('/');
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(number / size) * size;
  return [first, first + size - 1];
}

/** Whether two IPv4 networks have an address in common. */
export function overlaps(one: Prefix, other: Prefix): boolean {
  const [first, last] = bounds(one);
  const [otherFirst, otherLast] = bounds(other);
  return first <= otherLast && otherFirst <= last;
}

/**
 * The third octet of a new lab's 10.213.x.0/24: the same name gets the same one, unless it overlaps a network that is taken,
 * then the next that is free. Throws LabError when none is.
 */
export function chooseOctet(name: string, taken: readonly Prefix[]): number {
  const count = 254;
  const wanted = createHash('sha256').update(name).digest().readUInt32BE(0) % count;
  for (let step = 0; step < count; step++) {
    const octet = 1 + ((wanted + step) % count);
    if (!taken.some(prefix => overlaps(prefix, `10.213.${octet}.0/24`))) return octet;
  }
  throw new LabError(
    'this machine has no free network for a lab: all of 10.213.1.0/24 to 10.213.254.0/24 are taken by its routes or other labs',
    'take a lab down with `play lab down --wipe`, or see `ip route` for what covers 10.213.0.0/16',
  );
}
