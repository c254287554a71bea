import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './processes.ts';

/** A running ssh-agent. */
export interface Agent {
  readonly socket: string;
  /** Adds a private key, without a passphrase or with this one. */
  add(key: string, passphrase?: string): void;
  stop(): void;
}

/** Starts an ssh-agent with its socket in a folder. Stop it when done. */
export async function startAgent(folder: string): Promise<Agent> {
  const socket = join(folder, 'agent');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await eventually('the agent', () => existsSync(socket));
  return {
    socket,
    add: (key, passphrase) => {
      const copy = passphrase === undefined ? key : `${key}.open`;
      if (passphrase !== undefined) {
        execFileSync('cp', ['-p', key, copy]);
        execFileSync('ssh-keygen', ['-q', '-p', '-P', passphrase, '-N', '', '-f', copy], { stdio: 'pipe' });
      }
      execFileSync('ssh-add', ['-q', copy], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
        stdio: 'pipe',
      });
    },
    stop: () => child.kill(),
  };
}
