import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type Progress, progressReporter } from '../../engine/report/steps.ts';

const STORY: readonly Progress[] = [
  { kind: 'said', text: 'installing systemd-container' },
  { kind: 'step-started', step: 'a', title: 'Make a' },
  { kind: 'step-started', step: 'b', title: 'Make b' },
  { kind: 'said', text: 'copies', step: 'a' },
  { kind: 'step-finished', step: 'a', title: 'Make a', seconds: 1.25 },
  { kind: 'step-failed', step: 'b', title: 'Make \u001b[2Jb', seconds: 2 },
];

async function told(live: boolean): Promise<string> {
  const out = new PassThrough();
  const reporter = progressReporter({ out, err: out, columns: () => 80, colour: false, verbosity: 0 }, live);
  for (const progress of STORY) reporter.on(progress);
  await reporter.done();
  return String(out.read());
}

test('without a terminal, a line for each start and end', async () => {
  expect(await told(false)).toBe(`installing systemd-container
Make a …
Make b …
  copies
Make a: done (1.3 s)
Make \\x1b[2Jb: failed (2.0 s)
`);
});

test('on a terminal, what has ended stays as a line, and the cursor comes back', async () => {
  const text = await told(true);
  expect(text).toContain('installing systemd-container\n');
  expect(text).toContain('✔ Make a (1.3 s)\n');
  expect(text).toContain('✘ Make \\x1b[2Jb (2.0 s)\n');
  expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
});
