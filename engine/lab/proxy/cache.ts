import { EventEmitter, once } from 'node:events';
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';

/** A file being served: its size where it is known, its bytes, and whether it was on disk already. */
export interface Served {
  readonly hit: boolean;
  readonly size: number | undefined;
  readonly body: Readable;
}

/** What upstream said instead of the file. */
export class NotServed extends Error {
  readonly status: number;
  readonly location: string | undefined;
  constructor(status: number, message: string, location?: string) {
    super(message);
    this.status = status;
    this.location = location;
  }
}

/** How a URL is asked upstream. */
export type Ask = (url: URL) => Promise<IncomingMessage>;

/**
 * Files that never change, kept on disk. Clients that ask for the same file at the same time share one download, each reading the
 * growing file as far as it is there. A file appears under its name only when it is whole.
 */
export class PackageCache {
  readonly #folder: string;
  readonly #ask: Ask;
  readonly #running = new Map<string, Promise<Download>>();

  constructor(folder: string, ask: Ask) {
    this.#folder = folder;
    this.#ask = ask;
  }

  /** The file of a URL. Throws NotServed where upstream has none, and what the connection threw. */
  async serve(url: URL): Promise<Served> {
    const path = cachePath(this.#folder, url);
    if (existsSync(path)) return { hit: true, size: statSync(path).size, body: createReadStream(path) };
    let running = this.#running.get(path);
    if (running === undefined) {
      running = this.#download(url, path);
      this.#running.set(path, running);
      running.catch(() => this.#running.delete(path));
    }
    const download = await running;
    return { hit: false, size: download.size, body: Readable.from(download.chunks()) };
  }

  async #download(url: URL, path: string): Promise<Download> {
    const response = await this.#ask(url);
    if (response.statusCode !== 200) {
      response.resume();
      throw new NotServed(
        response.statusCode ?? 502,
        response.statusMessage ?? '',
        response.headers.location,
      );
    }
    const part = join(dirname(path), `.part-${process.pid}-${basename(path)}`);
    const file = await openNew(part).catch((error: unknown) => {
      response.destroy();
      throw error;
    });
    return new Download(response, { file, part, path, onEnd: () => this.#running.delete(path) });
  }
}

async function openNew(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  return await open(path, 'w');
}

/** Where a URL is kept: by its host and path, characters that a path could misread escaped. */
export function cachePath(folder: string, url: URL): string {
  const segments = [
    url.host,
    ...url.pathname.split('/').filter(Boolean),
    ...(url.search ? [url.search] : []),
  ];
  return join(folder, ...segments.map(segment => encodeURIComponent(segment).replace(/^\./, '%2E')));
}

/** Removes parts of files that processes which are gone left behind. */
export function removeParts(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const [, pid] = /^\.part-([0-9]+)-/.exec(entry.name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(entry.parentPath, entry.name), { force: true });
  }
}

/** Where a download goes: the open file, its name while it grows and when it is whole, and who hears when it is either whole or given up. */
interface Target {
  readonly file: FileHandle;
  readonly part: string;
  readonly path: string;
  readonly onEnd: () => void;
}

class Download {
  readonly size: number | undefined;
  readonly #target: Target;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #written = 0;
  #state: 'running' | 'whole' | { readonly error: unknown } = 'running';

  constructor(response: IncomingMessage, target: Target) {
    this.#target = target;
    const length = response.headers['content-length'];
    this.size = length === undefined ? undefined : Number(length);
    this.#receive(response);
  }

  /** Never rejects. */
  async #receive(response: IncomingMessage): Promise<void> {
    const { file, part, path, onEnd } = this.#target;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        await file.write(chunk);
        this.#written += chunk.length;
        this.#changes.emit('change');
      }
      if (this.size !== undefined && this.size !== this.#written) {
        throw new Error(`${this.#written} bytes came of ${this.size}`);
      }
      await file.sync();
      renameSync(part, path);
      this.#state = 'whole';
    } catch (error) {
      rmSync(part, { force: true });
      this.#state = { error };
    }
    // Before any client hears of it: one that asks again must not be given a download that has failed.
    onEnd();
    this.#changes.emit('change');
    await file.close().catch(() => {});
  }

  /** The bytes from the first on, waiting for those that are still to come; the last of them only when the file has its name. */
  async *chunks(): AsyncGenerator<Buffer> {
    this.#throwIfFailed();
    // At once, in the same breath as the look at the state: a moment later the file may bear its other name.
    const { part, path } = this.#target;
    const file = openSync(this.#state === 'whole' ? path : part, 'r');
    try {
      let held: Buffer | undefined;
      for (;;) {
        for (let next = chunkOf(file); next !== undefined; next = chunkOf(file)) {
          if (held !== undefined) yield held;
          held = next;
        }
        if (this.#state === 'whole') break;
        this.#throwIfFailed();
        await once(this.#changes, 'change');
      }
      if (held !== undefined) yield held;
    } finally {
      closeSync(file);
    }
  }

  #throwIfFailed(): void {
    if (this.#state !== 'running' && this.#state !== 'whole') throw this.#state.error;
  }
}

function chunkOf(file: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  const count = readSync(file, buffer);
  return count === 0 ? undefined : buffer.subarray(0, count);
}
