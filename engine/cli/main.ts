#!/usr/bin/env node
import { redact } from '../kit/secret.ts';
import { ExitCode } from '../run/exit-code.ts';
import { runProgram } from './program.ts';

try {
  await runProgram(process.argv.slice(2));
} catch (error) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: this is a defect of play itself, please report it:\n${redact(text)}\n`);
  process.exitCode = ExitCode.defect;
}
