import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret } from '../kit/secret.ts';

/** Asks the person at the terminal; what is typed is not shown unless `echo`. Undefined where there is no terminal. */
export async function promptFor(question: string, echo: boolean): Promise<Secret | undefined> {
  if (process.stdin.isTTY !== true) return undefined;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(`${question} `);
  const lines = createInterface({
    input: process.stdin,
    output: echo ? process.stderr : silent,
    terminal: true,
  });
  try {
    return await new Promise(resolve => {
      lines.once('line', line => resolve(new Secret(line)));
      lines.once('close', () => resolve(undefined));
      lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    });
  } finally {
    lines.close();
    if (!echo) process.stderr.write('\n');
  }
}
