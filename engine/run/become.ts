import type { Secret } from '../kit/secret.ts';

/** Acting as another user on a host. */
export interface Become {
  readonly method: 'sudo' | 'su';
  readonly user: string;
  readonly password?: Secret;
}

/** What tells apart the shells of one connection. */
export function becomeKey(become: Become | undefined): string {
  return become === undefined ? '' : `${become.method} ${become.user}`;
}
