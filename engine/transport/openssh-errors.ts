import {
  AuthenticationRefused,
  HostKeyChanged,
  HostKeyRevoked,
  HostKeyUnknown,
  KeyUnusable,
  type TransportError,
  Unreachable,
  type UnreachableReason,
} from './errors.ts';

type Make = (host: string, message: string, details: readonly string[]) => TransportError;

const unreachable =
  (reason: UnreachableReason, hint: string): Make =>
  (host, message, details) =>
    new Unreachable(host, reason, message, { hint, details });

/** What OpenSSH's client says (8.x, 9.x; it is not translated), and which error that is; the first that fits counts. */
const CAUSES: readonly (readonly [pattern: RegExp, make: Make])[] = [
  [
    /REVOKED HOST KEY|has been revoked|host key .*revoked/i,
    (host, _, details) =>
      new HostKeyRevoked(host, 'the host shows a key that is revoked', {
        hint: 'Do not connect: whoever has this key may not be the host. Give the host a new key (ssh-keygen -A there).',
        details,
      }),
  ],
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    (host, _, details) => {
      const [, file, line] = /Offending .*key in (.+):(\d+)/.exec(details.join('\n')) ?? [];
      const where = file === undefined ? '' : `, ${file}:${line}`;
      return new HostKeyChanged(host, `the host shows another key than the one known for it${where}`, {
        hint: 'If the host was reinstalled, remove the old key (ssh-keygen -R, as ssh says below). If not, somebody may sit in between: do not go on.',
        details,
      });
    },
  ],
  [
    /Host key verification failed|No .* host key is known/,
    (host, _, details) =>
      new HostKeyUnknown(host, 'the key of the host is not known', {
        hint: 'Connect once with ssh to compare and add it; or take first keys on trust: ansible_host_key_checking: accept-new.',
        details,
      }),
  ],
  [
    /UNPROTECTED PRIVATE KEY FILE|Identity file .* not accessible|Load key ".*":/,
    (host, message, details) =>
      new KeyUnusable(host, message, {
        hint: 'Check ansible_ssh_private_key_file, and its mode (0600).',
        details,
      }),
  ],
  [
    /Permission denied \(|Too many authentication failures/,
    (host, message, details) =>
      new AuthenticationRefused(host, message, {
        hint: `Check the user (ansible_user), and that the user's ~/.ssh/authorized_keys on the host holds the key (ssh-add -l lists the agent's). Passwords need ansible_connection: ssh.`,
        details,
      }),
  ],
  [
    /Could not resolve hostname/,
    unreachable('unknown-name', 'Check the name, or give the address: ansible_host.'),
  ],
  [/Connection refused/, unreachable('refused', 'Is sshd running there, on that port (ansible_port)?')],
  [
    /Connection timed out|Operation timed out|timed out during banner/i,
    unreachable('timed-out', 'Is the host up, and does no firewall drop the packets?'),
  ],
  [
    /No route to host|Network is unreachable/,
    unreachable('no-route', 'Is the host up, and on a network that this machine reaches?'),
  ],
  [
    /Bad configuration option|Unable to negotiate|unknown option|illegal option|usage: ssh|keyword .* extra arguments/i,
    unreachable('misconfigured', 'Check ssh_config and ansible_ssh_common_args.'),
  ],
  [
    /kex_exchange_identification|Connection closed by|Connection reset by/,
    unreachable(
      'no-handshake',
      'Is it an SSH server, and is it not overloaded (MaxStartups in its sshd_config)?',
    ),
  ],
];

/** The error behind what ssh wrote before it ended with its own exit code 255; undefined for what it never writes. */
export function openSshError(host: string, output: string): TransportError | undefined {
  const lines = output.split(/\r?\n/).filter(line => line.trim() !== '' && !/^@+$/.test(line));
  for (const [pattern, make] of CAUSES) {
    if (!pattern.test(output)) continue;
    const telling = lines.find(line => pattern.test(line)) ?? '';
    return make(host, telling.replace(/^ssh: /, '').trim(), lines.slice(-12));
  }
  return undefined;
}
