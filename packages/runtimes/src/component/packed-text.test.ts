// Text that was packed is the same text, and smaller.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packText } from './packed-text.ts';

it('gives back any text, as often as it is asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const packed = packText(text);
      expect(packed.read()).toBe(text);
      expect(packed.read()).toBe(text);
    }),
  );
});
