import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { modules } from '../../modules/index.ts';
import { ExitCode } from '../run/exit-code.ts';
import { demoCommand } from './demo.ts';
import { docsCommand } from './docs.ts';
import { labCommand } from './lab.ts';
import { addPlayOptions, type PlayOptions } from './options.ts';
import { packageRoot } from './package-root.ts';
import { playCommand } from './play.ts';

/** Does what a command line says, without the program's own name: `runProgram(['site.yml', '--check'])`. Gives the exit code. */
export async function runProgram(words: readonly string[]): Promise<number> {
  const program = programOf();
  process.exitCode = ExitCode.fine;
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander ends calls by exceptions; help is no mistake.
    process.exitCode = error.exitCode === 0 ? ExitCode.fine : ExitCode.usage;
  }
  return Number(process.exitCode);
}

function programOf(): Command {
  const program = addPlayOptions(new Command('play'))
    .version(version())
    .description('Brings hosts to the state that a playbook describes.')
    .usage('PLAYBOOK... [options]  |  play lab …  |  play docs …  |  play demo')
    .argument('[playbooks...]', 'playbooks: paths, or names of the package’s own')
    .enablePositionalOptions()
    .showHelpAfterError('(`play --help` lists all options)')
    .action(async (playbooks: readonly string[], options: PlayOptions) => {
      if (playbooks.length === 0) program.help({ error: true });
      process.exitCode = await playCommand(playbooks, options);
    });
  for (const command of [labCommand(), docsCommand(modules), demoCommand(runProgram)])
    program.addCommand(command);
  for (const command of allCommands(program)) command.exitOverride();
  return program;
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function version(): string {
  // The package's own file has this shape.
  const { version: found } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return found;
}
