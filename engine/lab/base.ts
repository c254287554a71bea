import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import type { Release } from './lab.ts';
import { LabError } from './lab-error.ts';
import { shared } from './layout.ts';
import { lock } from './lock.ts';
import { type AptSource, mirrorsOf, parseSourcesList, parseSourcesStanzas, sourceLines } from './mirrors.ts';
import { removeFolder } from './mounts.ts';
import { type OnProgress, step } from './progress.ts';
import { mmdebstrap, recipeDigest } from './recipe.ts';
import { upstreamEnvironment } from './upstream-proxy.ts';

/** The folder of a release's base image, which is the root file system that hosts start from; it is never written to once it is there. */
export function baseFolder(release: Release): string {
  return join(shared.base, release, recipeDigest(release));
}

/** Makes the base image of a release, unless another process has just made it. It is built beside its place and renamed. */
export async function makeBase(
  release: Release,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const wait = () =>
    onProgress({ kind: 'said', text: `another process builds the ${release} base image; waiting for it` });
  await using _ = await lock(`base-${release}`, wait, signal);
  const target = baseFolder(release);
  if (existsSync(target)) return;
  const folder = join(shared.base, release);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(folder)) if (entry.startsWith('.')) await removeFolder(join(folder, entry));
  const building = join(folder, '.building');
  await step(onProgress, 'base', `Build the base image of ${release} (once; mmdebstrap)`, async () => {
    await build(release, building, onProgress, signal);
    renameSync(building, target);
  });
}

async function build(
  release: Release,
  target: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const sources = sourceLines(release, mirrorsOf(machineSources()));
  const onLine = (line: string) => {
    if (line.startsWith('I: ')) onProgress({ kind: 'said', step: 'base', text: line.slice(3) });
  };
  try {
    await run(mmdebstrap(release, target, sources), {
      environment: await upstreamEnvironment(),
      onLine,
      signal,
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    throw new LabError(
      `the base image of ${release} could not be built: ${error.message.split('\n').slice(-15).join('\n')}`,
      `it needs ${sources[0]?.split(' ')[1]} to be reached, and debian-archive-keyring to be installed and recent`,
      error,
    );
  }
}

/** Where this machine itself gets packages. */
function machineSources(): readonly AptSource[] {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map(entry => join(folder, entry)) : [];
  return [...files.sort(), '/etc/apt/sources.list']
    .filter(file => existsSync(file))
    .flatMap(file => {
      if (file.endsWith('.sources')) return parseSourcesStanzas(readFileSync(file, 'utf8'));
      return file.endsWith('.list') ? parseSourcesList(readFileSync(file, 'utf8')) : [];
    });
}
