export { type Captured, type Case, type Outcome, outcomeOf, stateOf } from './cases.ts';
export { type LawsOptions, laws } from './laws.ts';
