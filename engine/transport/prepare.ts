import { reveal } from '../kit/secret.ts';
import { assertSendable, type PreparedJob } from './script.ts';
import type { Job } from './shell.ts';

/** The bytes of a job's standard input. */
export function inputBytes(input: Job['stdin']): Buffer {
  if (input === undefined) return Buffer.alloc(0);
  if (input instanceof Uint8Array) return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  return Buffer.from(reveal(input), 'utf8');
}

/** A job as bytes to be sent; `file` is where its input was put, if it was too large to travel with it. Throws TypeError. */
export function prepare(job: Job, file: string | undefined): PreparedJob {
  assertSendable(job);
  const environment = Object.entries(job.environment ?? {}).map(([name, value]) => {
    const bytes = Buffer.from(reveal(value), 'utf8');
    if (bytes.includes(0)) throw new TypeError(`the environment variable ${name} cannot hold a NUL byte`);
    return [name, bytes] as const;
  });
  return {
    script: Buffer.from(job.script, 'utf8'),
    stdin: file === undefined ? inputBytes(job.stdin) : { file },
    environment,
    cwd: job.cwd,
  };
}
