import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cachePath, removeParts } from '../../engine/lab/proxy/cache.ts';
import { aptProxy, greeting, kindOf } from '../../engine/lab/proxy/server.ts';

type Handler = (asked: IncomingMessage, answer: ServerResponse) => void;

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  // A TCP server's address is never a pipe's name.
  return (server.address() as AddressInfo).port;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Promise<string>;
}

/** Asks a proxy for a URL, and resolves when the head of its answer is there. */
async function ask(port: number, url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path: url, headers, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: text(response) };
}

/** An upstream and a proxy before it; `asked` are the requests that came through. */
async function setUp(handler: Handler, more: { clients?: string; upstream?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'play-proxy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const asked: string[] = [];
  const upstream = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    handler(request, answer);
  });
  const origin = `http://127.0.0.1:${await listening(upstream)}`;
  const lines: string[] = [];
  const options = {
    folder,
    clients: more.clients ?? '127.0.0.0/8',
    upstream: more.upstream,
    log: (line: string) => lines.push(line),
  };
  const proxy = aptProxy(options);
  const port = await listening(proxy);
  return {
    folder,
    asked,
    upstream,
    origin,
    lines,
    port,
    get: (path: string) => ask(port, `${origin}${path}`),
  };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => entry.name);
}

test.each([
  ['http://h/debian/pool/main/s/sudo/sudo_1.9_amd64.deb', 'immutable'],
  ['http://h/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/abc', 'immutable'],
  ['http://h/debian/dists/bookworm/InRelease', 'index'],
  ['http://h/debian/pool/main/s/sudo/sudo_1.9.dsc', 'other'],
])('%s is %s', (url, kind) => {
  expect(kindOf(new URL(url))).toBe(kind);
});

describe('where a file is kept', () => {
  test.each([
    ['http://h:81/a/b.deb', '/c/h%3A81/a/b.deb'],
    ['http://h/a/%2e%2e%2fb.deb', '/c/h/a/%252e%252e%252fb.deb'],
    ['http://h/a//.part-1-b.deb', '/c/h/a/%2Epart-1-b.deb'],
    ['http://h/a/b.deb?c=../d', '/c/h/a/b.deb/%3Fc%3D..%2Fd'],
  ])('%s at %s', (url, path) => {
    expect(cachePath('/c', new URL(url))).toBe(path);
  });
});

