#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { modules } from '../../modules/index.ts';
import { redact } from '../kit/secret.ts';
import { ExitCode } from '../run/exit-code.ts';
import { docsCommand } from './docs.ts';
import { labCommand } from './lab.ts';
import { addPlayOptions, type PlayOptions } from './options.ts';
import { packageRoot } from './package-root.ts';
import { playCommand } from './play.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

/** Commander ends calls by exceptions; bad options are exit code 5, help is no mistake. */
function exitCodeOf(error: CommanderError): number {
  return error.exitCode === 0 ? ExitCode.fine : ExitCode.usage;
}

async function main(): Promise<void> {
  const program = addPlayOptions(new Command('play'))
    .version(version)
    .description('Brings hosts to the state that a playbook describes.')
    .usage('PLAYBOOK... [options]  |  play lab …  |  play docs …')
    .argument('[playbooks...]', 'playbooks: paths, or names of the package’s own')
    .enablePositionalOptions()
    .showHelpAfterError('(`play --help` lists all options)')
    .action(async (playbooks: readonly string[], options: PlayOptions) => {
      if (playbooks.length === 0) program.help({ error: true });
      process.exitCode = await playCommand(playbooks, options);
    });
  const commands = [program, labCommand(), docsCommand(modules)];
  for (const command of commands) {
    for (const each of [command, ...command.commands]) each.exitOverride();
    if (command !== program) program.addCommand(command);
  }
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = exitCodeOf(error);
  }
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: this is a defect of play itself, please report it:\n${redact(text)}\n`);
  process.exitCode = ExitCode.defect;
});
