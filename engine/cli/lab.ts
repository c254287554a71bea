import { Command, InvalidArgumentError, Option } from 'commander';
import {
  checkLabName,
  defaultLabName,
  down,
  LabError,
  type LabStatus,
  mostHosts,
  type OnProgress,
  type Release,
  releases,
  ssh,
  status,
  up,
} from '../lab/index.ts';
import { progressReporter, wantsColour } from '../report/index.ts';

/**
 * `play lab`: throw-away real Debian hosts on this machine. Sets `process.exitCode`: 0 done, 2 the lab or a host failed, 5 a bad
 * name in PLAY_LAB, 99 interrupted; `ssh` passes on that of ssh. What is wrong with the options is thrown as commander's own error.
 */
export function labCommand(): Command {
  const lab = new Command('lab')
    .enablePositionalOptions()
    .description(
      'throw-away real Debian hosts on this machine, under systemd-nspawn (the environment variable PLAY_LAB names another lab than “lab”)',
    );
  addUp(lab);
  addStatus(lab);
  addSsh(lab);
  addDown(lab);
  return lab;
}

function addUp(lab: Command): void {
  lab
    .command('up')
    .description(
      'make the hosts, or bring up and repair those that are there; quick where all of them answer',
    )
    .addOption(new Option('--hosts <n>', 'how many (3 in a new lab)').argParser(countOf))
    .addOption(
      new Option('--release <name>', 'their Debian release (bookworm in a new lab)').choices(releases),
    )
    .action((options: { hosts?: number; release?: Release }) =>
      reporting(async (signal, onProgress) => {
        printStatus(await up({ ...options, onProgress, signal }));
      }),
    );
}

function addStatus(lab: Command): void {
  lab
    .command('status')
    .description('show the hosts and how they are')
    .action(() =>
      reporting(async () => {
        const found = await status();
        if (found !== undefined) return printStatus(found);
        throw new LabError(`there is no lab “${defaultLabName()}”`, 'make it with `play lab up`');
      }),
    );
}

function addSsh(lab: Command): void {
  lab
    .command('ssh')
    .description('run a command on a host as root, or a shell')
    .argument('<host>')
    .argument('[command...]')
    .passThroughOptions()
    .action((host: string, command: readonly string[]) =>
      reporting(async () => {
        process.exitCode = await ssh(host, command.length === 0 ? undefined : command.join(' '));
      }),
    );
}

function addDown(lab: Command): void {
  lab
    .command('down')
    .description('shut the hosts down; nothing of them is left running, their disks stay')
    .option('--wipe', 'remove their disks too (base images and packages stay, in /var/lib/play/lab)')
    .action((options: { wipe?: boolean }) =>
      reporting((signal, onProgress) => down({ ...options, onProgress, signal })),
    );
}

function countOf(text: string): number {
  const count = /^[0-9]+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= mostHosts) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostHosts}.`);
}

/** Does the work, ctrl-C ending it in good order, and reports what a LabError says; other errors are bugs and pass through. */
async function reporting(
  work: (signal: AbortSignal, onProgress: OnProgress) => Promise<void>,
): Promise<void> {
  const progress = progressReporter(
    {
      out: process.stderr,
      err: process.stderr,
      columns: () => process.stderr.columns || 80,
      colour: wantsColour(process.env, process.stderr),
      verbosity: 0,
    },
    process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
  );
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  let code = 5;
  try {
    checkLabName(defaultLabName());
    code = 2;
    await work(abort.signal, event => progress.on(event)).finally(() => progress.done());
  } catch (error) {
    if (abort.signal.aborted) {
      process.stderr.write('interrupted; `play lab up` goes on from here, `play lab down` clears up\n');
      process.exitCode = 99;
    } else if (error instanceof LabError) {
      const hint = error.hint === undefined ? '' : `hint: ${error.hint}\n`;
      process.stderr.write(`error: ${error.message}\n${hint}`);
      process.exitCode = code;
    } else throw error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function printStatus(lab: LabStatus): void {
  const width = Math.max(...lab.hosts.map(host => host.name.length));
  const lines = [
    `lab ${lab.name}: ${lab.state}, ${lab.release}, ${lab.subnet} on ${lab.bridge}`,
    ...lab.hosts.map(host => `  ${host.name.padEnd(width)}  ${host.address.padEnd(15)}  ${host.state}`),
    `apt proxy: ${lab.proxy.answers ? 'answers' : 'off'}`,
    `inventory: ${lab.inventory}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
