import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findFile } from '../playbook/files.ts';
import { ansible, type Environment, withLookups } from '../template/index.ts';
import { runProgram } from '../transport/index.ts';

/** The filters, tests, functions and lookups of playbooks; lookups find their files as the tasks of that playbook do. */
export function environmentFor(playbookPath: string): Environment {
  const base = dirname(resolve(playbookPath));
  return withLookups(ansible, {
    env: name => process.env[name],
    readFile: name => {
      const found = findFile(playbookPath, name, 'bytes', undefined);
      return 'path' in found ? readFileSync(found.path, 'utf8') : undefined;
    },
    kindOf: path => {
      const found = statSync(resolve(base, path), { throwIfNoEntry: false });
      if (found === undefined) return undefined;
      return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
    },
    run: command => {
      const { stdout, stderr, status, reason } = runProgram('/bin/sh', ['-c', command], base);
      if (status !== 0) throw new Error(reason ?? `exit code ${status}: ${stderr.trim()}`);
      return stdout;
    },
  });
}
