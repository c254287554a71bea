import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, withWord } from './processes.ts';
import { noSshd, type Sshd, startSshd } from './sshd.ts';

const JITI = resolve('node_modules/jiti/lib/jiti-cli.mjs');

describe.skipIf(noSshd !== undefined)(
  `the controller dies${noSshd === undefined ? '' : `: ${noSshd}`}`,
  () => {
    let sshd: Sshd;
    beforeAll(async () => {
      sshd = await startSshd();
    });
    afterAll(() => sshd.stop());

    test.each([
      ['ssh', 'SIGKILL'],
      ['openssh', 'SIGKILL'],
      ['local', 'SIGKILL'],
      ['ssh', 'SIGINT'],
      ['openssh', 'SIGINT'],
      ['local', 'SIGINT'],
    ] as const)('%s, %s: nothing goes on running', async (transport, signal) => {
      const word = `8${Math.floor(Math.random() * 1e9)}`;
      const options = {
        name: 'web1',
        transport,
        address: '127.0.0.1',
        port: sshd.port,
        privateKeyFile: sshd.userKey,
        knownHostsFile: sshd.knownHostsFile,
        sshConfigFile: false,
      };
      const program = join(sshd.folder, `controller-${word}.ts`);
      writeFileSync(
        program,
        `import { connect } from ${JSON.stringify(resolve('engine/transport/index.ts'))};
const connection = await connect(${JSON.stringify(options)});
await connection.shell().run([{ script: 'sleep ${word} & sleep ${word}' }]);
`,
      );
      const controller = spawn(process.execPath, [JITI, program], { stdio: 'ignore' });
      const ended = new Promise<NodeJS.Signals | null>(done => controller.once('exit', (_, by) => done(by)));
      await eventually('the job', () => withWord(`sleep ${word}`).length === 2);
      controller.kill(signal);
      expect(await ended).toBe(signal);
      await eventually('the end of the job', () => withWord(`sleep ${word}`).length === 0);
      await eventually('the end of all that led to it', () =>
        withWord(sshd.folder).every(one => one.pid === sshd.pid),
      );
    });
  },
);
