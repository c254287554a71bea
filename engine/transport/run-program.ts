import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** What a program of this machine printed, and how it ended. */
export interface ProgramOutcome {
  readonly stdout: string;
  readonly stderr: string;
  /** None where it could not be started, was killed, or took too long. */
  readonly status: number | null;
  readonly reason?: string;
}

/** Milliseconds that a program of the controller may take, such as an executable inventory. */
const TIME_LIMIT = 60_000;

/** Runs a program of this machine to its end, while everything else waits: for what is needed to read inventories and templates. Never throws. */
export function runProgram(program: string, args: readonly string[], directory?: string): ProgramOutcome {
  const { stdout, stderr, status, error, signal } = spawnSync(resolve(program), args, {
    encoding: 'utf8',
    timeout: TIME_LIMIT,
    ...(directory !== undefined && { cwd: directory }),
  });
  const reason = error?.message ?? (signal === null ? undefined : `it was ended by ${signal}`);
  return { stdout: stdout ?? '', stderr: stderr ?? '', status, ...(reason !== undefined && { reason }) };
}
