import { execFile } from 'node:child_process';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostKeyChecking } from '../options.ts';
import { argumentSettings } from './arguments.ts';
import { type Settings, settingsFor, usesMatch } from './config-file.ts';

/** What ssh_config says about a host, tokens expanded; absent where it says nothing. */
export interface HostConfig {
  readonly hostName: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** The agent's socket; `none` for no agent. */
  readonly identityAgent?: string;
  readonly proxyJump?: string;
  readonly proxyCommand?: string;
  readonly hostKeyAlias?: string;
  readonly userKnownHostsFiles?: readonly string[];
  readonly globalKnownHostsFiles?: readonly string[];
  readonly hostKeyChecking?: HostKeyChecking;
  readonly connectTimeoutSeconds?: number;
  readonly keepaliveSeconds?: number;
}

/** What the user gave beside the host's name; it is part of the tokens. */
export interface Given {
  readonly user?: string;
  readonly port?: number;
  /** Arguments of the ssh program; they count before any file. */
  readonly arguments?: readonly string[];
}

const run = promisify(execFile);

function filesOf(file: string | false | undefined): readonly string[] {
  if (file === false) return [];
  return file === undefined ? [join(homedir(), '.ssh/config'), '/etc/ssh/ssh_config'] : [file];
}

const asked = new Map<string, Promise<Settings | undefined>>();

/** Asks ssh itself (12 ms); undefined where there is no ssh. */
function askSsh(alias: string, file: string | undefined, given: Given): Promise<Settings | undefined> {
  const args = [
    ...(file === undefined ? [] : ['-F', file]),
    ...(given.arguments ?? []),
    ...(given.user === undefined ? [] : ['-l', given.user]),
    ...(given.port === undefined ? [] : ['-p', String(given.port)]),
    '-G',
    '--',
    alias,
  ];
  const key = args.join('\0');
  const answer = asked.get(key) ?? run('ssh', args, { timeout: 10_000 }).then(readAnswer, () => undefined);
  asked.set(key, answer);
  return answer;
}

function readAnswer(output: { readonly stdout: string }): Settings {
  const settings = new Map<string, string[][]>();
  for (const line of output.stdout.split('\n')) {
    const [keyword, ...values] = line.split(' ');
    if (keyword !== undefined && keyword !== '')
      settings.set(keyword, [...(settings.get(keyword) ?? []), values]);
  }
  return settings;
}

/** What ssh_config says about a host named like this. `file` replaces the user's and the system's; false is none. */
export async function hostConfig(
  alias: string,
  file: string | false | undefined,
  given: Given,
): Promise<HostConfig> {
  const files = filesOf(file);
  const exact = usesMatch(files) ? await askSsh(alias, file === false ? undefined : file, given) : undefined;
  const settings = exact ?? merge(argumentSettings(given.arguments ?? []), settingsFor(alias, files));
  return interpret(alias, settings, given);
}

function merge(first: Settings, second: Settings): Settings {
  const keywords = new Set([...first.keys(), ...second.keys()]);
  return new Map(
    [...keywords].map(word => [word, [...(first.get(word) ?? []), ...(second.get(word) ?? [])]]),
  );
}

function expand(text: string, tokens: Readonly<Record<string, string>>): string {
  const expanded = text.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole);
  return expanded.startsWith('~/') ? join(homedir(), expanded.slice(2)) : expanded;
}

function checking(value: string | undefined): HostKeyChecking | undefined {
  switch (value?.toLowerCase()) {
    case 'yes':
    case 'true':
    case 'ask':
      return 'strict';
    case 'accept-new':
      return 'accept-new';
    case 'no':
    case 'false':
    case 'off':
      return 'off';
    default:
      return undefined;
  }
}

/** A positive number of seconds, in plain digits or with ssh's units. */
function seconds(value: string | undefined): number | undefined {
  const [, digits, unit] = /^(\d+)([smh]?)$/.exec(value ?? '') ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1);
}

function interpret(alias: string, settings: Settings, given: Given): HostConfig {
  const first = (keyword: string): string | undefined => settings.get(keyword)?.[0]?.[0];
  const { username, uid } = userInfo();
  const port = given.port ?? (first('port') === undefined ? undefined : Number(first('port')));
  const user = given.user ?? first('user');
  const base = { '%': '%', n: alias, u: username, d: homedir(), i: String(uid), l: hostname() };
  const hostName = expand(first('hostname') ?? alias, { '%': '%', h: alias, n: alias });
  const tokens = {
    ...base,
    h: hostName,
    p: String(port ?? 22),
    r: user ?? username,
    k: first('hostkeyalias') ?? alias,
  };
  const files = (keyword: string): readonly string[] | undefined =>
    settings.get(keyword)?.[0]?.map(value => expand(value, tokens));
  // `none` is ssh_config's way to overrule a later value.
  const some = (keyword: string): string | undefined => {
    const value = settings.get(keyword)?.[0]?.join(' ');
    return value === undefined || value.toLowerCase() === 'none' ? undefined : value;
  };
  const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
    // A computed key loses its literal type; the value is what the key's type says.
    (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
  const jump = some('proxyjump');
  const agent = first('identityagent');
  return {
    hostName,
    identityFiles: (settings.get('identityfile') ?? []).map(values => expand(values.join(' '), tokens)),
    identitiesOnly: first('identitiesonly')?.toLowerCase() === 'yes',
    ...optional('user', user),
    ...optional('port', port),
    ...optional('identityAgent', agent === undefined ? undefined : expand(agent, tokens)),
    ...optional('proxyJump', jump === undefined ? undefined : expand(jump, tokens)),
    ...optional('proxyCommand', some('proxycommand')),
    ...optional('hostKeyAlias', first('hostkeyalias')),
    ...optional('userKnownHostsFiles', files('userknownhostsfile')),
    ...optional('globalKnownHostsFiles', files('globalknownhostsfile')),
    ...optional('hostKeyChecking', checking(first('stricthostkeychecking'))),
    ...optional('connectTimeoutSeconds', seconds(first('connecttimeout')) || undefined),
    ...optional('keepaliveSeconds', seconds(first('serveraliveinterval')) || undefined),
  };
}
