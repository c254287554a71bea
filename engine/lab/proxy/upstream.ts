import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from 'node:http';
import { connect, type Socket } from 'node:net';

/** After so long without a byte from upstream a request has failed. */
const silenceMilliseconds = 30_000;

/** The way out of this machine: straight, or through its own http proxy. */
export class Upstream {
  readonly #proxy: URL | undefined;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(proxy: string | undefined) {
    this.#proxy =
      proxy === undefined || proxy === ''
        ? undefined
        : new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
  }

  /** Asks for a URL; resolves with the answer's head. Rejects where there is no answer. */
  async ask(url: URL, method = 'GET', headers: IncomingHttpHeaders = {}): Promise<IncomingMessage> {
    const via = this.#proxy;
    const sent = request({
      agent: this.#agent,
      host: hostOf(via ?? url),
      port: Number((via ?? url).port) || 80,
      method,
      path: via === undefined ? `${url.pathname}${url.search}` : url.href,
      headers: { ...headers, ...this.#authorization(), host: url.host },
      timeout: silenceMilliseconds,
    });
    sent.on('timeout', () =>
      sent.destroy(new Error(`${url.host} was silent for ${silenceMilliseconds / 1000} s`)),
    );
    sent.end();
    return await response(sent);
  }

  /** Opens a connection for CONNECT; resolves when bytes can pass. */
  async connect(host: string, port: number): Promise<Socket> {
    const via = this.#proxy;
    if (via === undefined) return await connected(connect({ host, port }));
    const sent = request({
      host: hostOf(via),
      port: Number(via.port) || 80,
      method: 'CONNECT',
      path: `${host}:${port}`,
      headers: this.#authorization(),
      timeout: silenceMilliseconds,
    });
    sent.on('timeout', () => sent.destroy(new Error(`${via.host} was silent`)));
    sent.end();
    return await new Promise((resolve, reject) => {
      sent.once('error', reject);
      sent.once('response', answer =>
        reject(new Error(`${via.host} answers ${answer.statusCode} to CONNECT`)),
      );
      sent.once('connect', (answer, socket, head) => {
        // What came in one piece with the answer is the far end's already.
        if (head.length > 0) socket.unshift(head);
        // An http connection's socket is always a net.Socket, the type only says Duplex for custom agents.
        if (answer.statusCode === 200) resolve(socket as Socket);
        else reject(new Error(`${via.host} answers ${answer.statusCode} to CONNECT`));
      });
    });
  }

  #authorization(): Record<string, string> {
    if (this.#proxy === undefined || this.#proxy.username === '') return {};
    const credentials = [this.#proxy.username, this.#proxy.password].map(decodeURIComponent).join(':');
    return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
  }
}

/** The host of a URL as a socket takes it: an IPv6 address without brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function response(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', resolve);
  });
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
