// A snapshot without its pages of zeros, put together again.
import { expect, it } from 'vitest';
import { toSparse } from './sparse.ts';

const PAGE = 4096;
const HEAD = 128;

/** A snapshot whose memory has these pages, by the byte that they are full of. */
function snapshotOf(...pages: readonly number[]): Buffer {
  const head = Buffer.alloc(HEAD, 7);
  head.writeUInt32LE(HEAD, 4);
  return Buffer.concat([head, ...pages.map((byte) => Buffer.alloc(PAGE, byte))]);
}

it('pages of zeros are left out, and neighbours are one piece', () => {
  const snapshot = snapshotOf(0, 1, 2, 0, 0, 3, 0);
  const { layout, bytes } = toSparse(snapshot);
  expect(layout).toStrictEqual({
    head: HEAD,
    pieces: [
      [PAGE, 2 * PAGE],
      [5 * PAGE, PAGE],
    ],
  });
  expect(bytes.length).toBe(HEAD + 3 * PAGE);
});

it('nothing is lost, whatever a page has in it', () => {
  const snapshot = snapshotOf(0, 0, 5, 0);
  snapshot[HEAD + PAGE - 1] = 1;
  const { layout, bytes } = toSparse(snapshot);
  const restored = Buffer.alloc(snapshot.length);
  bytes.copy(restored, 0, 0, layout.head);
  let from = layout.head;
  for (const [at, length] of layout.pieces) {
    bytes.copy(restored, layout.head + at, from, from + length);
    from += length;
  }
  expect(restored.equals(snapshot)).toBe(true);
});
