/** Who gets what a FrameScanner finds, in the order in which it came. */
export interface FrameListener {
  data(chunk: Buffer): void;
  /** The words behind the boundary, up to the end of the line. */
  frame(words: readonly string[]): void;
}

const NEWLINE = 0x0a;

/**
 * Takes the frames (`BOUNDARY word word\n`) out of a stream of arbitrary bytes, however it is cut into chunks. Holds back no
 * more than what may be the beginning of a boundary.
 */
export class FrameScanner {
  readonly #boundary: Buffer;
  readonly #listener: FrameListener;
  #pending: Buffer = Buffer.alloc(0);

  constructor(boundary: string, listener: FrameListener) {
    this.#boundary = Buffer.from(boundary, 'latin1');
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    const buffer = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let from = 0;
    for (;;) {
      const start = buffer.indexOf(this.#boundary, from);
      if (start < 0) break;
      const end = buffer.indexOf(NEWLINE, start + this.#boundary.length);
      this.#data(buffer.subarray(from, start));
      from = start;
      if (end < 0) {
        this.#pending = Buffer.from(buffer.subarray(from));
        return;
      }
      const line = buffer.toString('utf8', start + this.#boundary.length, end);
      from = end + 1;
      this.#listener.frame(line.trim().split(' '));
    }
    const kept = this.#possibleStart(buffer, from);
    this.#data(buffer.subarray(from, buffer.length - kept));
    this.#pending = Buffer.from(buffer.subarray(buffer.length - kept));
  }

  #data(chunk: Buffer): void {
    if (chunk.length > 0) this.#listener.data(chunk);
  }

  /** How many bytes at the buffer's end may be the beginning of a boundary. */
  #possibleStart(buffer: Buffer, from: number): number {
    const longest = Math.min(this.#boundary.length - 1, buffer.length - from);
    for (let length = longest; length > 0; length--)
      if (buffer.subarray(buffer.length - length).equals(this.#boundary.subarray(0, length))) return length;
    return 0;
  }
}
