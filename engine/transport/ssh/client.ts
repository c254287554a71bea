import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { TransportError, Unreachable } from '../errors.ts';
import type { ConnectOptions } from '../options.ts';
import { Authentication } from './authenticate.ts';
import { type AskPerson, attempts, namedKey } from './credentials.ts';
import { Deadline } from './deadline.ts';
import { hostKeyAlgorithms, judgeHostKey } from './host-key.ts';
import type { KnownHost } from './known-hosts.ts';
import { findKnownHosts, learnHostKey } from './known-hosts-file.ts';
import { connectionError, timedOut } from './socket.ts';
import { hasten } from './ssh2-private.ts';
import type { Target } from './target.ts';

/** Unanswered signs of life that are a lost link. */
const KEEPALIVES = 3;

/** An error of ssh2: `level` says in which part it arose. */
interface Ssh2Error extends NodeJS.ErrnoException {
  readonly level?: string;
}

/** Speaks SSH over a fresh stream to a server until we are let in. Throws TransportError; the stream is closed then. */
export async function enter(
  target: Target,
  options: ConnectOptions,
  open: () => Promise<Duplex>,
): Promise<Client> {
  const entries = await findKnownHosts(target.knownHostsFiles, target.knownName).catch(error => {
    throw new Unreachable(target.label, 'misconfigured', `known_hosts cannot be read: ${error.message}`, {
      hint: 'Check ansible_ssh_known_hosts_file, and UserKnownHostsFile in ssh_config.',
      cause: error,
    });
  });
  const { prompt } = options;
  const question = { host: target.label };
  const unhurried: AskPerson | undefined =
    prompt && ((text, echo) => prompt({ ...question, prompt: text, echo }));
  // Before connecting: a server should not wait for a passphrase, nor hear of a key that cannot be used.
  const named = await namedKey(target, options, unhurried);
  const stream = await open();
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let shaken = false;
    const fail = (error: Error): void => {
      deadline.stop();
      client.on('error', () => undefined);
      client.end();
      stream.destroy();
      reject(error);
    };
    const deadline = new Deadline(target.connectTimeoutSeconds * 1000, () => fail(timedOut(target)));
    const ask: AskPerson | undefined =
      unhurried && ((text, echo) => deadline.without(() => unhurried(text, echo)));
    const authentication = new Authentication(target, () => attempts(target, options, named, ask), ask, fail);
    client.on('handshake', () => {
      shaken = true;
    });
    client.once('ready', () => {
      deadline.stop();
      client.removeAllListeners('error');
      // Until the link listens: an error that nobody hears would end the process.
      client.on('error', () => undefined);
      resolve(client);
    });
    client.on('error', (error: Ssh2Error) => {
      // These two only mean that one attempt came to nothing: ssh2 goes on with the next.
      if (error.level === 'agent' || error.level === 'client-authentication') return;
      fail(handshakeError(target, error, shaken, authentication));
    });
    client.on('close', () =>
      fail(handshakeError(target, new Error('the host closed the connection'), shaken, authentication)),
    );
    client.connect({
      ...config(target, stream, entries),
      authHandler: authentication.handler,
      hostVerifier: (key: Buffer, answer: (good: boolean) => void) => {
        checkHostKey(target, options, entries, key).then(
          () => answer(true),
          error => {
            fail(error);
            answer(false);
          },
        );
      },
    });
    hasten(client);
  });
}

function config(target: Target, stream: Duplex, entries: readonly KnownHost[]): ConnectConfig {
  return {
    sock: stream,
    host: target.address,
    port: target.port,
    username: target.user,
    readyTimeout: 0,
    keepaliveInterval: target.keepaliveSeconds * 1000,
    keepaliveCountMax: KEEPALIVES,
    // The names come from ssh2's own list, of which its types are a copy.
    algorithms: { serverHostKey: hostKeyAlgorithms(entries) as ssh2.ServerHostKeyAlgorithm[] },
  };
}

async function checkHostKey(
  target: Target,
  options: ConnectOptions,
  entries: readonly KnownHost[],
  key: Buffer,
): Promise<void> {
  const { label: host, knownName, checking, knownHostsFiles } = target;
  const file = knownHostsFiles[0] ?? '';
  const verdict = judgeHostKey({ host, knownName, checking, file, entries }, key);
  switch (verdict.kind) {
    case 'known':
      return;
    case 'new': {
      const learnt = await learnHostKey(file, knownName, key).then(
        () => true,
        () => false,
      );
      options.warn?.({
        host,
        code: learnt ? 'host-key-added' : 'host-key-not-saved',
        message: `the key of ${knownName} was taken on trust ${learnt ? 'and added to' : 'but could not be written to'} ${file}`,
      });
      return;
    }
    case 'unchecked':
      options.warn?.({
        host,
        code: 'host-key-not-checked',
        message: `${verdict.problem.message}; connected all the same, because host keys are not checked`,
      });
      return;
    case 'refused':
      throw verdict.error;
  }
}

function handshakeError(
  target: Target,
  error: Ssh2Error,
  shaken: boolean,
  authentication: Authentication,
): TransportError {
  if (error instanceof TransportError) return error;
  const where = `${target.address}:${target.port}`;
  // OpenSSH ends the connection so after MaxAuthTries.
  if (/authentication failures/i.test(error.message)) return authentication.refused();
  if (error.level === 'client-socket' && error.code !== 'ECONNRESET') return connectionError(target, error);
  if (/no matching/i.test(error.message))
    return new Unreachable(
      target.label,
      'misconfigured',
      `${where} and this program have no algorithm in common: ${error.message}`,
      {
        hint: 'Set ansible_connection: openssh for this host: it knows what the ssh program knows.',
        cause: error,
      },
    );
  return new Unreachable(
    target.label,
    shaken ? 'link-lost' : 'no-handshake',
    `${where} ended the connection before letting us in: ${error.message}`,
    {
      hint: 'Is it an SSH server, and is it not overloaded (MaxStartups in its sshd_config)?',
      details: authentication.tried.map(one => `tried: ${one}`),
      cause: error,
    },
  );
}
