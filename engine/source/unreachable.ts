/** Ends a `switch` over a closed union: a compile error where a case is missing, an internal error if one slips through. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
