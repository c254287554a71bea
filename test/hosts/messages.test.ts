import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LabOfHosts, whyNoLab } from './lab-of-hosts.ts';

const reason = whyNoLab();
const lab = new LabOfHosts('t-messages', 3);
const PASSWORD = 'p4ss of the tester';

/** The addresses of the hosts, as the lab's inventory has them. */
const addresses = (): readonly string[] =>
  [
    ...readFileSync('/var/lib/play/lab/t-messages/inventory.yml', 'utf8').matchAll(/ansible_host: (\S+)/g),
  ].map(found => found[1] ?? '');

/** Publishes or consumes with Debian's pika; what it prints. */
function messages(action: 'publish' | 'consume', first: number, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/python3', [
      'test/hosts/messages.py',
      action,
      addresses().join(','),
      'jobs',
      String(first),
      String(count),
    ]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.end(`${PASSWORD}\n`);
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve(Number(stdout)) : reject(new Error(`${action} ended with ${code}: ${stderr}`)),
    );
  });
}

/** Bounded wait until a question to the brokers has the answer that is wanted. */
async function eventually(what: string, question: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (!(await question().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

const rabbitmqctl = 'HOME=/var/lib/rabbitmq /usr/lib/rabbitmq/bin/rabbitmqctl -q';

/** All three run, and every mirror of every queue has every message. */
const inSync = async (): Promise<boolean> => {
  for (const host of lab.hosts) {
    const status = JSON.parse(
      await lab.on(host, `timeout 20 env ${rabbitmqctl} cluster_status --formatter json`),
    );
    if (status.running_nodes.length !== 3) return false;
  }
  const queues: readonly { readonly synchronised_slave_pids: readonly string[] }[] = JSON.parse(
    await lab.on(
      lab.hosts[0],
      `timeout 20 env ${rabbitmqctl} list_queues name synchronised_slave_pids --formatter json`,
    ),
  );
  return queues.every(queue => queue.synchronised_slave_pids.length === 2);
};

describe.skipIf(reason !== undefined)(
  `confirmed, persistent messages outlive the brokers${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    beforeAll(() => lab.fresh());
    afterAll(() => lab.gone());

    test('every broker is killed in turn, and all messages are still there', async () => {
      // The queue, and messages in it, are there before the policy: the case in which the policy of the tutorials loses them all.
      await lab.mustPlay('rabbitmq-ha.yml', '--report', 'plain');
      await lab.on(lab.hosts[0], `${rabbitmqctl} clear_policy ha-all`);
      await lab.on(
        lab.hosts[0],
        `printf '%s\\n' '${PASSWORD}' | ${rabbitmqctl} add_user tester && ${rabbitmqctl} set_permissions tester '.*' '.*' '.*'`,
      );
      let published = await messages('publish', 0, 500);
      await lab.mustPlay('rabbitmq-ha.yml', '--report', 'plain');
      expect(await inSync()).toBe(true);

      for (const host of lab.hosts) {
        published += await messages('publish', published, 500);
        const pid = await lab.on(host, 'systemctl show -p MainPID --value rabbitmq-server');
        const goingOn = messages('publish', published, 500);
        await lab.on(host, `kill -9 ${pid} && pkill -9 -u rabbitmq beam.smp || true`);
        published += await goingOn;
        await eventually(`${host} is back and in sync`, inSync);
      }

      expect(published).toBe(500 + 3 * 1000);
      expect(await messages('consume', 0, published)).toBe(published);
      const { stdout } = await lab.play(
        'rabbitmq-ha.yml',
        '--check',
        '--detailed-exitcode',
        '--report',
        'plain',
      );
      expect(stdout).toMatch(/changed=0/);
    });
  },
);
