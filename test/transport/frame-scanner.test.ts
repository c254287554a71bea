import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameScanner } from '../../engine/transport/frame-scanner.ts';

const BOUNDARY = 'play-0123456789abcdef01234567';

type Found = { readonly data: Buffer } | { readonly frame: readonly string[] };

function scan(chunks: readonly Buffer[]): readonly Found[] {
  const found: Found[] = [];
  const scanner = new FrameScanner(BOUNDARY, {
    data: data => {
      const last = found.at(-1);
      if (last !== undefined && 'data' in last)
        found[found.length - 1] = { data: Buffer.concat([last.data, data]) };
      else found.push({ data });
    },
    frame: frame => found.push({ frame }),
  });
  for (const chunk of chunks) scanner.push(chunk);
  return found;
}

/** Bytes that come close to a boundary, and arbitrary ones. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
  fc.nat({ max: BOUNDARY.length - 1 }).map(length => Buffer.from(BOUNDARY.slice(0, length))),
);

const cut = (whole: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.map(place => place % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return at.slice(1).map((end, index) => whole.subarray(at[index], end));
};

test('data and frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.array(piece, { maxLength: 4 }).map(pieces => Buffer.concat(pieces)),
        { minLength: 1, maxLength: 5 },
      ),
      fc.array(fc.nat(), { maxLength: 12 }),
      (parts, places) => {
        fc.pre(parts.every(part => !part.includes(BOUNDARY)));
        const stream = Buffer.concat(
          parts.flatMap((part, index) => [part, Buffer.from(`${BOUNDARY} ${index} end 0\n`)]),
        );
        const expected = parts.flatMap((part, index): Found[] => [
          ...(part.length > 0 ? [{ data: part }] : []),
          { frame: [String(index), 'end', '0'] },
        ]);
        expect(scan(cut(stream, places))).toEqual(expected);
      },
    ),
  );
});

test('what cannot be a boundary is handed on at once', () => {
  const seen: string[] = [];
  const scanner = new FrameScanner(BOUNDARY, {
    data: data => seen.push(data.toString()),
    frame: () => undefined,
  });
  scanner.push(Buffer.from('progress 10 %\r'));
  expect(seen).toEqual(['progress 10 %\r']);
  scanner.push(Buffer.from(`half a line ${BOUNDARY.slice(0, 5)}`));
  expect(seen).toEqual(['progress 10 %\r', 'half a line ']);
});
