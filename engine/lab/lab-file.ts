import { mkdirSync } from 'node:fs';
import { textOf, writeWhole } from './files.ts';
import type { Lab } from './lab.ts';
import { layoutOf, lockOf } from './layout.ts';
import { type Lock, lock } from './lock.ts';
import type { OnProgress } from './progress.ts';

/** A lab as it was written down, or undefined where there is none. */
export function readLab(name: string): Lab | undefined {
  const text = textOf(layoutOf(name).lab);
  // What we wrote ourselves, whole or not at all.
  return text === undefined ? undefined : (JSON.parse(text) as Lab);
}

/** Writes a lab down. */
export function writeLab(lab: Lab): void {
  mkdirSync(layoutOf(lab.name).hosts, { recursive: true, mode: 0o700 });
  writeWhole(layoutOf(lab.name).lab, `${JSON.stringify(lab, undefined, 2)}\n`);
}

/** Takes the lock of a lab: one process at a time changes it. */
export function lockLab(name: string, onProgress: OnProgress, signal?: AbortSignal): Promise<Lock> {
  const wait = () =>
    onProgress({ kind: 'said', text: `waiting for another \`play lab\` on the lab “${name}”` });
  return lock(lockOf.lab(name), wait, signal);
}
