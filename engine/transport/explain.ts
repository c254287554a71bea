import {
  ShellBroken,
  SudoDenied,
  SudoMissing,
  SudoPasswordNeeded,
  SudoPasswordWrong,
  type TransportError,
  Unreachable,
} from './errors.ts';
import type { Become } from './options.ts';
import type { SessionEnd } from './shell-session.ts';

/** What sudo 1.8–1.9 and util-linux's su write under LC_ALL=C. */
const SAYS = {
  wrong: /incorrect password attempt|Sorry, try again|Authentication failure|incorrect password/i,
  needed:
    /a password is required|a terminal is required|no password was provided|Authentication token manipulation/i,
  missing: /(sudo|su)['’]?: (No such file or directory|not found)|(sudo|su): command not found/i,
  tty: /you must have a tty|must be run from a terminal|no tty present/i,
  denied:
    /not in the sudoers|is not allowed to|may not run sudo|user .* does not exist|unknown user|Permission denied|setuid|no new privileges|account validation failure|expired/i,
};

function lines(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line.trim() !== '')
    .slice(-10);
}

function becomeError(
  host: string,
  become: Become,
  end: SessionEnd,
  wrong: boolean,
): TransportError | undefined {
  const { method, user } = become;
  const details = lines(end.output);
  const given = become.password !== undefined;
  if (wrong || (given && SAYS.wrong.test(end.output)))
    return new SudoPasswordWrong(host, `${method} does not take the password for becoming ${user}`, {
      hint: 'Give the right one: ansible_become_password in the inventory (in a vault), or -K to be asked for it.',
      details: details.filter(line => !SAYS.wrong.test(line)),
    });
  if (SAYS.tty.test(end.output))
    return new SudoDenied(host, `${method} on the host works from a terminal only`, {
      hint: `Remove “requiretty” for this user from the host's sudoers (visudo: Defaults:USER !requiretty).`,
      details,
    });
  // su, unlike sudo -n, cannot be told not to ask: it took the first line for a password.
  if (SAYS.needed.test(end.output) || SAYS.wrong.test(end.output))
    return new SudoPasswordNeeded(host, `${method} asks for a password to become ${user}`, {
      hint: 'Give it: ansible_become_password in the inventory (in a vault), or -K to be asked for it; or allow it without (NOPASSWD in sudoers).',
      details,
    });
  if (SAYS.missing.test(end.output) || (end.exitCode === 127 && end.output.includes(method)))
    return new SudoMissing(host, `there is no ${method} on the host`, {
      hint: `Install ${method} there, connect as ${user} (ansible_user), or set ansible_become_method.`,
      details,
    });
  const itself = end.output.includes(`${method}:`);
  if (SAYS.denied.test(end.output) || (end.exitCode === 1 && itself))
    return new SudoDenied(host, `${method} does not let this user become ${user}`, {
      hint: `Allow it in the host's sudoers, or connect as a user who may (ansible_user).`,
      details,
    });
  return undefined;
}

/** The error of a channel that broke together with its link. */
export function linkLost(host: string, cause: Error | undefined): Unreachable {
  const reason = cause === undefined ? '' : `: ${cause.message}`;
  return new Unreachable(host, 'link-lost', `the connection was lost${reason}`, {
    hint: 'What was running there was stopped. Run again: it goes on from the state that the host is in.',
    ...(cause !== undefined && { cause }),
  });
}

/** The error for people behind the end of a far shell. */
export function explainEnd(
  host: string,
  become: Become | undefined,
  end: SessionEnd,
  wrongPassword: boolean,
): TransportError {
  if (end.lost !== undefined) return linkLost(host, end.lost);
  const how = end.exitCode === null ? `killed by ${end.signal ?? 'a signal'}` : `exit code ${end.exitCode}`;
  if (end.listened)
    return new ShellBroken(host, `the shell on the host ended in the middle of its work (${how})`, {
      hint: 'Something on the host ended it: a session limit, the out-of-memory killer, or somebody with “kill”. Run again.',
    });
  const failed = become && becomeError(host, become, end, wrongPassword);
  if (failed) return failed;
  return new ShellBroken(host, `logged in, but no POSIX shell came up there (${how})`, {
    hint: 'The user needs a login shell that can run “sh”: no nologin shell, no forced command (command= in authorized_keys, ForceCommand in sshd_config).',
    details: lines(end.output),
  });
}
