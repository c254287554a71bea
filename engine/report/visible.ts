/** C0 and C1 controls, DEL, and what turns the direction of text or hides in it: a hostile host must not drive the terminal. */
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
}

/** The text as one line that is safe to print: line breaks and control characters come out as `\n`, `\x1b`. */
export function visible(text: string): string {
  return text.replace(HARMFUL, escaped);
}

/** ANSI escape sequences (ECMA-48: CSI, OSC and the two-character ones), which tools write to colour what they say. */
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-Z\\^-~])/g;

/**
 * The lines of a tool's output, each safe to print: colours are left out, a line that was drawn again and again (`\r`) is as it was in the end,
 * tabs are blanks, other control characters are escaped. A line break at the very end makes no empty line.
 */
export function outputLines(text: string): readonly string[] {
  const lines = text.replace(SEQUENCES, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map(line => {
    const drawn = line.split('\r').filter(part => part !== '');
    return visible((drawn.at(-1) ?? '').replaceAll('\t', '    ')).trimEnd();
  });
}

/** The text, or its beginning with `…` where it has more than `most` characters. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join('')}…`;
}

/** `1 host`, `2 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `0.12 s`, `14 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(2)} s` : wholeSeconds(seconds);
}

/** `0 s`, `14 s`, `2 min 5 s`: for times that run. */
export function wholeSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
