import type { Command, Content } from '../kit/command.ts';
import { reveal, Secret } from '../kit/secret.ts';
import type { Job } from '../transport/index.ts';

/** How long a command may take, in seconds, where nothing else was said. */
export const DEFAULT_TIMEOUT_SECONDS = 300;

/** The bytes of a content. */
export function bytesOf(content: Content): Buffer {
  const open = content instanceof Secret ? content.reveal() : content;
  return typeof open === 'string' ? Buffer.from(open) : Buffer.from(open);
}

/** The job that the shell on the host runs for a command. */
export function jobOf(command: Command): Job {
  return {
    script: command.script.text,
    timeoutSeconds: command.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    ...(command.stdin !== undefined && { stdin: bytesOf(command.stdin) }),
    ...(command.environment && {
      environment: Object.fromEntries(
        Object.entries(command.environment).map(([name, value]) => [name, reveal(value)]),
      ),
    }),
    ...(command.directory !== undefined && { cwd: command.directory }),
  };
}
