import { type SpawnOptions, spawn } from 'node:child_process';
import { LabError } from './lab-error.ts';
import { signalProcess } from './processes.ts';

/** How a program is run: its standard input, its environment in addition to ours, and who hears its lines. */
export interface RunOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string) => void;
}

/** A program's end: its exit code (128 + n for a signal), and what it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const labPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment for the programs a lab needs: untranslated messages, and the folders where Debian keeps them. */
export function environmentOf(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH: labPath, LC_ALL: 'C.UTF-8', ...more };
}

/** Runs a program to its end and returns how it ended; throws only where it cannot be started, or `signal` ended it. */
export function end(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ended> {
  const { input, environment, signal, onLine } = options;
  const spawnOptions: SpawnOptions = {
    env: environmentOf(environment),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // A process group of its own: the terminal's ctrl-C ends what may be ended through us alone, and an abort reaches its children too.
    detached: true,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), spawnOptions);
    const abort = () => child.pid !== undefined && signalProcess(-child.pid, 'SIGTERM');
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const said = { stdout: '', stderr: '' };
    let rest = '';
    const hear = (stream: 'stdout' | 'stderr') => (text: string) => {
      said[stream] += text;
      if (onLine === undefined) return;
      const lines = (rest + text).split(/[\r\n]+/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout?.setEncoding('utf8').on('data', hear('stdout'));
    child.stderr?.setEncoding('utf8').on('data', hear('stderr'));
    child.stdin?.on('error', () => {}).end(input);
    child.on('error', error => {
      // Of a program that was started only its end counts: it may have to clear up behind itself.
      if (child.pid === undefined) reject(notStarted(argv[0], error));
    });
    child.on('close', (code, signalName) => {
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ code: code ?? signalCode(signalName), ...said });
    });
  });
}

function notStarted(program: string, error: Error): LabError {
  return new LabError(`${program} could not be started: ${error.message}`, undefined, error);
}

function signalCode(name: NodeJS.Signals | null): number {
  return name === 'SIGKILL' ? 137 : name === 'SIGINT' ? 130 : 143;
}

/** Runs a program that must succeed and returns what it wrote; throws LabError with its last lines where it fails. */
export async function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await end(argv, options);
  if (code === 0) return stdout;
  throw new LabError(`${argv.join(' ')}\nended with code ${code}:\n${tail(stderr.trim() || stdout, 15)}`);
}

/** The last lines of a text, without what colours it. */
export function tail(text: string, lines: number): string {
  return text
    .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .trimEnd()
    .split(/\r*\n/)
    .slice(-lines)
    .join('\n');
}
