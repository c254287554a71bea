/** Whether a pattern is a glob, and not a name. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** A glob as Python's fnmatch has it: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`; it must match the whole name. */
export function compileGlob(glob: string): RegExp {
  let pattern = '';
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at] ?? '';
    const set = character === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(glob.slice(at)) : null;
    if (set !== null) {
      const members = (set[2] ?? '').replace(/[\\^[\]]/g, '\\$&');
      pattern += isOrdered(set[2] ?? '') ? `[${set[1] === '!' ? '^' : ''}${members}]` : '(?!)';
      at += set[0].length - 1;
    } else {
      pattern +=
        character === '*' ? '.*' : character === '?' ? '.' : character.replace(/[\\^$.|+()[\]{}/-]/g, '\\$&');
    }
  }
  return new RegExp(`^${pattern}$`, 's');
}

/** Whether each range of a set goes upwards; one that does not matches nothing. */
function isOrdered(members: string): boolean {
  return [...members.matchAll(/([\s\S])-([\s\S])/g)].every(([, from = '', to = '']) => from <= to);
}

/** A regular expression as Python has it, matched from the beginning of a name; none where it is none, or is of a kind that only Python has. */
export function compilePythonPattern(pattern: string): RegExp | undefined {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = pattern
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
  try {
    return new RegExp(`^(?:${body})`, flags?.[1] ?? '');
  } catch {
    return undefined;
  }
}
