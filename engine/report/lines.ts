import type { Writable } from 'node:stream';
import { redact } from '../kit/secret.ts';

/** Writes lines to a stream. Secrets were masked before; should one slip through, it is masked here. */
export function writeLines(stream: Writable, lines: readonly string[]): void {
  if (lines.length > 0) stream.write(redact(`${lines.join('\n')}\n`));
}

/** Resolves when all that was written to the streams has been handed on, or cannot be any more. */
export async function flushed(...streams: readonly Writable[]): Promise<void> {
  await Promise.all(
    streams.map(
      stream =>
        new Promise<void>(resolve => {
          if (stream.destroyed || stream.writableEnded) resolve();
          else stream.write('', () => resolve());
        }),
    ),
  );
}
