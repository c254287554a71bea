import { quote } from '../kit/shell-text.ts';
import type { Job } from './shell.ts';

/**
 * What is written to the far shell. Text is built as “byte strings” (latin1), because scripts and their input are bytes, and
 * every shell reads them so under LC_ALL=C.
 */
type ByteString = string;

/** Standard input up to this size travels inside the script; larger input by a channel of its own. Bytes. */
export const INLINE_LIMIT = 64 * 1024;

const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A job made ready to be written: every value revealed and in bytes. Never logged. */
export interface PreparedJob {
  readonly script: Buffer;
  readonly stdin: Buffer | { readonly file: string };
  readonly environment: readonly (readonly [string, Buffer])[];
  readonly cwd: string | undefined;
}

const byteString = (bytes: Buffer): ByteString => bytes.toString('latin1');
const ofText = (text: string): ByteString => byteString(Buffer.from(text, 'utf8'));

/** What every far shell begins with, so that jobs behave alike whoever logs in. */
const SETTING = `export LC_ALL=C PATH=${SEARCH_PATH}; unset ENV BASH_ENV CDPATH HISTFILE TMOUT; umask 022`;

/**
 * The functions of the far shell. A batch runs in a session (setsid) of its own under a monitor in the background, so the far
 * shell always reads on: it can stop the batch when told to, or when its input ends because the link died.
 * - `kill -TERM -PID`: dash knows no `kill -- -PID`.
 * - The monitor speaks only if the batch's shell did not end by itself: then no job said how it ended.
 */
function functions(boundary: string, shellProgram: string): string {
  return `
play_stop() {
kill -TERM -"$1" 2>/dev/null
for pause in 0.02 0.05 0.1 0.1 0.2 0.2 0.3 0.3 0.3 0.4; do
kill -0 -"$1" 2>/dev/null || return 0
sleep $pause 2>/dev/null || sleep 1
done
kill -KILL -"$1" 2>/dev/null
}
play_batch() {
group= stopped=
trap 'stopped=1; [ -z "$group" ] || play_stop "$group"' TERM
printf %s "$1" | setsid ${shellProgram} & group=$!
[ -z "$stopped" ] || play_stop "$group"
wait "$group" 2>/dev/null; code=$?
[ -z "$stopped" ] || { wait "$group" 2>/dev/null; code=143; }
[ "$code" = 0 ] || { printf '${boundary} %s died %s\\n' "$2" "$code"; printf '${boundary} %s died %s\\n' "$2" "$code" >&2; }
}
monitor=
trap 'trap "" HUP TERM; [ -z "$monitor" ] || kill -TERM "$monitor" 2>/dev/null' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM
`;
}

/** What is written first to a fresh `sh`: its setting, functions, and a frame on both streams that says that it listens. */
export function prelude(boundary: string, shellProgram: string): string {
  const hello = `${boundary} hello %s %s %s\\n`;
  return `${SETTING}${functions(boundary, shellProgram)}printf '${hello}' "$$" "\${LOGNAME:-$USER}" "$HOME"; printf '${hello}' 0 - - >&2\n`;
}

function jobText(job: PreparedJob): ByteString {
  const lines: ByteString[] = [];
  for (const [name, value] of job.environment) lines.push(`export ${name}=${quote(byteString(value))}`);
  if (job.cwd !== undefined) lines.push(`cd -- ${quote(ofText(job.cwd))} || exit 1`);
  // `eval` of quoted text: a syntax error, an open quote or an `exit` ends this subshell and nothing else.
  lines.push(`eval ${quote(byteString(job.script))}`);
  if (!Buffer.isBuffer(job.stdin)) {
    const file = quote(ofText(job.stdin.file));
    return `(\nrm -f ${file}\n${lines.join('\n')}\n) <${file}`;
  }
  const body = `(\n${lines.join('\n')}\n)`;
  if (job.stdin.length === 0) return `${body} </dev/null`;
  // No shell keeps NUL in a string. printf is a builtin: its text is in no process's arguments.
  if (job.stdin.includes(0)) return `printf %s ${job.stdin.toString('base64')} | base64 -d | ${body}`;
  return `printf %s ${quote(byteString(job.stdin))} 2>/dev/null | ${body}`;
}

/** The text that runs jobs `first`… of a batch, one after the other, each followed by its end frame on both streams. */
export function batchText(
  boundary: string,
  batch: number,
  jobs: readonly PreparedJob[],
  first: number,
): Buffer {
  const end = `${boundary} ${batch} end %s %s\\n`;
  const text = [
    `play_end() { printf '${end}' "$1" "$2"; printf '${end}' "$1" "$2" >&2; }`,
    ...jobs.slice(first).map((job, offset) => `${jobText(job)}\nplay_end ${first + offset} $?`),
    // So that the monitor stays silent.
    'exit 0\n',
  ].join('\n');
  return Buffer.from(`play_batch ${quote(text)} ${batch} & monitor=$!\n`, 'latin1');
}

/** Told to the far shell when all ends of a batch were seen: the monitor's process id must not be used again. */
export const FORGET_BATCH = Buffer.from('[ -z "$monitor" ] || wait "$monitor"; monitor=\n');

/** Stops the running batch: TERM, and after two seconds KILL, to its whole process group. */
export const STOP_BATCH = Buffer.from('[ -z "$monitor" ] || kill -TERM "$monitor" 2>/dev/null\n');

/**
 * A command whose first input line is a script (from `scriptLine`) and whose further input is that script's own. `read` takes
 * no byte more than the line, so the rest reaches the script whole; nothing of it is in any process's arguments.
 */
export const READ_SCRIPT = 'IFS= read -r play_script; eval "$(printf %b "$play_script")"';

/** A script as the one line that READ_SCRIPT reads. */
export function scriptLine(script: string): Buffer {
  return Buffer.from(`${script.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`, 'utf8');
}

/**
 * The script that writes its standard input to a new or existing file and reports the file's size, in bytes. Its first line
 * is empty: a sign that it reads, for transports that must wait for one.
 */
export function receiveScript(boundary: string, path: string, exclusive: boolean): string {
  return `echo; ${SETTING}; umask 077; ${exclusive ? 'set -C; ' : ''}cat >${quote(path)} || exit 1; printf '\\n${boundary} %s\\n' $(wc -c <${quote(path)})`;
}

const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Throws TypeError for what no shell can hold: a NUL byte, a variable name that is none. */
export function assertSendable(job: Job): void {
  if (job.script.includes('\0')) throw new TypeError('a script cannot hold a NUL byte');
  if (job.cwd?.includes('\0')) throw new TypeError('a directory cannot hold a NUL byte');
  for (const name of Object.keys(job.environment ?? {}))
    if (!ENVIRONMENT_NAME.test(name))
      throw new TypeError(`not a name of an environment variable: ${JSON.stringify(name)}`);
}
