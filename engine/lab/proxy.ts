import { get } from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tail } from './command.ts';
import { textOf } from './files.ts';
import { bridgeAddress, type Lab, proxyPort, subnetOf } from './lab.ts';
import { LabError } from './lab-error.ts';
import { launch } from './launch.ts';
import { layoutOf, shared } from './layout.ts';
import { ownProcesses, type Process, processes, signalProcess, waitUntil } from './processes.ts';
import { greeting } from './proxy/server.ts';
import { upstreamEnvironment } from './upstream-proxy.ts';

/** The process of a lab's apt proxy, found by its exact arguments. */
export function proxyProcess(name: string, all: readonly Process[] = processes()): number | undefined {
  return ownProcesses(all).find(
    process => process.argv.includes(`--lab=${name}`) && process.argv.some(isProxyProgram),
  )?.pid;
}

const isProxyProgram = (argument: string) => /\/lab\/proxy\/main\.[jt]s$/.test(argument);

/** Whether a lab's apt proxy answers. */
export function proxyAnswers(lab: Lab): Promise<boolean> {
  return new Promise(resolve => {
    const asked = get({ host: bridgeAddress(lab), port: proxyPort, path: '/', timeout: 2000, agent: false });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy());
    asked.on('response', answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', chunk => {
        text += chunk;
      });
      answer.on('error', () => resolve(false));
      answer.on('end', () => resolve(text.startsWith(greeting)));
    });
  });
}

/** Starts a lab's apt proxy, in place of one that does not answer, and waits until it answers. */
export async function startProxy(lab: Lab, signal?: AbortSignal): Promise<void> {
  await stopProxy(lab.name);
  const { proxyLog } = layoutOf(lab.name);
  const hasEnded = launch([process.execPath, ...programArguments(), ...proxyArguments(lab)], {
    log: proxyLog,
    folder: dirname(fileURLToPath(import.meta.url)),
    environment: await upstreamEnvironment(),
  });
  for (const end = performance.now() + 10_000; !(await proxyAnswers(lab)); await sleep(50)) {
    signal?.throwIfAborted();
    if (hasEnded() || performance.now() > end) {
      const address = `${bridgeAddress(lab)}:${proxyPort}`;
      throw new LabError(
        `the apt proxy of the lab “${lab.name}” does not answer on ${address}:\n${tail(textOf(proxyLog) ?? '', 5)}`,
        `see ${proxyLog}; is the port taken (\`ss -ltnp\`)?`,
      );
    }
  }
}

function proxyArguments(lab: Lab): readonly string[] {
  return [
    `--lab=${lab.name}`,
    `--listen=${bridgeAddress(lab)}:${proxyPort}`,
    `--clients=${subnetOf(lab)}`,
    `--folder=${shared.packages}`,
  ];
}

/** How Node runs the proxy's program: it is built beside this file, or, where this file is itself run unbuilt, TypeScript through jiti. */
function programArguments(): readonly string[] {
  const here = fileURLToPath(import.meta.url);
  const program = here.replace(/proxy\.([jt]s)$/, 'proxy/main.$1');
  return here.endsWith('.ts') ? ['--import', 'jiti/register', program] : [program];
}

/** Ends a lab's apt proxy, if it runs. */
export async function stopProxy(name: string): Promise<void> {
  const pid = proxyProcess(name);
  if (pid === undefined) return;
  signalProcess(pid, 'SIGTERM');
  if (await waitUntil(() => proxyProcess(name) === undefined, 3000)) return;
  signalProcess(pid, 'SIGKILL');
  await waitUntil(() => proxyProcess(name) === undefined, 3000);
}
