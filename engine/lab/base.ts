import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { parseDisk } from './disk-file.ts';
import { textOf } from './files.ts';
import type { Release } from './lab.ts';
import { LabError } from './lab-error.ts';
import { hostLayout, labsRoot, layoutOf, lockOf, shared } from './layout.ts';
import { lock } from './lock.ts';
import { type AptSource, mirrorsOf, parseSourcesList, parseSourcesStanzas, sourceLines } from './mirrors.ts';
import { removeFolder } from './mounts.ts';
import { type OnProgress, step } from './progress.ts';
import { mmdebstrap, recipeDigest } from './recipe.ts';
import { upstreamEnvironment } from './upstream-proxy.ts';

/** The folder of a release's base image, the root file system that hosts start from; it is never written to once it is there. */
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
    onProgress({ kind: 'said', text: `waiting for another build of the ${release} base image` });
  await using _ = await lock(lockOf.base(release), wait, signal);
  const target = baseFolder(release);
  if (existsSync(target)) return;
  await removeUnused(release, wait, signal);
  const building = join(shared.base, release, '.building');
  await step(onProgress, 'base', `Build the base image of ${release} (once; mmdebstrap)`, async () => {
    try {
      await build(release, building, onProgress, signal);
      renameSync(building, target);
    } finally {
      await removeFolder(building);
    }
  });
}

/** Removes what an interrupted build left, and images of other recipes that no disk stands on. */
async function removeUnused(release: Release, wait: () => void, signal?: AbortSignal): Promise<void> {
  // A builder that outlived its caller still writes, and holds this lock for as long.
  await using _ = await lock(lockOf.builder(release), wait, signal);
  const folder = join(shared.base, release);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const used = usedBases();
  const unused = readdirSync(folder).filter(entry => !used.has(join(folder, entry)));
  for (const entry of unused) await removeFolder(join(folder, entry));
}

/** The images that the disks of all labs stand on. */
function usedBases(): ReadonlySet<string> {
  const entriesOf = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  const disks = entriesOf(labsRoot).flatMap(name =>
    entriesOf(layoutOf(name).hosts).flatMap(host => textOf(hostLayout(name, host).disk) ?? []),
  );
  return new Set(disks.map(text => parseDisk(text).base));
}

async function build(
  release: Release,
  target: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const sources = sourceLines(release, mirrorsOf(machineSources()));
  const onLine = (line: string) => {
    // Of the hook mmdebstrap prints the whole text.
    if (/^I: (?!.*--customize-hook)/.test(line))
      onProgress({ kind: 'said', step: 'base', text: line.slice(3) });
  };
  // It becomes mmdebstrap, which so holds the lock itself, and no lock outlives it.
  const locked = ['flock', '--exclusive', '--no-fork', lockOf.builder(release)] as const;
  try {
    const environment = await upstreamEnvironment();
    await run([...locked, ...mmdebstrap(release, target, sources)], { environment, onLine, signal });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError(
      `the base image of ${release} could not be built:\n${error.message.split('\n').slice(-15).join('\n')}`,
      `it needs ${sources[0]?.split(' ')[1]} to be reached, and a recent debian-archive-keyring to be installed`,
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
