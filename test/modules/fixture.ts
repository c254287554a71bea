import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a probe's script printed on a real host; the folder bears the tool's version. */
export function fixture(path: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', path), 'utf8');
}
