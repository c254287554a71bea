import { ProbeError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { type BrokerAnswer, type Holdings, parseBrokerAnswer } from './broker-answer.ts';
import { parseSections, type Section } from './sections.ts';
import { parseUnits, type UnitProperties } from './systemd.ts';

/** The file that holds the Erlang cookie, as far as it may be known. */
export interface CookieFile {
  readonly owner: string;
  readonly group: string;
  /** Four octal digits. */
  readonly mode: string;
  /** Erlang takes no cookie that is empty or begins with a line break, and trusts none that begins with a space. */
  readonly usable: boolean;
  /** SHA-256 of the cookie without white space behind it, which Erlang ignores too: two files with one are one cookie. */
  readonly fingerprint: Secret;
  /** SHA-256 of the file as it is. */
  readonly sha256: Secret;
}

/** Why a node does not answer. */
export interface Silence {
  readonly reason: string;
  /** It runs with another Erlang cookie than that in the file. */
  readonly rejectsCookie: boolean;
}

/** What a host says of its RabbitMQ: package, unit, data, cookie, and what the node itself answers. */
export interface Broker {
  /** Version of the package; null where it is not installed (removed or never there). */
  readonly installed: string | null;
  /** Properties of the unit rabbitmq-server.service; empty where there is no systemd. */
  readonly unit: UnitProperties;
  /** Whether an Erlang VM of the unit's is there, answering or not. */
  readonly alive: boolean;
  /** Name of the node, e.g. `rabbit@9lpo192`: its own word where it answers, otherwise what the host's configuration makes of it. */
  readonly node: string;
  /** The cluster's members as the node wrote them down; null where it has no data. */
  readonly onDisk: readonly string[] | null;
  readonly cookie: CookieFile | null;
  /** Null where the node does not answer. */
  readonly answer: BrokerAnswer | null;
  /** What the node would lose by joining a cluster, by kind; null where that is not known, or it is in one. */
  readonly holdings: Holdings | null;
  /** Why a node that is alive does not answer. */
  readonly silence: Silence | null;
}

/** Reads what the broker source's script prints; throws ProbeError for anything else. */
export function parseBroker(text: string): Broker {
  const sections = new Map(parseSections(text).map(section => [section.name, section]));
  const unit = parseUnits(linesOf(sections, 'unit').join('\n'))[0] ?? new Map<string, string>();
  const answered = linesOf(sections, 'answer');
  const answer = payload(answered, 'broker ');
  const named = sections.get('node')?.words[0];
  if (named === undefined) throw new ProbeError('the script that asks for the broker did not run to its end');
  const parsed = answer === null ? null : parseBrokerAnswer(answer, payload(answered, 'holdings '));
  const alive = parsed !== null || Number(unit.get('MainPID') ?? 0) > 0;
  return {
    installed: installedVersion(linesOf(sections, 'package')),
    unit,
    alive,
    node: parsed?.answer.node ?? named,
    onDisk: membersOnDisk(linesOf(sections, 'disk').join('')),
    cookie: cookieOf(sections.get('cookie')),
    answer: parsed?.answer ?? null,
    holdings: parsed?.holdings ?? null,
    silence: parsed === null && alive ? silenceOf(sections.get('silence')) : null,
  };
}

function linesOf(sections: ReadonlyMap<string, Section>, name: string): readonly string[] {
  return sections.get(name)?.lines ?? [];
}

/** dpkg's status is three letters; the second is `i` where the package is installed, `c` where only its data is left. */
function installedVersion(lines: readonly string[]): string | null {
  const [status = '', version = ''] = (lines[0] ?? '').split(/\s+/);
  return /^.[iWt]/.test(status) ? version : null;
}

function payload(lines: readonly string[], marker: string): string | null {
  return lines.find(line => line.startsWith(marker))?.slice(marker.length) ?? null;
}

/** What rabbitmqctl says of a node that it cannot reach is a page; its findings are the points below the node's name. */
function silenceOf(section: Section | undefined): Silence {
  const lines = section?.lines ?? [];
  const findings = lines.flatMap(line => /^ {2}\* (?!suggestion)(.*)/.exec(line)?.[1]?.trim() ?? []);
  const said = findings.length > 0 ? findings : lines.slice(0, 1);
  return {
    reason: said.join('; ') || 'its node does not answer',
    rejectsCookie: section?.words[0] === 'cookie',
  };
}

/** Reads `cluster_nodes.config`: an Erlang term, `{[all nodes],[disc nodes]}.`, with quotes around unusual names. */
function membersOnDisk(term: string): readonly string[] | null {
  const list = /^\s*\{\s*\[([^\]]*)\]/.exec(term)?.[1];
  if (list === undefined) return null;
  return [...list.matchAll(/'([^']+)'|([^\s,']+)/g)].map(match => match[1] ?? match[2] ?? '');
}

function cookieOf(section: Section | undefined): CookieFile | null {
  const [owner, group, mode, state] = section?.words ?? [];
  const [fingerprint, sha256] = section?.lines.map(line => line.split(' ')[0]) ?? [];
  if (owner === undefined || group === undefined || mode === undefined) return null;
  if (fingerprint === undefined || sha256 === undefined)
    throw new ProbeError('the Erlang cookie cannot be read');
  return {
    owner,
    group,
    mode: mode.padStart(4, '0'),
    usable: state === 'usable',
    fingerprint: new Secret(fingerprint),
    sha256: new Secret(sha256),
  };
}
