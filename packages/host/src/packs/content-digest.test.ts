// The digest of a pack's content: the same for the same files, another for any other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDigest } from './content-digest.ts';

const file = (filename: string, text: string) => ({ filename, bytes: new TextEncoder().encode(text) });

describe('the digest of a content', () => {
  it('is the same in any order of the files', async () => {
    const files = [file('a.py', '1'), file('b.py', '2'), file('c.py', '1')];
    expect(await contentDigest([...files].reverse())).toBe(await contentDigest(files));
    expect(await contentDigest(files)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('changes with every name, every byte and every file', async () => {
    const digests = await Promise.all([
      contentDigest([]),
      contentDigest([file('', '')]),
      contentDigest([file('a', 'b')]),
      contentDigest([file('b', 'a')]),
      contentDigest([file('a', 'b'), file('c', 'd')]),
      contentDigest([file('a', 'd'), file('c', 'b')]),
      contentDigest([file('a","b', '')]),
      contentDigest([file('a\nb', '')]),
      contentDigest([file('a', ''), file('b', '')]),
    ]);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('tells any two packs apart that are not the same', async () => {
    const packs = fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), {
      selector: ([name]) => name,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(packs, packs, async (one, other) => {
        const toKey = (pack: typeof one) => JSON.stringify([...pack].sort(([a], [b]) => (a < b ? -1 : 1)));
        const digest = (pack: typeof one) => contentDigest(pack.map(([name, text]) => file(name, text)));
        expect((await digest(one)) === (await digest(other))).toBe(toKey(one) === toKey(other));
      }),
    );
  });
});
