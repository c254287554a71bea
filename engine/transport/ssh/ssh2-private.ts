import type { Client, ClientChannel, ParsedKey } from 'ssh2';

/**
 * All that relies on ssh2's insides (1.17), for fewer round trips. Everything works without it: PLAY_SSH2_PRIVATE=off turns it
 * off, and so does an ssh2 whose insides look otherwise.
 */
const ALLOWED = process.env['PLAY_SSH2_PRIVATE'] !== 'off';

type Sign = (data: Buffer, done: (signature: Buffer) => void) => void;
type AuthenticateByKey = (user: string, key: ParsedKey, algorithm?: string | Sign, sign?: Sign) => void;
type RequestExec = (channel: number, command: string, wantReply: boolean) => void;

interface Protocol {
  authPK?: AuthenticateByKey;
  exec?: RequestExec;
  readonly channelData?: (channel: number, data: Buffer) => void;
}

/** What of ssh2's Client is used here. */
interface Insides {
  readonly _protocol?: Protocol;
  _remoteVer?: string | undefined;
}

/** What of ssh2's Channel is used here. */
interface ChannelInsides {
  readonly outgoing?: { window?: number };
}

/** RFC 8332: the digest belongs to the signature's algorithm, not to the key. */
const RSA_DIGESTS: Readonly<Record<string, string>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
  'ssh-rsa': 'sha1',
};

/** Call right after `connect`: saves a round trip in authentication, and a signature or three of the server. */
export function hasten(client: Client): void {
  if (!ALLOWED) return;
  // ssh2's types have only its public side.
  const insides = client as unknown as Insides;
  signAtOnce(insides);
  client.once('handshake', () => {
    if (/^OpenSSH_/.test(insides._remoteVer ?? '')) haste.set(client, new Haste(insides._protocol));
    // OpenSSH announces all of its host keys, and ssh2 has each of them proved, on every connection, for an event that is not
    // used here; it does so only where it knows the server.
    insides._remoteVer = '';
  });
}

/** A key in memory signs without asking first whether the server would take it. */
function signAtOnce(insides: Insides): void {
  const protocol = insides._protocol;
  const original = protocol?.authPK;
  if (protocol === undefined || typeof original !== 'function') return;
  protocol.authPK = (user, key, algorithm, sign) => {
    const isQuestion = sign === undefined && typeof algorithm !== 'function';
    if (!isQuestion || !key.isPrivateKey()) return original.call(protocol, user, key, algorithm, sign);
    const digest = algorithm === undefined ? undefined : RSA_DIGESTS[algorithm];
    const signNow: Sign = (data, done) => done(key.sign(data, digest));
    return original.call(protocol, user, key, algorithm, signNow);
  };
}

/** Within one packet: RFC 4254 asks every server to take 32768 bytes of it. */
const EARLY_BYTES = 32_000;
/** OpenSSH's server numbers the channels of a connection from 0. */
const FIRST_CHANNEL = 0;

const haste = new WeakMap<Client, Haste>();

/** One command on its way: what of its input goes with it, and whether both were sent before the channel was confirmed. */
interface Departure {
  readonly command: string;
  readonly early: Buffer;
  readonly sent: boolean;
}

/**
 * Sends a command with its first input right behind it, without waiting for the answers in between; for a connection's first
 * channel even right behind the opening of the channel. RFC 4254 would have the client wait for window space; OpenSSH's server
 * makes that room (2 MiB) while it handles the request, before it looks at the data.
 */
class Haste {
  readonly #protocol: Protocol | undefined;
  readonly #departures: Departure[] = [];
  readonly #exec: RequestExec | undefined;
  #first = true;

  constructor(protocol: Protocol | undefined) {
    this.#protocol = protocol;
    this.#exec = protocol?.exec;
    if (protocol === undefined || this.#exec === undefined) return;
    // ssh2 calls this once a channel is confirmed; channels are confirmed in the order of their opening.
    protocol.exec = (channel, command) => {
      const departure = this.#departures.shift();
      if (departure?.sent !== true) this.#send(channel, command, departure?.early);
    };
  }

  /** Whether ssh2 looks as it is expected to. */
  get possible(): boolean {
    return this.#exec !== undefined && typeof this.#protocol?.channelData === 'function';
  }

  /** Calls back as `client.exec`, with how many bytes of the input are already on their way. */
  execute(
    client: Client,
    command: string,
    input: Buffer,
    done: (error: Error | undefined, channel: ClientChannel, sent: number) => void,
  ): void {
    const early = input.subarray(0, EARLY_BYTES);
    const departure: Departure = { command, early, sent: this.#first };
    this.#departures.push(departure);
    client.exec(command, (error, channel) => {
      const waiting = this.#departures.indexOf(departure);
      if (waiting >= 0) this.#departures.splice(waiting, 1);
      if (!error) {
        const { outgoing } = channel as unknown as ChannelInsides;
        if (outgoing?.window !== undefined) outgoing.window -= early.length;
      }
      done(error, channel, early.length);
    });
    if (this.#first) this.#send(FIRST_CHANNEL, command, early);
    this.#first = false;
  }

  #send(channel: number, command: string, early: Buffer | undefined): void {
    const protocol = this.#protocol;
    if (protocol === undefined) return;
    this.#exec?.call(protocol, channel, command, true);
    if (early !== undefined && early.length > 0) protocol.channelData?.(channel, early);
  }
}

/** A started command, and how much of its input is already on its way. */
export interface Started {
  readonly channel: ClientChannel;
  readonly sent: number;
}

/** As `client.exec`, in fewer round trips where the server is known to bear it. Rejects with ssh2's error. */
export function execute(client: Client, command: string, input: Buffer): Promise<Started> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, channel: ClientChannel, sent: number): void =>
      error ? reject(error) : resolve({ channel, sent });
    const hurried = haste.get(client);
    if (hurried?.possible) hurried.execute(client, command, input, done);
    else client.exec(command, (error, channel) => done(error, channel, 0));
  });
}
