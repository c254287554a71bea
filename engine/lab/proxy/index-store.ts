import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { cachePath } from './cache.ts';

/** The last state of files that change, for when upstream cannot be reached. */
export class IndexStore {
  readonly #folder: string;
  readonly #log: (line: string) => void;

  constructor(folder: string, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  /** What was kept of a URL last. */
  read(url: URL): Buffer | undefined {
    const path = cachePath(this.#folder, url);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  /** Lets a body pass, and has kept it when its last bytes pass; where it cannot be kept it passes all the same. */
  keep(url: URL): Transform {
    const chunks: Buffer[] = [];
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done(null, chunks.at(-2));
      },
      flush: done => {
        this.#write(url, Buffer.concat(chunks));
        done(null, chunks.at(-1));
      },
    });
  }

  #write(url: URL, content: Buffer): void {
    const path = cachePath(this.#folder, url);
    const part = join(dirname(path), `.part-${process.pid}-${basename(path)}`);
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(part, content);
      renameSync(part, path);
    } catch (error) {
      this.#log(`not kept: ${url.href} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
}
