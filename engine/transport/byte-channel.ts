/** How a channel ended. */
export interface ChannelEnd {
  /** Exit code of the far command; null if it was killed or the link broke. */
  readonly exitCode: number | null;
  /** Such as `SIGKILL`. */
  readonly signal?: string;
  /** Set where the link broke rather than the command ended. */
  readonly lost?: Error;
}

/** Who listens to a channel; given at opening, so that nothing is missed and both streams are always drained. */
export interface ChannelListener {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
}

/** A command at the far end, as a byte stream. */
export interface ByteChannel {
  /** Resolves when the bytes were handed on, or when the channel has ended. */
  write(bytes: Buffer): Promise<void>;
  /** No more input. */
  end(): void;
  /** Ends the channel at once. */
  close(): void;
  /** Resolves, never rejects, when the far command ended and all of its output was delivered, or the link broke. */
  readonly closed: Promise<ChannelEnd>;
}

/** A connection to a host, on which commands can be started. */
export interface Link {
  /**
   * Starts a command through the host's login shell. `early` is input that may travel with the request itself, for the sake
   * of a round trip. Throws TransportError.
   */
  open(command: string, listener: ChannelListener, early: Buffer): Promise<ByteChannel>;
  /** The error for people behind a channel's end, where the link knows better than what the far shell said. */
  explain?(end: ChannelEnd & { readonly listened: boolean; readonly output: string }): Error | undefined;
  /** Resolves, with the reason if it was not by `close`, when the link is gone. */
  readonly lost: Promise<Error | undefined>;
  close(): Promise<void>;
}
