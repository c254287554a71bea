import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type KnownHost, KnownHosts, keyType, parseKnownHosts } from './known-hosts.ts';

interface Loaded {
  readonly hosts: KnownHosts;
  /** Of the file as it was read: time and size. */
  stamp: string;
  lines: number;
}

/** Each file is read once; again only after somebody else changed it. */
const loaded = new Map<string, Promise<Loaded>>();

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return 'missing';
  }
}

async function load(file: string, stamp: string): Promise<Loaded> {
  const text = stamp === 'missing' ? '' : await readFile(file, 'utf8');
  return { hosts: new KnownHosts(parseKnownHosts(file, text)), stamp, lines: text.split('\n').length - 1 };
}

async function get(file: string): Promise<Loaded> {
  const stamp = await stampOf(file);
  const there = loaded.get(file);
  if (there !== undefined && (await there).stamp === stamp) return there;
  const fresh = load(file, stamp);
  loaded.set(file, fresh);
  fresh.catch(() => loaded.delete(file));
  return fresh;
}

/** The entries for a name in several files; files that are not there are empty. Rejects if one cannot be read. */
export async function findKnownHosts(files: readonly string[], name: string): Promise<readonly KnownHost[]> {
  const all = await Promise.all(files.map(get));
  return all.flatMap(one => one.hosts.find(name));
}

let writing: Promise<unknown> = Promise.resolve();

/**
 * Adds a host's key to a file in one write to its end (whole, whoever else writes), with its directory (0700) and itself
 * (0600) if they are not there; an existing file keeps its mode.
 */
export function learnHostKey(file: string, name: string, key: Buffer): Promise<void> {
  const mine = writing.then(() => append(file, name, key));
  writing = mine.catch(() => undefined);
  return mine;
}

async function append(file: string, name: string, key: Buffer): Promise<void> {
  const known = await get(file);
  if (known.hosts.find(name).some(entry => entry.marker === '' && entry.key.equals(key))) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const openLine = size > 0 && last[0] !== 0x0a;
    const type = keyType(key);
    await handle.write(`${openLine ? '\n' : ''}${name} ${type} ${key.toString('base64')}\n`);
    known.lines += openLine ? 2 : 1;
    known.hosts.add({ file, line: known.lines, marker: '', names: [name], type, key });
  } finally {
    await handle.close();
  }
  known.stamp = await stampOf(file);
}
