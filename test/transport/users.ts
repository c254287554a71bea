import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why users cannot be made here; undefined if they can. */
export const noUsers: string | undefined =
  process.getuid?.() !== 0
    ? 'only root can make users'
    : existsSync('/usr/sbin/useradd')
      ? undefined
      : 'there is no useradd (apt-get install passwd)';

/** Why sudo cannot be tried here; undefined if it can. */
export const noSudo: string | undefined =
  noUsers ?? (existsSync('/usr/bin/sudo') ? undefined : 'there is no sudo (apt-get install sudo)');

export interface UserOptions {
  readonly password?: string;
  /** Lines of a sudoers file; `USER` stands for the user's name. */
  readonly sudoers?: readonly string[];
  /** `/bin/bash` by default. */
  readonly shell?: string;
  /** Files of the home folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A user of this machine, for one test. */
export interface User {
  readonly name: string;
  readonly home: string;
  remove(): void;
}

/** Makes a user of this machine. Remove it when done. */
export function makeUser(options: UserOptions = {}): User {
  const home = mkdtempSync('/tmp/play-home-');
  const name = `play-${home.slice(-6).toLowerCase()}`;
  const shell = options.shell ?? '/bin/bash';
  execFileSync('useradd', ['--no-create-home', '--home-dir', home, '--shell', shell, name], {
    stdio: 'pipe',
  });
  const uid = Number(execFileSync('id', ['-u', name]).toString());
  const gid = Number(execFileSync('id', ['-g', name]).toString());
  for (const [file, text] of Object.entries(options.files ?? {})) {
    writeFileSync(join(home, file), text);
    chownSync(join(home, file), uid, gid);
  }
  chownSync(home, uid, gid);
  // A new account is locked, which sshd minds even for keys; one with no password that fits is not.
  if (options.password === undefined) execFileSync('usermod', ['-p', '*', name], { stdio: 'pipe' });
  else
    execFileSync('chpasswd', [], { input: `${name}:${options.password}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
  const rules = `/etc/sudoers.d/${name}`;
  if (options.sudoers !== undefined)
    writeFileSync(rules, `${options.sudoers.join('\n').replaceAll('USER', name)}\n`, { mode: 0o440 });
  return {
    name,
    home,
    remove: () => {
      rmSync(rules, { force: true });
      try {
        execFileSync('pkill', ['-KILL', '-u', String(uid)], { stdio: 'pipe' });
      } catch {
        // It has no processes.
      }
      execFileSync('userdel', ['--force', name], { stdio: 'pipe' });
      rmSync(home, { recursive: true, force: true });
    },
  };
}
