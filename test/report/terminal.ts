import { Writable } from 'node:stream';

/** As much of a terminal as the live area needs: wrapping, moving up, erasing below; colours and modes are swallowed. */
export class Terminal extends Writable {
  columns: number;
  readonly isTTY = true;
  /** How often it was written to. */
  writes = 0;
  raw = '';
  isCursorHidden = false;
  readonly #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns = 60) {
    super({ decodeStrings: false });
    this.columns = columns;
  }

  /** All lines ever shown and not erased, what has scrolled away included; blank ones at the end left out. */
  get screen(): string {
    return this.#lines
      .map(line => line.trimEnd())
      .join('\n')
      .replace(/\n+$/, '\n');
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.writes += 1;
    const text = chunk.toString();
    this.raw += text;
    for (const [piece] of text.matchAll(/\u001b\[[\d;?]*[A-Za-z]|./gsu)) this.#take(piece);
    done();
  }

  #take(piece: string): void {
    const [, number = '', command] = /^\u001b\[([\d;?]*)([A-Za-z])$/.exec(piece) ?? [];
    if (command === 'A') this.#row = Math.max(0, this.#row - Number(number || 1));
    else if (command === 'J') this.#erase();
    else if (number === '?25') this.isCursorHidden = command === 'l';
    else if (command !== undefined) return;
    else if (piece === '\n') this.#nextRow();
    else if (piece === '\r') this.#column = 0;
    else this.#print(piece);
  }

  #erase(): void {
    this.#lines.splice(this.#row + 1);
    this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
  }

  #nextRow(): void {
    this.#row += 1;
    this.#column = 0;
    this.#lines[this.#row] ??= '';
  }

  #print(character: string): void {
    if (this.#column >= this.columns) this.#nextRow();
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column += 1;
  }
}
