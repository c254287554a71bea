import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostFile } from './host-files.ts';

/** The content of a file, or undefined where there is none. */
export function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Gives a file a content at once or not at all; one that has it already is left as it is. */
export function writeWhole(path: string, content: string, mode = 0o600): void {
  if (textOf(path) === content) return;
  const beside = `${path}.new`;
  writeFileSync(beside, content, { mode });
  renameSync(beside, path);
}

/** Places files below a root folder; folders that are missing on the way belong to the file's owner and are closed to others. */
export function placeFiles(root: string, files: readonly HostFile[]): void {
  for (const { path, content, mode, owner } of files) {
    const target = join(root, path);
    const made = mkdirSync(dirname(target), {
      recursive: true,
      mode: owner === 0 && !path.startsWith('/root/') ? 0o755 : 0o700,
    });
    if (made !== undefined) chownSync(made, owner, owner);
    writeFileSync(target, content, { mode });
    chownSync(target, owner, owner);
  }
}
