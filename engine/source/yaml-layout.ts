import { endOfLine, type SourceText, startOfLine } from './span.ts';
import type { SyntaxMistake } from './syntax-mistake.ts';
import {
  enclosingIndents,
  firstOfNextLine,
  indentOf,
  openBracket,
  quoted,
  restOfLine,
  restSpan,
  spaces,
} from './yaml-lines.ts';

/** `a: b: c`, or a value with keys indented under it. */
export function nestedMapping(source: SourceText, at: number): SyntaxMistake {
  const end = endOfLine(source, at);
  const colon = /:(?=\s|$)/.exec(source.text.slice(at, end));
  if (colon !== null)
    return {
      code: 'yaml-second-colon',
      message: 'a second “: ” in one line: YAML takes what stands before it for another key',
      span: { source, start: at + colon.index, end: at + colon.index + 1 },
      hint: `if it is one text, quote it: ${quoted(restOfLine(source, at))}`,
    };
  const below = firstOfNextLine(source, at);
  return {
    code: 'yaml-key-under-value',
    message: 'this line is indented under a key that already has a value',
    span: restSpan(source, below),
    notes: [{ message: 'the value', span: restSpan(source, at) }],
    hint: 'indent it like the line above, or remove that value',
  };
}

/** A line whose indentation fits no line above it, or those of another kind. */
export function badIndent(source: SourceText, near: number): SyntaxMistake {
  // The parser may point to the end of the line before.
  const at = restOfLine(source, near) === '' ? firstOfNextLine(source, near) : near;
  const start = startOfLine(source, at);
  const width = indentOf(source, start);
  const above = enclosingIndents(source, start);
  const fits = above.map(line => line.width).sort((a, b) => a - b);
  const sameColumn = above.find(line => line.width === width);
  const span = restSpan(source, start + width);
  if (sameColumn !== undefined) {
    const item = source.text[start + width] === '-';
    return {
      code: 'yaml-mixed-list',
      message: item
        ? 'a list item stands among the keys of a mapping'
        : 'a key stands among the items of a list',
      span,
      notes: [
        { message: 'it has the indentation of this line', span: restSpan(source, sameColumn.start + width) },
      ],
      hint: 'indent it like the lines that it belongs to',
    };
  }
  return {
    code: 'yaml-indent',
    message: `this line is indented by ${spaces(width)}, which fits no line above it (${fits.join(', ')})`,
    span,
    hint: 'give lines that belong together the same indentation',
  };
}

/** A bracket whose lines end before it is closed. */
export function unclosedBracket(source: SourceText, at: number): SyntaxMistake {
  const closing = openBracket(source, at);
  const bracket = source.text[closing] ?? '[';
  return {
    code: 'yaml-unclosed-bracket',
    message: `this “${bracket}” is not closed before its lines end`,
    span: { source, start: closing, end: closing + 1 },
    hint: `close it with “${bracket === '[' ? ']' : '}'}”, and indent all its lines deeper than its key; if it is meant as text, put the value in quotes`,
    runsOn: true,
  };
}

/** A line that is neither a key with a value nor an item. */
export function noColon(source: SourceText, at: number): SyntaxMistake {
  const start = at + (/^\s*/.exec(source.text.slice(at))?.[0].length ?? 0);
  const line = restOfLine(source, start);
  const tight = /^([\w.-]+):(\S.*)$/.exec(line);
  return {
    code: 'yaml-no-colon',
    message: tight ? 'a space is missing behind the colon' : 'this is neither “key: value” nor a list item',
    span: restSpan(source, start),
    hint: tight
      ? `write “${tight[1]}: ${tight[2]}”`
      : 'add the colon; or, if it goes on with the value above, quote that value or indent this line deeper',
  };
}
