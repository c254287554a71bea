import { parseArgs } from 'node:util';
import { removeParts } from './cache.ts';
import { aptProxy } from './server.ts';

// The program of a lab's apt proxy: it runs until it is ended, and says what it does on standard output, a line for each request.

const { values } = parseArgs({
  options: {
    lab: { type: 'string' },
    listen: { type: 'string' },
    clients: { type: 'string' },
    folder: { type: 'string' },
  },
});
const [address = '', port = ''] = (values.listen ?? '').split(':');
const folder = values.folder ?? '';
removeParts(folder);
const server = aptProxy({
  folder,
  clients: values.clients ?? '',
  upstream: process.env['http_proxy'],
  log: line => console.log(line),
});
server.on('error', error => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(port), address);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
