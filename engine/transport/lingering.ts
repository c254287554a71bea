import type { ChannelEnd, ChannelListener } from './byte-channel.ts';

/** Once the far command has ended, output that comes no later than this after other output is still its own. */
const QUIET_MS = 500;

/**
 * Ends a channel whose command has ended, though a process that it left behind holds its streams open: they would never close.
 */
export class Lingering {
  /** Hands on what is heard. */
  readonly listener: ChannelListener;
  readonly #cut: (end: ChannelEnd) => void;
  #end: ChannelEnd | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `cut` is called if the streams did not close by themselves. */
  constructor(listener: ChannelListener, cut: (end: ChannelEnd) => void) {
    this.#cut = cut;
    this.listener = {
      stdout: chunk => {
        this.#wait();
        listener.stdout(chunk);
      },
      stderr: chunk => {
        this.#wait();
        listener.stderr(chunk);
      },
    };
  }

  /** The command has ended so. */
  exited(end: ChannelEnd): void {
    this.#end = end;
    this.#wait();
  }

  /** The streams have closed. */
  closed(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const end = this.#end;
    if (end === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#cut(end), QUIET_MS);
  }
}
