import { ProbeError, sh } from '../../engine/kit/index.ts';

/**
 * Shell function `blocked PATH`: whether a directory above the path may not be searched, so that nobody can tell whether there is anything
 * at it; `$above` then names it. Without it, “permission denied” would pass for “not there”.
 */
export const BLOCKED = sh`
blocked() {
above=$1
while above=\${above%/*}; [ -n "$above" ] && [ ! -d "$above" ]; do
case $above in */*) ;; *) return 1 ;; esac
done
[ -n "$above" ] && [ ! -x "$above" ]
}`;

/** What to say where `blocked` was so. */
export function deniedError(path: string): ProbeError {
  return new ProbeError(`permission denied: nobody but its owner can tell what is at ${path}`, {
    hint: 'say `become: true`',
  });
}
