import { Refusal } from '../errors.ts';
import type { Module } from '../module.ts';
import type { Ask, Source } from '../source.ts';
import type { Action, Planned } from '../step.ts';

/** What a source's command printed on a real host; a text stands for its standard output with exit code 0. */
export type Captured =
  | string
  | { readonly stdout?: string; readonly stderr?: string; readonly exitCode?: number };

/** One row of a module's table: arguments and what the host says, to the steps that are planned. */
export interface Case {
  readonly name: string;
  readonly args: object;
  /** The host for which it is planned; `host` by default. */
  readonly host?: string;
  readonly diff?: boolean;
  /** The state itself; or else `outputs`, from which the probe reads it. */
  readonly state?: object;
  /** By name of the source, or `SOURCE@HOST` where other hosts are asked. */
  readonly outputs?: Readonly<Record<string, Captured>>;
}

/** A plan as a table shows it: titles with what each runs and promises, or why it is refused. */
export type Outcome = readonly PlannedSummary[] | { readonly refusal: string; readonly wayOut: string };

/** One entry of a plan, with its actions as text. */
export type PlannedSummary =
  | {
      readonly step: string;
      readonly runs: readonly string[];
      readonly becomes: object;
      readonly flags?: readonly string[];
    }
  | { readonly doubt: string; readonly awaits: string };

/** What the module plans in this case. */
export function outcomeOf(module: Module, row: Case): Outcome {
  try {
    return module.plan(row.args, row.state ?? stateOf(module, row)).map(summary);
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message, wayOut: error.wayOut };
    throw error;
  }
}

/** The state that the module's probe reads from captured outputs. */
export function stateOf(module: Module, row: Case): object {
  const probe = module.probe(row.args, { host: row.host ?? 'host', diff: row.diff ?? false });
  const parsed = new Map<string, ReadonlyMap<string, unknown>>();
  const answersOf = (question: Ask): ReadonlyMap<string, unknown> => {
    const place =
      question.host === undefined ? question.source.name : `${question.source.name}@${question.host}`;
    const known = parsed.get(place);
    if (known !== undefined) return known;
    const keys = [
      ...new Set(
        probe.asks
          .filter(other => other.source === question.source && other.host === question.host)
          .map(other => other.key),
      ),
    ];
    const answers = parse(question.source, keys, row.outputs?.[place], place);
    parsed.set(place, answers);
    return answers;
  };
  // The parser of a source answers with that source's type.
  return probe.read({ get: <T>(question: Ask<T>): T => answersOf(question).get(question.key) as T });
}

function parse(
  source: Source<unknown>,
  keys: readonly string[],
  captured: Captured | undefined,
  place: string,
): ReadonlyMap<string, unknown> {
  if (captured === undefined) throw new Error(`the case has no output of “${place}”`);
  const given = typeof captured === 'string' ? { stdout: captured } : captured;
  return source.parse(
    {
      stdout: Buffer.from(given.stdout ?? ''),
      stderr: Buffer.from(given.stderr ?? ''),
      exitCode: given.exitCode ?? 0,
    },
    keys,
  );
}

const FLAGS = ['repeats', 'opaque', 'settles', 'awaits', 'hinges'] as const;

function summary(planned: Planned<Record<string, unknown>>): PlannedSummary {
  if ('doubt' in planned) return { doubt: planned.doubt, awaits: planned.awaits.what };
  const flags = FLAGS.filter(flag => planned[flag] !== undefined);
  return {
    step: planned.title,
    runs: planned.run.map(actionText),
    becomes: planned.becomes,
    ...(flags.length > 0 && { flags }),
  };
}

function actionText(action: Action): string {
  switch (action.kind) {
    case 'command':
      return action.script.text;
    case 'upload':
      return `upload ${action.path}`;
    case 'until':
      return `until ${action.what}`;
  }
}
