/** A part of a script's output: `@@ NAME WORDS…` on a line of its own, and the lines up to the next such line. */
export interface Section {
  readonly name: string;
  /** The words behind the name. */
  readonly words: readonly string[];
  readonly lines: readonly string[];
}

/** The sections of what a probe script printed; lines before the first one belong to none. Never throws. */
export function parseSections(text: string): readonly Section[] {
  const sections: { name: string; words: readonly string[]; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('@@ ')) {
      const [name = '', ...words] = line.slice(3).split(' ');
      sections.push({ name, words, lines: [] });
    } else if (line !== '') sections.at(-1)?.lines.push(line);
  }
  return sections;
}
