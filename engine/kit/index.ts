/** All that a module may import. */
export { unreachable } from '../source/unreachable.ts';
export { type Command, type Content, command, type Output, type RemoteFile, type Upload } from './command.ts';
export { ProbeError, Refusal } from './errors.ts';
export { defineModule, type Example, type Module, type Target } from './module.ts';
export { parseAccounts } from './parse/accounts.ts';
export { type AptChange, type AptSimulation, parseAptSimulation } from './parse/apt.ts';
export { type Broker, type CookieFile, parseBroker, type Silence } from './parse/broker.ts';
export {
  type BrokerAnswer,
  type BrokerPolicy,
  HELD,
  type Held,
  type Holdings,
  type Listed,
} from './parse/broker-answer.ts';
export { DPKG_FORMAT, type DpkgRow, type DpkgState, parseDpkgLine } from './parse/dpkg.ts';
export { parseSections, type Section } from './parse/sections.ts';
export { parseStat, STAT_FORMAT, type Stat } from './parse/stat.ts';
export { parseUnits, type UnitProperties } from './parse/systemd.ts';
export type { Infer, LoadedFile, Plain } from './schema.ts';
export { reveal, Secret, type Text } from './secret.ts';
export { join, quote, ShellText, sh, verbatim } from './shell-text.ts';
export { shellWords } from './shell-words.ts';
export {
  type Answers,
  type Ask,
  type Attempt,
  all,
  ask,
  attempt,
  constant,
  defineSource,
  each,
  map,
  on,
  type Probe,
  run,
  type Source,
} from './source.ts';
export {
  type Action,
  type Doubt,
  type Missing,
  type Planned,
  type Resource,
  type Step,
  type Until,
  until,
} from './step.ts';
export { type Streams, streams } from './streams.ts';
