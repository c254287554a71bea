#!/usr/bin/env node
import { redact } from '../kit/secret.ts';
import { ExitCode } from '../run/exit-code.ts';
import { runProgram } from './program.ts';

// Called by `npm run play`, which goes to the package's folder: paths are meant from where the user is.
const { INIT_CWD: calledFrom, npm_lifecycle_event: script } = process.env;
if (script === 'play' && calledFrom !== undefined) process.chdir(calledFrom);

try {
  await runProgram(process.argv.slice(2));
} catch (error) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: this is a defect of play itself, please report it:\n${redact(text)}\n`);
  process.exitCode = ExitCode.defect;
}
