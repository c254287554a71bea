import { redact } from '../kit/secret.ts';
import type { Listener, RunEvent } from '../run/events.ts';
import { flushed, writeLines } from './lines.ts';
import type { ReporterOptions } from './options.ts';
import { painter } from './paint.ts';
import { endLines } from './recap.ts';
import { Warnings } from './warnings.ts';

/** Fields that hold one of a few words: they are never redacted, so that a secret that is such a word cannot break the schema. */
const WORDS = new Set(['type', 'status', 'purpose', 'stream', 'time']);

/** An event as one line of JSON. */
export function eventLine(event: RunEvent): string {
  return JSON.stringify(event, (key, value: unknown) =>
    typeof value === 'string' && !WORDS.has(key) ? redact(value) : value,
  );
}

/** Every event as a line of JSON (events.schema.ts describes them) to `out`; warnings and the recap, for people, to `err`. */
export function jsonReporter(options: ReporterOptions): Listener {
  const { out, err, colour } = options;
  const paint = painter(colour);
  const warnings = new Warnings(paint);
  let check = false;
  return {
    on(event) {
      out.write(`${eventLine(event)}\n`);
      if (event.type === 'run-start') check = event.check;
      if (event.type === 'warning') writeLines(err, warnings.add(event));
      if (event.type === 'run-end')
        writeLines(err, [...warnings.rest(), ...endLines(event, check, options, paint)]);
    },
    done: async () => await flushed(out, err),
  };
}
