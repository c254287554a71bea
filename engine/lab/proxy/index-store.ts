import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { cachePath } from './cache.ts';

/** The last state of files that change, for when upstream cannot be reached. */
export class IndexStore {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What was kept of a URL last. */
  read(url: URL): Buffer | undefined {
    const path = cachePath(this.#folder, url);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  /** Lets a body pass and keeps it once it is whole; where it cannot be kept it passes all the same. */
  keep(url: URL): Transform {
    const path = cachePath(this.#folder, url);
    mkdirSync(dirname(path), { recursive: true });
    const part = join(dirname(path), `.part-${process.pid}-${this.#count++}-${basename(path)}`);
    const file = createWriteStream(part).on('error', () => {});
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        file.write(chunk);
        done(null, chunk);
      },
      flush(done) {
        file.end(() => {
          if (file.errored === null) renameSync(part, path);
          done();
        });
      },
      destroy(error, done) {
        file.destroy();
        rmSync(part, { force: true });
        done(error);
      },
    });
  }
}
