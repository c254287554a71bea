import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** As `ps` shows it. */
  readonly command: string;
}

/** All living processes; zombies are none. */
export function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** Waits until something is so; the limit is only there to end a test that would fail. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const until = Date.now() + 15_000;
  while (!isSo()) {
    if (Date.now() > until) throw new Error(`never came: ${what}`);
    await pause(20);
  }
}

/** Living processes whose command line holds a word. */
export function withWord(word: string): readonly Process[] {
  return processes().filter(one => one.command.includes(word));
}
