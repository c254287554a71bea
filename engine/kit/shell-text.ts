/**
 * A piece of POSIX shell that is safe to send: whatever was interpolated into it is quoted. Only the `sh` tag, `join` and
 * `verbatim` make one, so a plain string never becomes shell by accident.
 */
export class ShellText {
  readonly text: string;
  /** Use the `sh` tag. */
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What may stand in `${…}` of the `sh` tag: text and numbers are quoted, lists become quoted words, shell text stays as it is. */
type Interpolated = string | number | ShellText | readonly (string | number)[];

/** One word of POSIX shell that stands for exactly this text. */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function interpolate(value: Interpolated): string {
  if (value instanceof ShellText) return value.text;
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return String(value);
  return value.map(word => quote(String(word))).join(' ');
}

/**
 * Shell text with everything interpolated quoted: sh`stat -c %a -- ${path}`. The literal parts are taken as written, backslashes
 * included; only `\${` stands for the shell's own `${`. Secrets do not type-check here on purpose: they go through standard input or the environment.
 */
export function sh(literals: TemplateStringsArray, ...values: readonly Interpolated[]): ShellText {
  const written = literals.raw.map(part => part.replaceAll('\\${', '${'));
  let text = written[0] ?? '';
  values.forEach((value, index) => {
    text += interpolate(value) + (written[index + 1] ?? '');
  });
  return new ShellText(text);
}

/** Several pieces of shell as one, e.g. commands with `; ` or newlines between them. */
export function join(pieces: readonly ShellText[], separator = '\n'): ShellText {
  return new ShellText(pieces.map(piece => piece.text).join(separator));
}

/** A script that somebody else wrote and answers for, such as the text of a `shell` task. */
export function verbatim(script: string): ShellText {
  return new ShellText(script);
}
