import { isIPv4, isIPv6 } from 'node:net';

/** A host name or address, with the port if one was given. */
export interface Address {
  readonly host: string;
  readonly port?: number;
}

const letterRange = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const label = String.raw`(?:[\p{L}\p{N}_]|${letterRange})(?:[\p{L}\p{N}_-]|${letterRange})*(?<![_-])`;
const hostName = new RegExp(String.raw`^${label}(?:\.${label})*$`, 'iu');
const addressRange = /\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]/gi;

/**
 * Takes a text apart as Ansible does (parsing/utils/addresses.py): `host`, `host:22`, `10.0.0.1:22`, `2001:db8::1`, `[2001:db8::1]:22`, each
 * with ranges in it. None if it is not a host name or address: Ansible then takes it as a name as it is.
 */
export function parseAddress(text: string): Address | undefined {
  const match = /^\[(.+)\]:([0-9]+)$/.exec(text) ?? /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/.exec(text);
  const host = match?.[1] ?? text;
  if (!isHost(host)) return undefined;
  return match?.[2] === undefined ? { host } : { host, port: Number(match[2]) };
}

function isHost(text: string): boolean {
  const sample = text.replace(addressRange, '0');
  return isIPv4(sample) || isIPv6(sample) || hostName.test(text);
}
