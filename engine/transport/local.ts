import type { ByteChannel, Link } from './byte-channel.ts';
import { Unreachable } from './errors.ts';
import { processChannel, startProcess } from './process.ts';

/** The channels of a link without a connection of its own: it is closed when they have ended. */
export class OpenChannels {
  readonly lost: Promise<undefined>;
  readonly #channels = new Set<ByteChannel>();
  #leave: (reason: undefined) => void = () => undefined;

  constructor() {
    this.lost = new Promise(resolve => {
      this.#leave = resolve;
    });
  }

  add(channel: ByteChannel): ByteChannel {
    this.#channels.add(channel);
    void channel.closed.then(() => this.#channels.delete(channel));
    return channel;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#channels].map(channel => channel.closed));
    this.#leave(undefined);
  }
}

/** A host that a program of this machine leads to: `wrap` makes the program and its arguments for a shell command there. */
export function commandLink(
  host: string,
  wrap: (command: string) => readonly [string, ...string[]],
  environment?: NodeJS.ProcessEnv,
): Link {
  const channels = new OpenChannels();
  return {
    lost: channels.lost,
    open: async (command, listener, early) => {
      const [program, ...args] = wrap(command);
      const child = await startProcess(program, args, environment).catch((error: NodeJS.ErrnoException) => {
        throw new Unreachable(
          host,
          'no-client',
          `the program ${program} could not be started: ${error.message}`,
          {
            hint: `Install ${program}, or choose another ansible_connection.`,
            cause: error,
          },
        );
      });
      const channel = channels.add(processChannel(child, listener));
      if (early.length > 0) void channel.write(early);
      return channel;
    },
    close: () => channels.close(),
  };
}

/** The machine that we run on. */
export function localLink(host: string): Link {
  return commandLink(host, command => ['/bin/sh', '-c', command]);
}
