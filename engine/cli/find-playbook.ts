import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SourceError } from '../source/diagnostic.ts';
import { didYouMean } from '../source/suggest.ts';
import { packageRoot } from './package-root.ts';

/** The playbook of that name: as a path, or a bare name looked for in the working directory and then among the package's playbooks. */
export function findPlaybook(name: string): string {
  const own = join(packageRoot(), 'playbooks');
  const bare = !name.includes('/');
  const places = bare ? [name, join(own, name)] : [name];
  const found = places.find(place => existsSync(place));
  if (found !== undefined) return relative(process.cwd(), found) || found;
  const folders = bare ? ['.', own] : [dirname(name)];
  const near = folders.flatMap(folder =>
    existsSync(folder) ? readdirSync(folder).filter(file => /\.ya?ml$/.test(file)) : [],
  );
  const suggestion = didYouMean(name.split('/').at(-1) ?? name, near);
  throw new SourceError([
    {
      code: 'missing-file',
      severity: 'error',
      message: `there is no playbook “${name}”`,
      notes: [{ message: `looked for ${places.map(place => relative(process.cwd(), place)).join(' and ')}` }],
      hint:
        suggestion === undefined
          ? 'name the file of a playbook, e.g. `play site.yml`'
          : `did you mean “${suggestion}”?`,
    },
  ]);
}
