import { Command } from 'commander';
import { defaultLabName, ssh, status } from '../lab/index.ts';
import { ExitCode } from '../run/exit-code.ts';

/** One act of the demonstration: what it shows, and the command line that does it. */
interface Act {
  readonly title: string;
  readonly words: readonly string[];
}

const ACTS: readonly Act[] = [
  { title: 'Three throw-away Debian hosts on this machine', words: ['lab', 'up'] },
  { title: 'What would a run change? Nothing is touched', words: ['rabbitmq-ha.yml', '--check'] },
  {
    title: 'The main job: three hosts become one highly available RabbitMQ cluster',
    words: ['rabbitmq-ha.yml'],
  },
  { title: 'Again: there is nothing left to change', words: ['rabbitmq-ha.yml'] },
  { title: 'A check, as a timer would run it: no drift', words: ['rabbitmq-ha.yml', '--check'] },
];

const LOOKS = ['rabbitmqctl -q cluster_status', 'rabbitmqctl -q list_policies'];

/** `play demo`: the main job on throw-away hosts, from nothing. `run` does what a command line says. */
export function demoCommand(run: (words: readonly string[]) => Promise<number>): Command {
  return new Command('demo')
    .description('bring up throw-away hosts and make a RabbitMQ cluster of them')
    .action(async () => {
      process.exitCode = await demo(run);
    });
}

async function demo(run: (words: readonly string[]) => Promise<number>): Promise<number> {
  for (const { title, words } of ACTS) {
    heading(title, `play ${words.join(' ')}`);
    const code = await run(words);
    if (code !== ExitCode.fine) {
      process.stdout.write(
        `\nThe demonstration ends here: \`play ${words.join(' ')}\` ended with exit code ${code}. It can be called again.\n`,
      );
      return code;
    }
  }
  const first = (await status(defaultLabName()))?.hosts[0]?.name ?? '9lpo192';
  for (const look of LOOKS) {
    heading('As the brokers see it', `play lab ssh ${first} ${look}`);
    await ssh(first, look);
  }
  process.stdout.write(`
Look around:           play lab status
                       play lab ssh ${first}
Break something:       play lab ssh ${first} rabbitmqctl clear_policy ha-all
… and see it:          play rabbitmq-ha.yml --check --diff
… and mend it:         play rabbitmq-ha.yml
Stop the hosts:        play lab down          (their disks stay)
Take them away:        play lab down --wipe

(\`npm link\` puts \`play\` on your PATH; without it, write \`npm run -s play --\` instead.)
`);
  return ExitCode.fine;
}

function heading(title: string, command: string): void {
  process.stdout.write(`\n━━ ${title}\n$ ${command}\n`);
}
