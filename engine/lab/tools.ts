import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environmentOf, run } from './command.ts';
import { LabError } from './lab-error.ts';
import { type OnProgress, step } from './progress.ts';

/** The programs that a lab needs, and the Debian packages that bring them. */
const tools = [
  { program: 'systemd-nspawn', package: 'systemd-container' },
  { program: 'mmdebstrap', package: 'mmdebstrap' },
  { program: 'ip', package: 'iproute2' },
  { program: 'ssh', package: 'openssh-client' },
  { program: 'ssh-keygen', package: 'openssh-client' },
  { program: 'flock', package: 'util-linux' },
  { program: 'mount', package: 'mount' },
] as const;

const otherWay =
  'any three hosts with ssh serve as well: write them into an inventory and name it with `-i INVENTORY`';

/** Throws LabError where this machine cannot have a lab at all. */
export function checkMachine(
  platform: string = process.platform,
  user: number = process.getuid?.() ?? -1,
): void {
  if (platform !== 'linux') {
    throw new LabError(
      `a lab needs Linux: its hosts run under systemd-nspawn, and this is ${platform}`,
      otherWay,
    );
  }
  if (user !== 0) {
    throw new LabError(
      'a lab needs root: it boots containers, makes a bridge and mounts file systems',
      `call it again with sudo; or ${otherWay}`,
    );
  }
}

/** The packages to be installed before a lab can be made. */
export function missingPackages(): readonly string[] {
  const folders = (environmentOf()['PATH'] ?? '').split(delimiter);
  const isThere = (program: string) => folders.some(folder => isExecutable(join(folder, program)));
  return [...new Set(tools.filter(tool => !isThere(tool.program)).map(tool => tool.package))];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs packages on this machine by apt; throws LabError where there is no apt or it fails. It is never cut short: dpkg would be left half done. */
export async function installTools(packages: readonly string[], onProgress: OnProgress): Promise<void> {
  const list = packages.join(', ');
  const hint = `install ${list} in your own way and call this again; or ${otherWay}`;
  if (!isExecutable('/usr/bin/apt-get')) {
    throw new LabError(`a lab needs ${list}, and this machine has no apt-get to install them`, hint);
  }
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['apt-get', '-o', 'DPkg::Lock::Timeout=300'] as const;
  await step(onProgress, 'tools', `Install ${list} on this machine (apt-get install)`, async () => {
    try {
      await run([...patient, 'update'], { environment });
      await run([...patient, 'install', '--yes', '--no-install-recommends', ...packages], { environment });
    } catch (error) {
      if (error instanceof LabError) throw new LabError(error.message, hint, error);
      throw error;
    }
  });
}
