import type { Output } from './command.ts';

/** What a command printed, under the names by which Ansible registers it; the last line end is left out, as there. */
export interface Streams {
  readonly stdout: string;
  readonly stdout_lines: readonly string[];
  readonly stderr: string;
  readonly stderr_lines: readonly string[];
}

/** The streams of a command for `register`; empty where it did not run. Bytes that are no UTF-8 become replacement characters. */
export function streams(output: Output | undefined): Streams {
  const stdout = withoutLastLineEnd(output?.stdout.toString() ?? '');
  const stderr = withoutLastLineEnd(output?.stderr.toString() ?? '');
  return { stdout, stdout_lines: lines(stdout), stderr, stderr_lines: lines(stderr) };
}

const withoutLastLineEnd = (text: string): string => text.replace(/[\r\n]+$/, '');
const lines = (text: string): readonly string[] => (text === '' ? [] : text.split(/\r?\n/));
