const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What stands between a Python string's quotes, its escapes taken for what they mean; none where Python refuses one, or only it knows it. */
export function withEscapes(written: string, bytes: boolean): string | undefined {
  const pattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
  let refused = false;
  const value = written.replace(pattern, (whole, octal, hex, short, long, other) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (bytes && (short ?? long) !== undefined) return whole;
    const code: string | undefined = hex ?? short ?? long;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      refused ||= point > 0x10ffff;
      return refused ? whole : String.fromCodePoint(point);
    }
    // Python refuses unfinished \x, \u, \U, and names of characters are not looked up here; other unknown escapes stand for themselves.
    refused ||= !bytes && /[xuUN]/.test(other);
    return escapes[other] ?? whole;
  });
  return refused ? undefined : value;
}
