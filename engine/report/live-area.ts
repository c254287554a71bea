import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { redact } from '../kit/secret.ts';
import { widthOf } from './cells.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_BELOW = '\u001b[0J';
/** Synchronised output: a terminal that knows it shows everything between at once; others ignore it. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

/** The last lines of a terminal, drawn anew in place, while what is printed above them stays. */
export class LiveArea {
  readonly #out: Writable;
  readonly #columns: () => number;
  #drawn: readonly string[] = [];
  #isOpen = false;
  readonly #showCursor = (): void => {
    this.#out.write(SHOW_CURSOR);
  };

  constructor(out: Writable, columns: () => number) {
    this.#out = out;
    this.#columns = columns;
  }

  /** Draws the lines in the place of those drawn last. Writes nothing where they are the same. */
  draw(lines: readonly string[]): void {
    const isSame = lines.length === this.#drawn.length && lines.every((line, at) => line === this.#drawn[at]);
    if (!isSame) this.#replace([], lines);
  }

  /** Prints lines that stay, above the area. */
  print(lines: readonly string[]): void {
    if (lines.length > 0) this.#replace(lines, this.#drawn);
  }

  /** Prints lines that stay to another stream of the same terminal. */
  printTo(stream: Writable, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const area = this.#drawn;
    this.#replace([], []);
    stream.write(redact(`${lines.join('\n')}\n`));
    this.#replace([], area);
  }

  /** Erases the area and gives the cursor back. */
  close(): void {
    this.#replace([], []);
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#showCursor);
    this.#showCursor();
  }

  #replace(staying: readonly string[], area: readonly string[]): void {
    if (area.length > 0) this.#open();
    const text = [...staying, ...area].map(line => `${line}\n`).join('');
    const erased = this.#erased();
    this.#drawn = area;
    if (erased !== '' || text !== '') this.#out.write(`${BEGIN}${erased}${redact(text)}${END}`);
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    // Whatever ends the process, the user's cursor comes back.
    process.once('exit', this.#showCursor);
    this.#out.write(HIDE_CURSOR);
  }

  /** What moves the cursor to the beginning of the area and erases it. A terminal made narrower has wrapped its lines. */
  #erased(): string {
    if (this.#drawn.length === 0) return '';
    const columns = Math.max(1, this.#columns());
    const rows = this.#drawn
      .map(line => Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / columns)))
      .reduce((sum, height) => sum + height, 0);
    return `\r\u001b[${rows}A${ERASE_BELOW}`;
  }
}
