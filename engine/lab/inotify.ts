import { readFileSync, writeFileSync } from 'node:fs';
import type { OnProgress } from './progress.ts';

/** How many inotify instances root may have, on the whole machine; each booted systemd takes about seven. inotify(7) */
const LIMIT = '/proc/sys/fs/inotify/max_user_instances';
const ENOUGH = 1024;

/** Raises the kernel's limit where a few hosts would use it up (Debian's default is 128), until the machine's next boot. Says so. */
export function allowManyHosts(onProgress: OnProgress): void {
  const now = Number(readFileSync(LIMIT, 'utf8'));
  if (now >= ENOUGH) return;
  try {
    writeFileSync(LIMIT, String(ENOUGH));
    onProgress({ kind: 'said', text: `${LIMIT} raised from ${now} to ${ENOUGH}: each host needs some` });
  } catch {
    onProgress({
      kind: 'said',
      text: `${LIMIT} is ${now}, and cannot be raised: enough for ${Math.floor(now / 7)} hosts`,
    });
  }
}
