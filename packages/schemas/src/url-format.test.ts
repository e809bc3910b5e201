// The format `url` decides as that of ajv-formats, and in linear time.
import { fullFormats } from 'ajv-formats/dist/formats.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isUrl } from './url-format.ts';

it('decides as the expression of ajv-formats does', () => {
  const piece = fc.constantFrom(
    'http://',
    'ftp:',
    '//',
    'a',
    '@',
    ':',
    '.',
    '-',
    '/',
    ' ',
    'example.com',
    '10.0.0.1',
    '8.8.8.8',
    ':80',
    'é',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, begins) => {
      const text = (begins ? 'https://' : '') + pieces.join('');
      expect(isUrl(text)).toBe((fullFormats.url as RegExp).test(text));
    }),
    { numRuns: 2_000 },
  );
});

it('decides a hostile text of a mebibyte', () => {
  for (const part of ['a:', 'a@', ':@', '@', 'a.', 'a-', 'a/@', '//'])
    expect(isUrl(`http://${part.repeat(1_048_576 / part.length)}!`)).toBe(false);
});
