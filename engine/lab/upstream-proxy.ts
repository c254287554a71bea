import { end } from './command.ts';

/** The proxy through which this machine itself reaches http mirrors, as environment: `http_proxy` as it is, else what apt was told. */
export async function upstreamEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Readonly<Record<string, string>>> {
  const given = environment['http_proxy'] ?? environment['HTTP_PROXY'];
  if (given !== undefined) return { http_proxy: given };
  const { code, stdout } = await end(['apt-config', 'shell', 'proxy', 'Acquire::http::Proxy']);
  const [, proxy] = (code === 0 && /^proxy='([^']+)'/m.exec(stdout)) || [];
  return proxy === undefined || proxy === 'DIRECT' ? {} : { http_proxy: proxy };
}
