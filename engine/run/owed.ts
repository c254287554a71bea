import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { command } from '../kit/command.ts';
import { join, sh } from '../kit/shell-text.ts';
import { defineSource } from '../kit/source.ts';
import { type Play, type Task, writtenName } from '../playbook/playbook.ts';
import type { Job } from '../transport/index.ts';
import { stateDirectory } from './state-directory.ts';

/**
 * The handlers that a change owes, written down on the host before the change: one small file for each, struck out behind the handler.
 * Whoever runs the playbook next, from wherever, pays the debt.
 */
export const owedHandlers = defineSource<boolean>({
  name: 'owed handlers',
  command: () =>
    command(sh`${stateDirectory}
for file in "$state"/owed/*; do [ -f "$file" ] && echo "\${file##*/}"; done
:`),
  parse: (output, keys) => {
    const there = new Set(output.stdout.toString().split('\n'));
    return new Map(keys.map(key => [key, there.has(key)]));
  },
});

/** The name under which a handler's debt is kept: the same wherever the playbook lies. */
export function debtOf(play: Play, handler: Task): string {
  const identity = [basename(play.path), play.name, writtenName(handler)].join('\n');
  return createHash('sha256').update(identity).digest('hex').slice(0, 24);
}

/** Writes a debt down, synced: it must outlive a power cut right behind it. */
export function owe(play: Play, handler: Task): Job {
  const note = `playbook: ${basename(play.path)}\nplay: ${play.name}\nhandler: ${writtenName(handler)}\n`;
  const script = join([
    stateDirectory,
    sh`mkdir -p "$state/owed" && chmod 0755 "$state" && chmod 0700 "$state/owed" || exit 1
printf %s ${note} > "$state/owed/"${debtOf(play, handler)} || exit 1
sync "$state/owed" 2>/dev/null || sync`,
  ]);
  return { script: script.text, timeoutSeconds: 60 };
}

/** Strikes a debt out. */
export function paid(play: Play, handler: Task): Job {
  return {
    script: join([stateDirectory, sh`rm -f -- "$state/owed/"${debtOf(play, handler)}`]).text,
    timeoutSeconds: 60,
  };
}
