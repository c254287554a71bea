/** A word of a line: its text, with the offset in the file of each of its characters and of its end. */
export interface Word {
  readonly text: string;
  readonly offsets: readonly number[];
}

export interface Words {
  readonly words: readonly Word[];
  /** The place of the quote that is never closed, or of the backslash that nothing follows. */
  readonly openAt?: number;
  /** The place of a `#` in the middle of a word: it begins a comment all the same. */
  readonly hashInWord?: number;
}

/** Splits a line into words as Python's `shlex.split(line, comments=True)` does, by which Ansible reads the hosts of an INI file. */
export function splitWords(line: string, offset: number): Words {
  const words: Word[] = [];
  let word: { text: string; offsets: number[] } | undefined;
  const add = (character: string, at: number): void => {
    word ??= { text: '', offsets: [] };
    word.text += character;
    word.offsets.push(offset + at);
  };
  const finish = (at: number): void => {
    if (word !== undefined) words.push({ text: word.text, offsets: [...word.offsets, offset + at] });
    word = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (/\s/.test(character)) {
      finish(at);
    } else if (character === '#') {
      const hashInWord = word === undefined ? {} : { hashInWord: offset + at };
      finish(at);
      return { words, ...hashInWord };
    } else if (character === '\\') {
      if (at + 1 >= line.length) return { words, openAt: offset + at };
      at++;
      add(line[at] ?? '', at);
    } else if (character === '"' || character === "'") {
      const close = closingQuote(line, at);
      if (close === undefined) return { words, openAt: offset + at };
      word ??= { text: '', offsets: [] };
      for (let inner = at + 1; inner < close; inner++) {
        // Within double quotes a backslash only escapes a quote and itself.
        if (character === '"' && line[inner] === '\\' && /["\\]/.test(line[inner + 1] ?? '')) inner++;
        add(line[inner] ?? '', inner);
      }
      at = close;
    } else {
      add(character, at);
    }
  }
  finish(line.length);
  return { words };
}

function closingQuote(line: string, open: number): number | undefined {
  const quote = line[open];
  for (let at = open + 1; at < line.length; at++) {
    if (quote === '"' && line[at] === '\\') at++;
    else if (line[at] === quote) return at;
  }
  return undefined;
}
