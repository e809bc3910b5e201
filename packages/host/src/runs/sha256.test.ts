// Our SHA-256 is Web Crypto's, in whatever pieces the bytes come.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOfText, Sha256 } from './sha256.ts';

async function reference(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

test('every length around the edges of a block, in pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 5 }), async (pieces) => {
      const sha = new Sha256();
      for (const piece of pieces) sha.update(piece);
      const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
      expect(sha.end()).toBe(await reference(whole));
    }),
    { numRuns: 500 },
  );
  for (let length = 0; length < 200; length++) {
    const bytes = new Uint8Array(length).fill(length);
    expect(new Sha256().update(bytes).end()).toBe(await reference(bytes));
  }
});

test('a text is taken as UTF-8', () => {
  expect(digestOfText('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
