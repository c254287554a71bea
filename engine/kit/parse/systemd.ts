/** The properties of one unit, by name. */
export type UnitProperties = ReadonlyMap<string, string>;

/** Reads `systemctl show --property=…`: `NAME=VALUE` lines, units parted by an empty line, in the order in which they were asked. */
export function parseUnits(text: string): readonly UnitProperties[] {
  return text
    .split('\n\n')
    .map(block => block.split('\n').filter(line => line.includes('=')))
    .filter(lines => lines.length > 0)
    .map(lines => new Map(lines.map(line => cut(line))));
}

function cut(line: string): readonly [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, equals), line.slice(equals + 1)];
}
