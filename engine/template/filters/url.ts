import { Dict } from '../dict.ts';
import { valueError } from '../error.ts';
import type { Value } from '../value.ts';

/** Ansible's `urlsplit`: all parts of a URL, or the one asked for. */
export function splitUrl(url: string, query: string): Value {
  const parts = new Dict(Object.entries(partsOf(url)));
  if (query === '') return parts;
  const part = parts.get(query);
  if (part === undefined)
    throw valueError(`a URL has no part “${query}”`, `the parts are ${parts.keys().join(', ')}`);
  return part;
}

/** RFC 3986, appendix B, with the authority taken apart as Python's `urlsplit` does. */
function partsOf(url: string): Readonly<Record<string, Value>> {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(url) ?? [];
  const at = netloc.lastIndexOf('@');
  const [, user, password] = at < 0 ? [] : (/^([^:]*)(?::([\s\S]*))?$/.exec(netloc.slice(0, at)) ?? []);
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?/.exec(netloc.slice(at + 1)) ?? [];
  if (Number(port ?? 0) > 65535) throw valueError('the port of a URL goes up to 65535');
  return {
    fragment,
    hostname: host === undefined || host === '' ? null : host.replace(/^\[|\]$/g, '').toLowerCase(),
    netloc,
    password: password ?? null,
    path,
    port: port === undefined || port === '' ? null : Number(port),
    query,
    scheme: scheme.toLowerCase(),
    username: user ?? null,
  };
}
