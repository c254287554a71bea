import { command, defineSource, parseSections, sh } from '../../engine/kit/index.ts';

/** Files up to this size are shown in a diff. Bytes. */
const LONGEST_TEXT = 256 * 1024;

/** The text of files, for diffs only: undefined where there is none, where it is too long, or where it is no text. */
export const texts = defineSource<string | undefined>({
  name: 'texts',
  command: keys =>
    command(
      sh`
number=-1
for path in ${keys}; do
number=$((number + 1))
if [ -f "$path" ] && [ -r "$path" ] && [ "$(wc -c <"$path")" -le ${LONGEST_TEXT} ]; then
echo "@@ text $number"
base64 <"$path"
fi
done`,
      { shown: `cat ${keys.join(' ')}` },
    ),
  parse: (output, keys) => {
    const sections = parseSections(output.stdout.toString());
    const found = new Map(
      sections.map(({ words, lines }) => [words[0], textOf(Buffer.from(lines.join(''), 'base64'))]),
    );
    return new Map(keys.map((key, index) => [key, found.get(`${index}`)]));
  },
});

/** The text that the bytes are in UTF-8; undefined if they are none, are too many, or hold NUL. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > LONGEST_TEXT || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
