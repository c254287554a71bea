import type { Secret, Text } from './secret.ts';
import type { ShellText } from './shell-text.ts';

/** Bytes or text, shown or secret. */
export type Content = Text | Uint8Array | Secret<Uint8Array>;

/** A command on a host: POSIX shell, with what it reads and how long it may take. */
export interface Command {
  readonly kind: 'command';
  readonly script: ShellText;
  /** Standard input; empty by default. The place for secrets. */
  readonly stdin?: Content;
  /** Exported to the script only; values may be secret: they are never part of a process's arguments. */
  readonly environment?: Readonly<Record<string, Text>>;
  readonly directory?: string;
  /** Seconds after which it is stopped with all its children; 300 by default. */
  readonly timeoutSeconds?: number;
  /** Exit codes that mean success; `[0]` by default, `any` where the caller reads the code itself. */
  readonly exitCodes?: readonly number[] | 'any';
  /** How people would write it, for messages; the script itself by default. */
  readonly shown?: string;
}

/** A command from shell text: command(sh`systemctl stop -- ${unit}`, { timeoutSeconds: 60 }). */
export function command(script: ShellText, options: Omit<Command, 'kind' | 'script'> = {}): Command {
  return { kind: 'command', script, ...options };
}

/** What came of a command. */
export interface Output {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** The exit code; null if it was killed. */
  readonly exitCode: number | null;
}

/** A file of another host (inventory name), to be copied through the controller without being kept or shown there. */
export interface RemoteFile {
  readonly host: string;
  readonly path: string;
  /** Its expected SHA-256, hex; copying something else fails. */
  readonly sha256: string;
}

/**
 * Writes a file whole or not at all: beside the target, owner and mode set, checked, synced, renamed over it. Symbolic links are
 * followed; the directory must be there.
 */
export interface Upload {
  readonly kind: 'upload';
  readonly path: string;
  readonly content: Content | RemoteFile;
  /** Name or number; unchanged (or the connecting user's, for a new file) by default. */
  readonly owner?: string;
  readonly group?: string;
  /** Octal digits such as `0644`; unchanged (0644 less the umask, for a new file) by default. */
  readonly mode?: string;
}
