/** Text with the characters that HTML gives meaning to written as Markupsafe does. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('>', '&gt;')
    .replaceAll('<', '&lt;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&#34;');
}

/** Python's `urllib.parse.quote`: the UTF-8 bytes of all but letters, digits, `_.-~` and those in `safe` as `%XX`. */
export function percentEncoded(text: string, safe: string): string {
  return Array.from(Buffer.from(text, 'utf8'), byte => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9_.~-]/.test(character) || (byte < 128 && safe.includes(character))
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
