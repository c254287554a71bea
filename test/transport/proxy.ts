import { connect, createServer, type Socket } from 'node:net';

/** A door before a server, which can stop letting anything through. */
export interface Proxy {
  readonly port: number;
  /** From now on all bytes are swallowed; the connections stay. */
  swallow(): void;
  stop(): Promise<void>;
}

/** Opens a door before a port of loopback. */
export function startProxy(to: number): Promise<Proxy> {
  let swallowing = false;
  const sockets = new Set<Socket>();
  const pass = (from: Socket, into: Socket): void => {
    sockets.add(from);
    from.on('data', chunk => {
      if (!swallowing) into.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      if (!swallowing) into.destroy();
    });
  };
  const server = createServer({ noDelay: true }, inner => {
    const outer = connect({ port: to, host: '127.0.0.1', noDelay: true });
    pass(inner, outer);
    pass(outer, inner);
  });
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: address !== null && typeof address === 'object' ? address.port : 0,
        swallow: () => {
          swallowing = true;
        },
        stop: () =>
          new Promise(done => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}
