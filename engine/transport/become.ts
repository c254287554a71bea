import { quote } from '../kit/shell-text.ts';
import type { ByteChannel, ChannelListener, Link } from './byte-channel.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { Become } from './options.ts';
import { newBoundary, type SessionEnd } from './shell-session.ts';

/** What the far shell is to do: read commands from its input, or run this script, whose input then follows. */
export interface FarShell {
  readonly program: string;
  readonly script?: string;
}

/** A channel ended before the shell of the other user was there; `wrongPassword` if the password was asked for again. */
export class BecomeFailed extends Error {
  readonly end: SessionEnd;
  readonly wrongPassword: boolean;
  constructor(end: SessionEnd, wrongPassword: boolean) {
    super('could not become another user');
    this.end = end;
    this.wrongPassword = wrongPassword;
  }
}

/** Linux-PAM's prompt, which su shows where LC_ALL=C. */
const SU_PROMPT = 'Password: ';
const KEPT_OUTPUT = 4096;

function command(shell: FarShell, ready: string | undefined): string {
  const announce = ready === undefined ? '' : `echo ${ready} >&2; `;
  if (shell.script !== undefined) return `${shell.program} -c ${quote(announce + shell.script)}`;
  return ready === undefined
    ? shell.program
    : `${shell.program} -c ${quote(`${announce}exec ${shell.program}`)}`;
}

function asUser(become: Become, ask: string, inner: string): string {
  const words = ['exec env LC_ALL=C', become.method];
  const flags = (become.flags ?? []).map(quote);
  switch (become.method) {
    case 'sudo':
      return [...words, ask, '-H', ...flags, '-u', quote(become.user), inner].join(' ');
    case 'su':
      return [...words, ...flags, quote(become.user), '-c', quote(`exec ${inner}`)].join(' ');
  }
}

/**
 * Opens a channel with a far shell, as the other user if there is one. `early` is the shell's first input; it is held back
 * while a password may still be asked for. Throws BecomeFailed, TransportError.
 */
export function openShellAs(
  link: Link,
  become: Become | undefined,
  shell: FarShell,
  listener: ChannelListener,
  early: Buffer,
): Promise<ByteChannel> {
  if (become === undefined) return link.open(`exec ${command(shell, undefined)}`, listener, early);
  if (become.password === undefined)
    return link.open(asUser(become, '-n', command(shell, undefined)), listener, early);
  return new PasswordDialogue(become, become.password.reveal(), listener).open(link, shell, early);
}

/**
 * The password goes to the prompt's place in the stream, and only there: if none is asked for (sudo remembers, or the rule says
 * NOPASSWD) the far shell says so first, since it would take the password for a command.
 */
class PasswordDialogue {
  readonly #become: Become;
  readonly #password: string;
  readonly #listener: ChannelListener;
  readonly #ready = newBoundary();
  readonly #prompt: string;
  readonly #outcome: Deferred<'ready' | 'wrong'> = deferred();
  #channel: ByteChannel | undefined;
  #stderr = '';
  #kept = '';
  #answered = false;
  #over = false;

  constructor(become: Become, password: string, listener: ChannelListener) {
    this.#become = become;
    this.#password = password;
    this.#listener = listener;
    this.#prompt = become.method === 'sudo' ? newBoundary() : SU_PROMPT;
  }

  async open(link: Link, shell: FarShell, early: Buffer): Promise<ByteChannel> {
    const words = asUser(this.#become, `-S -p ${this.#prompt}`, command(shell, this.#ready));
    const listener: ChannelListener = {
      stdout: chunk => this.#listener.stdout(chunk),
      stderr: chunk => this.#hear(chunk),
    };
    const channel = await link.open(words, listener, Buffer.alloc(0));
    this.#channel = channel;
    this.#answer();
    const outcome = await Promise.race([this.#outcome.promise, channel.closed]);
    if (outcome === 'ready') {
      void channel.write(early);
      return channel;
    }
    channel.close();
    const end = outcome === 'wrong' ? { exitCode: null } : outcome;
    throw new BecomeFailed(
      { ...end, listened: false, output: this.#kept + this.#stderr },
      outcome === 'wrong',
    );
  }

  #hear(chunk: Buffer): void {
    if (this.#over) {
      this.#listener.stderr(chunk);
      return;
    }
    // One byte is one character in latin1, so that what follows the mark can be handed on exactly.
    this.#stderr += chunk.toString('latin1');
    const mark = this.#stderr.indexOf(`${this.#ready}\n`);
    if (mark < 0) this.#answer();
    else this.#isReady(mark + this.#ready.length + 1);
  }

  #isReady(end: number): void {
    this.#over = true;
    const rest = this.#stderr.slice(end);
    if (rest.length > 0) this.#listener.stderr(Buffer.from(rest, 'latin1'));
    this.#outcome.resolve('ready');
  }

  /** Answers a prompt if one has come. Before the channel is known nothing can be written: `open` calls again. */
  #answer(): void {
    if (this.#channel === undefined) return;
    const prompt = this.#stderr.indexOf(this.#prompt);
    if (prompt < 0) return;
    this.#kept = (this.#kept + this.#stderr.slice(0, prompt)).slice(-KEPT_OUTPUT);
    this.#stderr = this.#stderr.slice(prompt + this.#prompt.length);
    if (this.#answered) {
      this.#outcome.resolve('wrong');
      return;
    }
    this.#answered = true;
    void this.#channel.write(Buffer.from(`${this.#password}\n`, 'utf8'));
    this.#answer();
  }
}
