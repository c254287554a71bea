import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { overlaps, type Prefix } from '../subnet.ts';
import { NotServed, PackageCache } from './cache.ts';
import { IndexStore } from './index-store.ts';
import { Upstream } from './upstream.ts';

/** What the proxy says of itself to whoever asks it for `/`. */
export const greeting = 'play lab apt proxy';

/** How a proxy is run: where it keeps files, who may use it, its own way out, and who hears a line for each request. */
export interface ProxyOptions {
  readonly folder: string;
  readonly clients: Prefix;
  readonly upstream: string | undefined;
  readonly log: (line: string) => void;
}

/** What becomes of a request: a file that never changes, one of a repository's index files, or anything else. */
export function kindOf(url: URL): 'immutable' | 'index' | 'other' {
  if (/\.(deb|udeb)$/.test(url.pathname) || url.pathname.includes('/by-hash/')) return 'immutable';
  return url.pathname.includes('/dists/') ? 'index' : 'other';
}

/**
 * A forward proxy for apt. Packages and by-hash files are kept on disk and served without asking anyone; index files are asked for each
 * time, and their last state is served where upstream cannot be reached; https passes through (CONNECT).
 */
export function aptProxy({ folder, clients, upstream: proxy, log }: ProxyOptions): Server {
  const upstream = new Upstream(proxy);
  const stores: Stores = {
    upstream,
    packages: new PackageCache(folder, url => upstream.ask(url)),
    indexes: new IndexStore(folder, log),
  };
  const server = createServer(async (asked, answer) => {
    const error = await serve(stores, asked, answer).catch((error: unknown) => error);
    if (error !== undefined) fail(answer, error);
    log(
      `${answer.statusCode} ${answer.getHeader('x-cache') ?? '-'} ${asked.method} ${asked.url}${said(error)}`,
    );
  });
  server.on('connection', (socket: Socket) => {
    if (!isClient(socket, clients)) socket.destroy();
  });
  server.on('connect', async (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    const error = await tunnel(upstream, asked, socket, head).catch((error: unknown) => error);
    if (error !== undefined) socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    log(`${error === undefined ? 200 : 502} - CONNECT ${asked.url}${said(error)}`);
  });
  return server;
}

interface Stores {
  readonly upstream: Upstream;
  readonly packages: PackageCache;
  readonly indexes: IndexStore;
}

async function serve(stores: Stores, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined;
  if (url === undefined) answer.end(`${greeting}\n`);
  else if (url.protocol !== 'http:') refuse(answer, 405);
  else if (asked.method === 'HEAD') await pass(stores, url, asked, answer);
  else if (asked.method !== 'GET') refuse(answer, 405);
  else if (kindOf(url) === 'immutable') await serveKept(stores, url, answer);
  else await pass(stores, url, asked, answer);
}

async function serveKept({ packages }: Stores, url: URL, answer: ServerResponse): Promise<void> {
  const { hit, size, body } = await packages.serve(url);
  answer.setHeader('content-type', 'application/octet-stream').setHeader('x-cache', hit ? 'HIT' : 'MISS');
  if (size !== undefined) answer.setHeader('content-length', size);
  answer.flushHeaders();
  await pipeline(body, answer);
}

async function pass(
  { upstream, indexes }: Stores,
  url: URL,
  asked: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const isIndex = asked.method === 'GET' && kindOf(url) === 'index';
  const response = await upstream.ask(url, asked.method, endToEnd(asked.headers)).catch((error: unknown) => {
    const stored = isIndex ? indexes.read(url) : undefined;
    if (stored === undefined) throw error;
    return stored;
  });
  if (Buffer.isBuffer(response)) {
    answer.setHeader('x-cache', 'STALE').setHeader('content-length', response.length).end(response);
    return;
  }
  answer.writeHead(response.statusCode ?? 502, endToEnd(response.headers));
  if (isIndex && response.statusCode === 200) await pipeline(response, indexes.keep(url), answer);
  else await pipeline(response, answer);
}

function isClient(socket: Socket, clients: Prefix): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '');
  return address !== undefined && overlaps(clients, address);
}

async function tunnel(
  upstream: Upstream,
  asked: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const [, host, port] = /^(.+):([0-9]+)$/.exec(asked.url ?? '') ?? [];
  if (host === undefined || port !== '443') throw new Error('only port 443 can be reached');
  const far = await upstream.connect(host.replace(/^\[|\]$/g, ''), Number(port));
  far.on('error', () => socket.destroy());
  socket.on('close', () => far.destroy());
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  far.write(head);
  far.pipe(socket).pipe(far);
}

function fail(answer: ServerResponse, error: unknown): void {
  if (answer.headersSent) answer.destroy();
  else if (error instanceof NotServed) refuse(answer, error.status, error.location);
  else refuse(answer, 502);
}

function refuse(answer: ServerResponse, status: number, location?: string): void {
  answer.writeHead(status, { 'content-length': 0, ...(location !== undefined && { location }) }).end();
}

function said(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // A client that has all it wants may go before we have noted that it has: no error of ours, nor of upstream.
  const isClientGone = 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
  return isClientGone ? '' : ` (${error.message})`;
}

/** Headers that concern one connection only (RFC 9110, 7.6.1). */
const hopByHop = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

function endToEnd<T>(headers: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.test(name)));
}
