import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Refusal } from '../errors.ts';
import type { Module } from '../module.ts';
import type { Planned, Step } from '../step.ts';

type State = Readonly<Record<string, unknown>>;

/** From what the laws of a module are tested: arguments and states that may meet. */
export interface LawsOptions {
  readonly args: fc.Arbitrary<object>;
  readonly state: fc.Arbitrary<object>;
  /** How many pairs to try; 500 by default. */
  readonly runs?: number;
}

const isStep = (planned: Planned<State>): planned is Step<State> => 'title' in planned;
const lasting = (plan: readonly Planned<State>[]): readonly Planned<State>[] =>
  plan.filter(entry => !(isStep(entry) && entry.repeats === true));

/** The plan, or nothing where the module refuses: a refusal changes nothing, so it breaks no law. */
function planOrRefusal(module: Module, args: object, state: State): readonly Planned<State>[] | undefined {
  try {
    return module.plan(args, state);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

const apply = (state: State, step: Step<State>): State => ({ ...state, ...step.becomes });

/**
 * Throws, with the smallest counter-example, unless the module keeps the laws that the engine rests on:
 * 1. what its steps promise, once true, leaves nothing to do;
 * 2. the same behind a crash after any number of steps, planned anew from there;
 * 3. no step without drift: each promises something that is not so yet (unless it repeats by nature).
 */
export function laws(module: Module, options: LawsOptions): void {
  fc.assert(
    fc.property(options.args, options.state, (args, generated) => {
      const start: State = { ...generated };
      const plan = planOrRefusal(module, args, start);
      if (plan === undefined || !plan.every(isStep)) return;
      let state = start;
      for (const [done, step] of [...plan.entries()]) {
        assertDrift(module, state, step);
        state = apply(state, step);
        finish(
          module,
          args,
          state,
          `behind step ${done + 1} of ${plan.length} (“${step.title}”)`,
          done === plan.length - 1,
        );
      }
    }),
    { numRuns: options.runs ?? 500 },
  );
}

function assertDrift(module: Module, state: State, step: Step<State>): void {
  if (step.repeats === true || step.opaque === true) return;
  const drifts = Object.entries(step.becomes).some(
    ([field, promised]) => !isDeepStrictEqual(state[field], promised),
  );
  if (!drifts) throw new Error(`${module.name}: the step “${step.title}” promises only what is so already`);
}

/** Plans anew from a state and applies: nothing may be left behind that, nor (when all steps were done) before it. */
function finish(module: Module, args: object, state: State, where: string, wasLast: boolean): void {
  const again = planOrRefusal(module, args, state);
  if (again === undefined) throw new Error(`${module.name}: refuses ${where}, though it planned to go there`);
  const left = lasting(again);
  if (wasLast && left.length > 0)
    throw new Error(`${module.name}: ${where} something is still to do: ${titles(left)}`);
  const end = again.filter(isStep).reduce(apply, state);
  const still = lasting(planOrRefusal(module, args, end) ?? []);
  if (still.length > 0)
    throw new Error(
      `${module.name}: planned anew ${where} and applied, something is still to do: ${titles(still)}`,
    );
}

function titles(plan: readonly Planned<State>[]): string {
  return plan.map(entry => (isStep(entry) ? entry.title : entry.doubt)).join('; ');
}
