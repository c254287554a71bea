import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the tests use of Debian, beside Node: real peers to test against. */
const PACKAGES: Readonly<Record<string, string>> = {
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/ssh': 'openssh-client',
  '/usr/bin/sudo': 'sudo',
  '/bin/busybox': 'busybox',
  '/usr/lib/python3/dist-packages/jinja2': 'python3-jinja2',
  '/usr/lib/python3/dist-packages/pika': 'python3-pika',
  '/usr/bin/systemd-nspawn': 'systemd-container',
  '/usr/bin/mmdebstrap': 'mmdebstrap',
};

/** Installs what is missing, where this is Debian and we may; otherwise the tests that need it are skipped, with the reason. */
export default function prepareMachine(): void {
  const missing = Object.entries(PACKAGES)
    .filter(([path]) => !existsSync(path))
    .map(([, name]) => name);
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stderr.write(`installing for the tests: ${missing.join(', ')}\n`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (...words: readonly string[]) =>
    execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...words], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  apt('update');
  apt('install', '--no-install-recommends', '-y', ...missing);
}
