import type { Text } from '../kit/secret.ts';
import type { Become } from './options.ts';

/** A script for a host. It runs in a subshell of its own: whatever it does to its shell ends with it. */
export interface Job {
  /** POSIX shell. No NUL bytes. */
  readonly script: string;
  /** Empty by default. */
  readonly stdin?: Text | Uint8Array;
  /** Exported in the job's shell alone; never part of any process's arguments. */
  readonly environment?: Readonly<Record<string, Text>>;
  readonly cwd?: string;
  /** Seconds after which it is stopped with all its children; no limit by default. */
  readonly timeoutSeconds?: number;
  /** Bytes of each stream that are kept; more are dropped and `truncated` is set. 64 MiB by default. */
  readonly maxOutputBytes?: number;
}

/** What came of a job. */
export interface JobResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Null if it was killed from outside its own shell (then `signal` says by what) or took too long. */
  readonly exitCode: number | null;
  readonly signal?: string;
  readonly timedOut: boolean;
  readonly truncated: boolean;
  readonly durationSeconds: number;
}

/** Who is at the far end, as its environment has it. */
export interface Hello {
  readonly user: string;
  readonly home: string;
  readonly pid: number;
}

/** Options of one call of `run`. */
export interface RunOptions {
  /** Stops the running job with all its children; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Output as it comes. */
  onOutput?(jobIndex: number, stream: 'stdout' | 'stderr', chunk: Buffer): void;
}

/** Options of one upload. */
export interface UploadOptions {
  /** Stops it; `upload` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Seconds after which it is stopped and rejects with CommandTimedOut; no limit by default. */
  readonly timeoutSeconds?: number;
}

/** A shell on a host, as one user. Calls wait for one another. It reopens by itself if its channel (not the link) was lost. */
export interface Shell extends AsyncDisposable {
  /** Runs the jobs one after the other; all travel in one write. Throws TransportError; a job that fails is a result. */
  run(jobs: readonly Job[], options?: RunOptions): Promise<readonly JobResult[]>;
  /**
   * Writes bytes to a path on the host, whose directory must be there, with mode 0600 if it is new. Neither atomic nor
   * synced: meant for a temporary file beside the target. Rejects if the host did not receive every byte.
   */
  upload(content: Uint8Array | Text, path: string, options?: UploadOptions): Promise<void>;
  /** Round trips of the whole connection so far: one for connecting, one for each run and upload. */
  readonly roundTrips: number;
  /** Known after the first run. */
  readonly hello: Hello | undefined;
  /** Stops what runs and closes the channel; the connection stays. */
  close(): Promise<void>;
}

/** One connection to one host. */
export interface Connection extends AsyncDisposable {
  /** The inventory name. */
  readonly host: string;
  /**
   * The shell of the connecting user, or of the one that `become` names; the same for the same question. Opens with its first run.
   * Another `name` is another shell: for a job that lasts while others run.
   */
  shell(become?: Become, name?: string): Shell;
  readonly roundTrips: number;
  /** Resolves, with the reason if it was not by `close`, when the link is gone. */
  readonly lost: Promise<Error | undefined>;
  /** Stops what runs and closes the link. */
  close(): Promise<void>;
}
