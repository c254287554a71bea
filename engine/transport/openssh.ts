import { setTimeout as pause } from 'node:timers/promises';
import type { ByteChannel, ChannelListener, Link } from './byte-channel.ts';
import { Unreachable } from './errors.ts';
import { linkLost } from './explain.ts';
import { OpenChannels } from './local.ts';
import { openSshError } from './openssh-errors.ts';
import {
  type ConnectOptions,
  DEFAULT_CONNECT_TIMEOUT_SECONDS,
  DEFAULT_KEEPALIVE_SECONDS,
  type HostKeyChecking,
} from './options.ts';
import { processChannel, startProcess } from './process.ts';
import { atDoor } from './ssh/handshakes.ts';

/** The exit code that is ssh's own. */
const SSH_FAILED = 255;
/** How long an error message may be ahead of the exit that belongs to it. */
const MOMENT_MS = 100;

const CHECKING: Readonly<Record<HostKeyChecking, string>> = {
  strict: 'yes',
  'accept-new': 'accept-new',
  off: 'no',
};

/** The arguments of ssh, up to the command. What the options do not say is left to ssh_config. */
function sshArguments(options: ConnectOptions): readonly string[] {
  const set = (keyword: string, value: string | number): string[] => ['-o', `${keyword}=${value}`];
  const { sshConfigFile, hostKeyChecking, knownHostsFile } = options;
  return [
    '-T',
    ...(sshConfigFile === undefined ? [] : ['-F', sshConfigFile === false ? 'none' : sshConfigFile]),
    // Ansible's words come first, because ssh takes the first of several values.
    ...(options.sshArguments ?? []),
    ...set('BatchMode', 'yes'),
    ...set('ConnectTimeout', options.connectTimeoutSeconds ?? DEFAULT_CONNECT_TIMEOUT_SECONDS),
    ...set('ServerAliveInterval', options.keepaliveSeconds ?? DEFAULT_KEEPALIVE_SECONDS),
    ...(hostKeyChecking === undefined ? [] : set('StrictHostKeyChecking', CHECKING[hostKeyChecking])),
    ...(knownHostsFile === undefined
      ? []
      : [...set('UserKnownHostsFile', knownHostsFile), ...set('GlobalKnownHostsFile', 'none')]),
    ...(options.port === undefined ? [] : ['-p', String(options.port)]),
    ...(options.user === undefined ? [] : ['-l', options.user]),
    ...(options.privateKeyFile === undefined ? [] : ['-i', options.privateKeyFile]),
    ...(options.proxyJump === undefined ? [] : ['-J', options.proxyJump]),
    '--',
    options.address ?? options.name,
  ];
}

/** A host by the ssh program, one process for each channel: for certificates, FIDO keys, GSSAPI, ProxyCommand. */
export function opensshLink(options: ConnectOptions): Link {
  if (options.password !== undefined)
    throw new Unreachable(options.name, 'misconfigured', 'the ssh program takes no password from a program', {
      hint: 'Use a key or an agent, or set ansible_connection: ssh for this host.',
    });
  const args = sshArguments(options);
  const channels = new OpenChannels();
  return {
    lost: channels.lost,
    explain: end => {
      if (end.exitCode !== SSH_FAILED) return undefined;
      if (end.listened) return linkLost(options.name, new Error('ssh ended with exit code 255'));
      return openSshError(options.name, end.output);
    },
    open: (command, listener, early) =>
      atDoor(`${options.address ?? options.name}:${options.port ?? 22}`, async () =>
        channels.add(await begin(options, [...args, command], listener, early)),
      ),
    close: () => channels.close(),
  };
}

/** Starts ssh and waits for the first sign of the far side, or of its failure. */
async function begin(
  options: ConnectOptions,
  args: readonly string[],
  listener: ChannelListener,
  early: Buffer,
): Promise<ByteChannel> {
  let heard: (sign: undefined) => void = () => undefined;
  const sign = new Promise<undefined>(resolve => {
    heard = resolve;
  });
  let stderr = '';
  const child = await startProcess('ssh', args).catch((error: NodeJS.ErrnoException) => {
    throw new Unreachable(
      options.name,
      'no-client',
      `the program ssh could not be started: ${error.message}`,
      {
        hint: 'Install it (apt-get install openssh-client), or set ansible_connection: ssh.',
        cause: error,
      },
    );
  });
  const channel = processChannel(child, {
    stdout: chunk => {
      heard(undefined);
      listener.stdout(chunk);
    },
    stderr: chunk => {
      if (stderr.length < 4096) stderr += chunk.toString();
      void pause(MOMENT_MS).then(() => heard(undefined));
      listener.stderr(chunk);
    },
  });
  if (early.length > 0) void channel.write(early);
  const end = await Promise.race([sign, channel.closed]);
  const error = end?.exitCode === SSH_FAILED ? openSshError(options.name, stderr) : undefined;
  if (error !== undefined) throw error;
  return channel;
}
