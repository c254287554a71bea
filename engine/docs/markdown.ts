/** The first line of every page that is written here. */
export const WRITTEN = '<!-- Written by `play docs --write`; change what it is made of instead. -->';

/** A table of Markdown. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map(row => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** The text as code. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** The parts that are not empty, a blank line between them, as a page. */
export function page(...parts: readonly string[]): string {
  return `${[WRITTEN, ...parts.filter(part => part !== '')].join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
