const CODES = {
  ok: '32',
  changed: '33',
  failed: '31',
  unreachable: '1;31',
  skipped: '36',
  unknown: '35',
  warning: '1;35',
  strong: '1',
  faint: '2',
  added: '32',
  removed: '31',
  hunk: '36',
} as const;

/** What a piece of output is; statuses have the colours that Ansible's users know. */
export type Style = keyof typeof CODES;

/** Colours text by ANSI escapes, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** The paint for a terminal with or without colour. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour && text !== '' ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
}

/** What `wantsColour` has to know of a stream. */
export interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/**
 * Whether to colour what goes to the stream: `NO_COLOR` (no-color.org) forbids it, `FORCE_COLOR` (other than `0`) demands it, otherwise
 * a terminal that is not dumb gets it.
 */
export function wantsColour(environment: NodeJS.ProcessEnv, stream: MaybeTerminal): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}
