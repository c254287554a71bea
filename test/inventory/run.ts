import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { RunProgram } from '../../engine/inventory/index.ts';

/** Runs an executable inventory for real. */
export const run: RunProgram = (program, args) => {
  const { stdout, stderr, status, error, signal } = spawnSync(resolve(program), args, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const reason = error?.message ?? (signal === null ? undefined : `it was ended by ${signal}`);
  return { stdout: stdout ?? '', stderr: stderr ?? '', status, ...(reason !== undefined && { reason }) };
};