describe('packages', () => {
  test('are asked for once, kept, and served from disk, upstream there or not', async () => {
    const { asked, get, upstream } = await setUp((_, answer) => answer.end('package'));
    const first = await get('/pool/a.deb');
    expect([first.status, first.headers['x-cache'], await first.body]).toEqual([200, 'MISS', 'package']);
    upstream.close();
    upstream.closeAllConnections();
    const second = await get('/pool/a.deb');
    expect([
      second.status,
      second.headers['x-cache'],
      second.headers['content-length'],
      await second.body,
    ]).toEqual([200, 'HIT', '7', 'package']);
    expect(asked).toEqual(['GET /pool/a.deb']);
  });

  test('that several ask for at once are loaded once, each reading along', async () => {
    const large = 'x'.repeat(3_000_000);
    let finish = () => {};
    const { asked, get, folder } = await setUp((_, answer) => {
      answer.writeHead(200, { 'content-length': large.length + 3 }).write(large);
      finish = () => answer.end('end');
    });
    const first = await get('/pool/a.deb');
    const second = await get('/pool/a.deb');
    expect(filesBelow(folder)).toEqual([`.part-${process.pid}-a.deb`]);
    finish();
    expect((await first.body) === `${large}end`).toBe(true);
    expect((await second.body) === `${large}end`).toBe(true);
    expect(asked).toEqual(['GET /pool/a.deb']);
    expect(filesBelow(folder)).toEqual(['a.deb']);
  });

  test('that break off are not kept, and the client sees that it has not all', async () => {
    let whole = false;
    const { get, folder } = await setUp((_, answer) => {
      answer.writeHead(200, { 'content-length': 7 });
      if (whole) answer.end('package');
      else answer.write('pack', () => answer.destroy());
    });
    await expect(get('/pool/a.deb').then(answer => answer.body)).rejects.toThrow(/aborted|socket hang up/);
    expect(filesBelow(folder)).toEqual([]);
    whole = true;
    expect(await (await get('/pool/a.deb')).body).toBe('package');
  });

  test('that upstream does not have are not kept', async () => {
    const { get, folder } = await setUp((_, answer) => answer.writeHead(404).end('no such package'));
    expect((await get('/pool/a.deb')).status).toBe(404);
    expect(filesBelow(folder)).toEqual([]);
  });

  test('that are elsewhere are looked for there by the client', async () => {
    const { get } = await setUp((_, answer) =>
      answer.writeHead(302, { location: 'http://other/a.deb' }).end(),
    );
    const answer = await get('/pool/a.deb');
    expect([answer.status, answer.headers.location]).toEqual([302, 'http://other/a.deb']);
  });

  test('whose client goes away are loaded all the same', async () => {
    let finish = () => {};
    const { port, origin, folder, get } = await setUp((_, answer) => {
      answer.writeHead(200, { 'content-length': 7 }).write('pack');
      finish = () => answer.end('age');
    });
    const sent = request({ host: '127.0.0.1', port, path: `${origin}/pool/a.deb`, agent: false }).end();
    await once(sent, 'response');
    sent.on('error', () => {}).destroy();
    finish();
    expect(await (await get('/pool/a.deb')).body).toBe('package');
    expect(filesBelow(folder)).toEqual(['a.deb']);
  });

  test('of which a process that is gone left a part are cleared up', () => {
    const folder = mkdtempSync(join(tmpdir(), 'play-proxy-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'h'));
    // Process ids end well below this one (proc(5), pid_max).
    for (const name of ['.part-99999999-a.deb', `.part-${process.pid}-b.deb`, 'c.deb'])
      writeFileSync(join(folder, 'h', name), '');
    removeParts(folder);
    expect(filesBelow(folder).toSorted()).toEqual([`.part-${process.pid}-b.deb`, 'c.deb']);
  });
});

describe('index files', () => {
  test('are asked for each time, with what the client knows', async () => {
    const { asked, port, origin } = await setUp((request, answer) => {
      if (request.headers['if-modified-since'] === 'yesterday') answer.writeHead(304).end();
      else answer.writeHead(200, { 'last-modified': 'yesterday' }).end('release');
    });
    const url = `${origin}/dists/bookworm/InRelease`;
    const first = await ask(port, url);
    expect([first.status, first.headers['last-modified'], await first.body]).toEqual([
      200,
      'yesterday',
      'release',
    ]);
    expect((await ask(port, url, { 'if-modified-since': 'yesterday' })).status).toBe(304);
    expect(asked).toEqual(['GET /dists/bookworm/InRelease', 'GET /dists/bookworm/InRelease']);
  });

  test('are served as they were last where upstream cannot be reached', async () => {
    let content = 'old';
    const { get, upstream } = await setUp((_, answer) => answer.end(content));
    expect(await (await get('/dists/bookworm/InRelease')).body).toBe('old');
    content = 'new';
    expect(await (await get('/dists/bookworm/InRelease')).body).toBe('new');
    upstream.close();
    upstream.closeAllConnections();
    const answer = await get('/dists/bookworm/InRelease');
    expect([answer.status, answer.headers['x-cache'], await answer.body]).toEqual([200, 'STALE', 'new']);
    expect((await get('/dists/trixie/InRelease')).status).toBe(502);
  });
});

describe('the proxy', () => {
  test('says what it is', async () => {
    const { port } = await setUp((_, answer) => answer.end());
    expect(await (await ask(port, '/')).body).toBe(`${greeting}\n`);
  });

  test('writes a line for each request', async () => {
    const { get, lines, origin } = await setUp((_, answer) => answer.end('package'));
    await (await get('/pool/a.deb')).body;
    await (await get('/pool/a.deb')).body;
    const expected = [`200 HIT GET ${origin}/pool/a.deb`, `200 MISS GET ${origin}/pool/a.deb`];
    await expect.poll(() => lines.toSorted()).toEqual(expected);
  });

  test('serves its own clients only', async () => {
    const { get, asked } = await setUp((_, answer) => answer.end(), { clients: '10.213.7.0/24' });
    await expect(get('/pool/a.deb')).rejects.toThrow('socket hang up');
    expect(asked).toEqual([]);
  });

  test("goes out through the machine's own proxy, and shows it its password", async () => {
    const seen: string[] = [];
    const outer = createServer((asked, answer) => {
      seen.push(`${asked.url} ${asked.headers['proxy-authorization']}`);
      answer.end('package');
    });
    const port = await listening(outer);
    const { port: proxy } = await setUp((_, answer) => answer.end(), {
      upstream: `http://u:p%20w@127.0.0.1:${port}`,
    });
    expect(await (await ask(proxy, 'http://far.example/pool/a.deb')).body).toBe('package');
    expect(seen).toEqual([`http://far.example/pool/a.deb Basic ${btoa('u:p w')}`]);
  });

  test('is no way to anything but https', async () => {
    const { port } = await setUp((_, answer) => answer.end());
    const socket = connect(port, '127.0.0.1');
    socket.write('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n');
    expect(await text(socket)).toBe('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });

  test("lets https pass through the machine's own proxy", async () => {
    const outer = createServer().on('connect', (asked, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.end(`this is ${asked.url}`);
    });
    const { port } = await setUp((_, answer) => answer.end(), {
      upstream: `127.0.0.1:${await listening(outer)}`,
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\n\r\n');
    expect(await text(socket)).toBe('HTTP/1.1 200 Connection established\r\n\r\nthis is far.example:443');
  });
});
