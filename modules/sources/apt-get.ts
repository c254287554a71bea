import { type Command, command, join, type ShellText, sh } from '../../engine/kit/index.ts';
import { type AptRequest, aptWords, word } from './apt.ts';

/** How long apt may take, in seconds: dpkg must never be stopped half-way for being slow. */
const LONGEST = 3600;

/** Nobody is there to answer: no dialogs, no news, no restarts that were not asked for. */
const UNATTENDED = {
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  NEEDRESTART_MODE: 'l',
} as const;

/**
 * Runs a command until no other process holds apt's or dpkg's locks, or the time is up. Trying is the only test without a race, and apt
 * itself names the holder: “Could not get lock FILE. It is held by process 4711 (apt-get)”. apt can wait for two of its four locks only.
 */
const patiently = (seconds: number): ShellText => sh`
patiently() {
deadline=$(($(date +%s) + ${seconds}))
until { said=$("$@" 2>&1 >&3 3>&-); } 3>&1; do
code=$?
case $said in
*'Could not get lock'* | *'lock was locked by another process'*) ;;
*) printf '%s\n' "$said" >&2; return $code ;;
esac
if [ "$(date +%s)" -ge "$deadline" ]; then
printf '%s\n' "$said" "waited ${seconds} s for it" >&2
holder=$(printf '%s\n' "$said" | sed -n 's/.*held by process \([0-9]*\).*/\1/p;s/.*process with pid \([0-9]*\).*/\1/p' | sed 1q)
[ -z "$holder" ] || printf 'process %s is: %s\n' "$holder" "$(tr '\0' ' ' <"/proc/$holder/cmdline")" >&2
return $code
fi
sleep 1
done
[ -z "$said" ] || printf '%s\n' "$said" >&2
}`;

function aptCommand(lockTimeout: number, script: ShellText, shown: string): Command {
  return command(join([patiently(lockTimeout), script]), {
    environment: UNATTENDED,
    timeoutSeconds: LONGEST + lockTimeout,
    shown,
  });
}

/** Fetches the package lists, all or none; where nothing is new apt leaves no trace of it, so that is noted. */
export function refreshLists(lockTimeout: number): Command {
  const script = sh`patiently apt-get -q -o APT::Update::Error-Mode=any update && touch /var/lib/apt/lists`;
  return aptCommand(lockTimeout, script, 'apt-get update');
}

/** Finishes what an interrupted dpkg began, and fetches what it lacks. */
export function finishInterrupted(lockTimeout: number): Command {
  const script = sh`
patiently dpkg --force-confdef --force-confold --configure -a ||
patiently apt-get -q -y --no-remove -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --fix-broken install`;
  return aptCommand(lockTimeout, script, 'dpkg --configure -a || apt-get --fix-broken install');
}

/** One apt-get for all packages of the request. It removes nothing for the sake of an installation, unless that is allowed. */
export function aptGet(
  request: AptRequest,
  allowed: { readonly lock_timeout: number; readonly allow_removals: boolean },
): Command {
  const removes = request.verb === 'remove' || request.verb === 'purge';
  const words = [
    '-q',
    ...(removes || allowed.allow_removals ? [] : ['--no-remove']),
    ...aptWords(request),
    ...request.packages.map(word),
  ];
  return aptCommand(allowed.lock_timeout, sh`patiently apt-get ${words}`, `apt-get ${words.join(' ')}`);
}
