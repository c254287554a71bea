/** Patterns of ssh_config(5): `*` any characters, `?` one. */
function matchesPattern(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** Whether one of the patterns matches, and none of those that begin with `!`. Names are compared without case. */
export function matchesPatternList(text: string, patterns: readonly string[]): boolean {
  const name = text.toLowerCase();
  let matched = false;
  for (const pattern of patterns.map(p => p.toLowerCase())) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(name, pattern.slice(1))) return false;
    } else matched ||= matchesPattern(name, pattern);
  }
  return matched;
}
