import { str, type Value } from '../template/index.ts';

/** The batches of `serial`: numbers and percentages of all hosts, the last one repeated until none is left; all at once without it. */
export function batchesOf(
  hosts: readonly string[],
  serial: Value | undefined,
): readonly (readonly string[])[] {
  if (serial === undefined) return [hosts];
  const sizes = (Array.isArray(serial) ? serial : [serial]).map(size => sizeOf(str(size), hosts.length));
  const batches: (readonly string[])[] = [];
  for (let at = 0; at < hosts.length; ) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)] ?? hosts.length;
    batches.push(hosts.slice(at, at + size));
    at += size;
  }
  return batches;
}

/** At least one; 0 stands for all, as in Ansible. */
function sizeOf(text: string, all: number): number {
  const number = text.endsWith('%')
    ? Math.floor((Number.parseFloat(text) / 100) * all)
    : Math.floor(Number(text));
  if (text === '0' || Number.isNaN(number)) return all;
  return Math.max(1, number);
}
