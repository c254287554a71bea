import { setTimeout as pause } from 'node:timers/promises';
import { Unreachable } from '../errors.ts';
import { Slots } from '../slots.ts';

/** sshd drops connections at random once 10 are not yet authenticated (MaxStartups 10:30:100). */
const MOST_AT_ONCE = 8;
const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 200;

const doors = new Map<string, Slots>();

/**
 * Makes a handshake with few others at the same door (an address, or a bastion), and again, later, if the server dropped it
 * before it began. A refused authentication is never repeated: servers punish that.
 */
export async function atDoor<T>(door: string, handshake: () => Promise<T>): Promise<T> {
  const slots = doors.get(door) ?? new Slots(MOST_AT_ONCE);
  doors.set(door, slots);
  for (let attempt = 1; ; attempt++) {
    const free = await slots.take();
    try {
      return await handshake();
    } catch (error) {
      const dropped = error instanceof Unreachable && error.reason === 'no-handshake';
      if (!dropped || attempt >= MOST_TRIES) throw error;
    } finally {
      free();
    }
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
  }
}
