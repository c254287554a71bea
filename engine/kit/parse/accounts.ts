/** Reads lines of passwd(5) or group(5), as `getent` prints them: the names of the accounts and their numbers. Never throws. */
export function parseAccounts(lines: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    lines
      .map(line => line.split(':'))
      .filter(([name, , id]) => name !== '' && id !== undefined && /^\d+$/.test(id))
      .map(([name = '', , id]) => [name, Number(id)]),
  );
}
