interface WrapOptions {
  readonly width: number;
  readonly breakLong: boolean;
  readonly hyphens: boolean;
}

/** Python's `textwrap.wrap` of one line, white space kept as `wordwrap` asks for: no tabs expanded, none replaced. */
export function wrapText(text: string, { width, breakLong, hyphens }: WrapOptions): string[] {
  const chunks = chunksOf(text, hyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && chunks.at(-1)?.trim() === '') chunks.pop();
    const line = fill(chunks, width, breakLong);
    if (line.at(-1)?.trim() === '') line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

function chunksOf(text: string, hyphens: boolean): string[] {
  const parts = text.split(/(\s+)/);
  const broken = hyphens
    ? parts.flatMap(part => part.split(/(?<=[\p{L}\p{N}_!"'&.,?][\p{L}_]-)(?=[\p{L}_])/u))
    : parts;
  return broken.filter(part => part !== '');
}

/** Takes what fits on one line off the chunks. */
function fill(chunks: string[], width: number, breakLong: boolean): string[] {
  const line: string[] = [];
  let length = 0;
  for (let next = chunks.at(-1); next !== undefined && length + next.length <= width; next = chunks.at(-1)) {
    line.push(next);
    length += next.length;
    chunks.pop();
  }
  const long = chunks.at(-1);
  if (long === undefined || long.length <= width) return line;
  if (breakLong) {
    const room = Math.max(1, width - length);
    line.push(long.slice(0, room));
    chunks[chunks.length - 1] = long.slice(room);
  } else if (line.length === 0) {
    line.push(long);
    chunks.pop();
  }
  return line;
}
