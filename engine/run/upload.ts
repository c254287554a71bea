import { createHash } from 'node:crypto';
import type { Output, RemoteFile, Upload } from '../kit/command.ts';
import { Secret } from '../kit/secret.ts';
import { join, sh } from '../kit/shell-text.ts';
import { type Job, type JobResult, UploadFailed } from '../transport/index.ts';
import { StepFailed } from './errors.ts';
import { bytesOf } from './jobs.ts';
import type { Place } from './place.ts';

/** Up to so many bytes travel within the shell's own stream, in the same round trip as the rest. */
const INLINE_BYTES = 64 * 1024;

/** The exit code where a mount point could not be written to its end. */
const CUT_SHORT = 3;

/** Finds the file behind symbolic links, and a temporary one beside it, which goes away if anything fails. */
const begin = (path: string) => sh`path=${path}
target=$(readlink -f -- "$path") || { echo "the directory of $path does not exist" >&2; exit 1; }
[ ! -d "$target" ] || { echo "$target is a directory" >&2; exit 1; }
directory=$(dirname -- "$target")
umask 077`;

/**
 * Checks what arrived, sets owner and mode, and puts it in place by one rename. Where the target is a mount point, which cannot be
 * renamed over, it is written in place.
 */
const finish = (upload: Upload, size: number, sha256: string) => sh`
[ "$(wc -c < "$new")" -eq ${size} ] || { echo "only $(wc -c < "$new") of "${size}" bytes were written" >&2; exit 1; }
[ "$(sha256sum < "$new" | cut -d' ' -f1)" = ${sha256} ] || { echo "what arrived is not what was sent" >&2; exit 1; }
owner=${upload.owner ?? ''} group=${upload.group ?? ''} mode=${upload.mode ?? ''}
if [ -e "$target" ]; then
  [ -n "$owner" ] || owner=$(stat -c %u -- "$target")
  [ -n "$group" ] || group=$(stat -c %g -- "$target")
  [ -n "$mode" ] || mode=$(stat -c %a -- "$target")
fi
[ -z "$owner$group" ] || chown -- "$owner\${group:+:$group}" "$new" || exit 1
chmod -- "\${mode:-0644}" "$new" || exit 1
sync "$new" 2>/dev/null || sync
if ! moved=$(mv -f -- "$new" "$target" 2>&1); then
case $moved in
*busy) cat -- "$new" > "$target" && rm -f -- "$new" || exit ${CUT_SHORT} ;;
*) echo "cannot put $target in place: \${moved##*: }" >&2; exit 1 ;;
esac
fi`;

/** Writes a file whole or not at all. Throws StepFailed; the old file is untouched then. */
export async function uploadFile(place: Place, upload: Upload): Promise<void> {
  const content = await contentOf(place, upload);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const end = finish(upload, content.length, sha256);
  const make = sh`new=$(mktemp "$directory/.play.XXXXXX") || exit 1
trap 'rm -f -- "$new"' EXIT`;
  if (content.length <= INLINE_BYTES) {
    const receive = sh`cat > "$new" || exit 1`;
    await run(place, upload, { script: join([begin(upload.path), make, receive, end]).text, stdin: content });
    return;
  }
  const made = await run(place, upload, {
    script: join([begin(upload.path), sh`mktemp "$directory/.play.XXXXXX"`]).text,
  });
  const temporary = made.stdout.toString().trimEnd();
  const take = sh`new=${temporary}
trap 'rm -f -- "$new"' EXIT`;
  try {
    await place.context.host(place.host).send(place.become, content, temporary, place.signal);
  } catch (error) {
    await place.context
      .host(place.host)
      .run(place.become, [{ script: sh`rm -f -- ${temporary}`.text }])
      .catch(() => undefined);
    if (!(error instanceof UploadFailed)) throw error;
    throw notWritten(upload, { stdout: Buffer.of(), stderr: Buffer.from(error.stderr), exitCode: null });
  }
  await run(place, upload, { script: join([begin(upload.path), take, end]).text });
}

async function run(place: Place, upload: Upload, job: Job): Promise<JobResult> {
  const [result] = await place.context
    .host(place.host)
    .run(place.become, [{ timeoutSeconds: 300, ...job }], { signal: place.signal });
  if (result === undefined || result.exitCode !== 0) throw notWritten(upload, result);
  return result;
}

function notWritten(upload: Upload, output: Output | undefined): StepFailed {
  const why = output?.stderr.toString().trim().split('\n').at(-1) ?? '';
  return new StepFailed(
    `cannot write ${upload.path}${why === '' ? '' : `: ${why}`}`,
    `write ${upload.path}`,
    output,
    output?.exitCode === CUT_SHORT
      ? 'it is a mount point, which is written in place: it may hold a part now; run again when there is room'
      : 'what was there before is still there, whole',
  );
}

async function contentOf(place: Place, upload: Upload): Promise<Buffer> {
  const { content } = upload;
  if (typeof content === 'string' || content instanceof Uint8Array || content instanceof Secret)
    return bytesOf(content);
  return fetchFile(place, content);
}

/** The bytes of another host's file, through the controller's memory only. */
async function fetchFile(place: Place, file: RemoteFile): Promise<Buffer> {
  const [result] = await place.context
    .host(file.host)
    .run(place.become, [{ script: sh`cat -- ${file.path}`.text, timeoutSeconds: 300 }], {
      signal: place.signal,
    });
  if (result === undefined || result.exitCode !== 0)
    throw new StepFailed(
      `cannot read ${file.path} on ${file.host}`,
      `read ${file.host}:${file.path}`,
      result,
    );
  if (createHash('sha256').update(result.stdout).digest('hex') !== file.sha256)
    throw new StepFailed(
      `${file.path} on ${file.host} changed while it was being copied`,
      `read ${file.host}:${file.path}`,
      undefined,
      'run again',
    );
  return result.stdout;
}
