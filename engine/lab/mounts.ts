import { existsSync, readFileSync } from 'node:fs';
import { run } from './command.ts';

/** The places where something is mounted, in the order of mounting (proc(5): blanks are octal escapes). */
export function mountPoints(text: string = readFileSync('/proc/self/mounts', 'utf8')): readonly string[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map(line =>
      (line.split(' ')[1] ?? '').replaceAll(/\\([0-7]{3})/g, (_, code: string) =>
        String.fromCharCode(parseInt(code, 8)),
      ),
    );
}

/** Unmounts everything at or below a folder, the latest first. */
export async function unmountBelow(folder: string): Promise<void> {
  const inside = mountPoints().filter(point => point === folder || point.startsWith(`${folder}/`));
  for (const point of inside.toReversed()) await run(['umount', point]);
}

/** Removes a folder with all in it, never reaching through a mount: what is mounted below it is unmounted first. */
export async function removeFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await unmountBelow(folder);
  await run(['rm', '-rf', '--one-file-system', folder]);
}
