import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import { didYouMean } from '../source/suggest.ts';

/** Where a file that a task names is looked for, as Ansible does: `templates/` or `files/` beside the playbook, then beside it. */
function candidates(playbookPath: string, name: string, kind: 'template' | 'bytes'): readonly string[] {
  if (isAbsolute(name)) return [name];
  const base = dirname(resolve(playbookPath));
  return [join(base, kind === 'template' ? 'templates' : 'files', name), join(base, name)];
}

/** The file that a task names, or the diagnostic that says where it was looked for. */
export function findFile(
  playbookPath: string,
  name: string,
  kind: 'template' | 'bytes',
  span: Span | undefined,
): { readonly path: string } | { readonly missing: Diagnostic } {
  const places = candidates(playbookPath, name, kind);
  const found = places.find(place => existsSync(place));
  if (found !== undefined) return { path: found };
  const near = places.flatMap(place => (existsSync(dirname(place)) ? readdirSync(dirname(place)) : []));
  const suggestion = didYouMean(name.split('/').at(-1) ?? name, near);
  return {
    missing: {
      code: 'missing-file',
      severity: 'error',
      message: `there is no file “${name}”`,
      ...(span && { span }),
      notes: [{ message: `looked for ${places.map(place => relative(process.cwd(), place)).join(' and ')}` }],
      hint: suggestion === undefined ? 'put it there, or name its path' : `did you mean “${suggestion}”?`,
    },
  };
}
