import { sh } from '../kit/shell-text.ts';

/** Shell that sets `$state` to where `play` keeps its few files on a host: root's place, or the user's own. */
export const stateDirectory = sh`if [ "$(id -u)" = 0 ]; then state=/var/lib/play; else state="$HOME/.local/state/play"; fi`;
