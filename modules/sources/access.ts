import { type Command, command, join, sh } from '../../engine/kit/index.ts';

const FIELDS = ['owner', 'group', 'mode'] as const;

/** Who may do what with a file: names or numbers, four octal digits. What is not named stays as it is. */
export type Access = { readonly [K in (typeof FIELDS)[number]]?: string };

/** The access that arguments ask for; a mode of three digits gets its fourth. */
export function accessOf({ owner, group, mode }: Access): Access {
  return {
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(mode !== undefined && { mode: mode.padStart(4, '0') }),
  };
}

/** The fields that are not as they are asked for. */
export function wrongAccess(
  wanted: Access,
  found: { readonly [K in keyof Access]?: string | undefined },
): readonly string[] {
  return FIELDS.filter(field => wanted[field] !== undefined && wanted[field] !== found[field]);
}

/** Sets them; owner first, because changing it may clear bits of the mode. */
export function setAccess(path: string, { owner, group, mode }: Access): Command {
  return command(
    join(
      [
        ...(owner === undefined ? [] : [sh`chown -- ${owner} ${path}`]),
        ...(group === undefined ? [] : [sh`chgrp -- ${group} ${path}`]),
        ...(mode === undefined ? [] : [sh`chmod -- ${mode} ${path}`]),
      ],
      ' && ',
    ),
  );
}
