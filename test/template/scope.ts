import { ansible, type Environment, fromPlain, type Scope } from '../../engine/template/index.ts';

/** A scope of plain data. */
export function scopeOf(
  variables: Readonly<Record<string, unknown>> = {},
  environment: Environment = ansible,
): Scope {
  const values = new Map(Object.entries(variables).map(([name, plain]) => [name, fromPlain(plain)] as const));
  return { get: name => values.get(name), names: () => values.keys(), environment };
}
