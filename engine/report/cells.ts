/** Emoji, and the wide and fullwidth ranges of Unicode's EastAsianWidth: two cells of a terminal. */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
/** Marks that are drawn over the character before them. */
const COMBINING = /[\p{Mn}\p{Me}]/u;

function cellsOf(character: string): number {
  if (character < '\u0300') return 1;
  return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

/** How many cells of a terminal the text takes; it holds no control characters. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += cellsOf(character);
  return width;
}

/** The text, or as much of its beginning as fits into the cells, with `…` behind it. */
export function shorten(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  let fitted = '';
  let width = 1;
  for (const character of text) {
    width += cellsOf(character);
    if (width > cells) break;
    fitted += character;
  }
  return cells < 1 ? '' : `${fitted}…`;
}
