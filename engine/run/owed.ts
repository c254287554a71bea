import { createHash, randomUUID } from 'node:crypto';
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

/** Tells the debts that this run wrote down from those that it found. */
const THIS_RUN = randomUUID();

/** Writes a debt down, unless it stands there already; synced: it must outlive a power cut right behind it. */
export function owe(play: Play, handler: Task): Job {
  const note = `playbook: ${basename(play.path)}\nplay: ${play.name}\nhandler: ${writtenName(handler)}\nrun: ${THIS_RUN}\n`;
  const script = join([
    stateDirectory,
    sh`mkdir -p "$state/owed" && chmod 0755 "$state" && chmod 0700 "$state/owed" || exit 1
[ -s "$state/owed/"${debtOf(play, handler)} ] && exit 0
printf %s ${note} > "$state/owed/"${debtOf(play, handler)} || exit 1
sync "$state/owed" 2>/dev/null || sync`,
  ]);
  return { script: script.text, timeoutSeconds: 60 };
}

/** Strikes a debt out if it is of this run; one that an earlier run left stays. */
export function forgiven(play: Play, handler: Task): Job {
  const script = sh`file="$state/owed/"${debtOf(play, handler)}
! grep -qx ${`run: ${THIS_RUN}`} "$file" 2>/dev/null || rm -f -- "$file"`;
  return { script: join([stateDirectory, script]).text, timeoutSeconds: 60 };
}

/** Strikes a debt out. */
export function paid(play: Play, handler: Task): Job {
  return {
    script: join([stateDirectory, sh`rm -f -- "$state/owed/"${debtOf(play, handler)}`]).text,
    timeoutSeconds: 60,
  };
}
