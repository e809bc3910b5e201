// Ways to write a text so that a person or a program still reads it, for tests of evasion.
const bytes = (text: string) => [...new TextEncoder().encode(text)];
const base64 = (text: string) => btoa(String.fromCharCode(...bytes(text)));
const hex = (text: string) =>
  bytes(text)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
const each = (text: string, change: (character: string) => string) => [...text].map(change).join('');
const code = (character: string) => character.charCodeAt(0);
const shift = (text: string, from: number) =>
  each(text, (character) => (/[0-9]/.test(character) ? String.fromCodePoint(from + Number(character)) : character));

/** Name → the same text, written in that way; and what a finding says about how it was found. */
export const ENCODINGS: {
  readonly [name: string]: readonly [how: readonly string[], encode: (text: string) => string];
} = {
  plain: [[], (text) => text],
  'in a sentence': [[], (text) => `it is ${text}, keep it`],
  base64: [['base64'], base64],
  'base64 without padding': [['base64'], (text) => base64(text).replaceAll('=', '')],
  'base64 for URLs': [
    ['base64'],
    (text) => base64(`??>>${text}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  ],
  'base64 in lines': [
    ['base64'],
    (text) => base64(`${'.'.repeat(40)} ${text} ${'.'.repeat(90)}`).replace(/.{76}/g, '$&\r\n'),
  ],
  'base64 behind one more character': [['base64'], (text) => `x${base64(text)}`],
  'base64 behind two more characters': [['base64'], (text) => `xy${base64(text)}`],
  'base64 behind three more characters': [['base64'], (text) => `xyz${base64(text)}`],
  'base64 of UTF-16': [['base64', 'unicode'], (text) => btoa(each(text, (character) => `${character}\0`))],
  hex: [['hex'], hex],
  'hex in capitals': [['hex'], (text) => hex(text).toUpperCase()],
  'hex behind 0x': [['hex'], (text) => `0x${hex(text)}`],
  'hex in pairs': [['hex'], (text) => hex(text).replace(/..(?=.)/g, '$& ')],
  'hex with colons': [['hex'], (text) => hex(text).replace(/..(?=.)/g, '$&:')],
  'URL encoding of what needs it': [['url'], (text) => encodeURIComponent(`${text} `)],
  'URL encoding of everything': [
    ['url'],
    (text) =>
      bytes(text)
        .map((byte) => `%${byte.toString(16)}`)
        .join(''),
  ],
  'decimal HTML entities': [['html'], (text) => each(text, (character) => `&#${code(character)};`)],
  'hexadecimal HTML entities': [['html'], (text) => each(text, (character) => `&#x${code(character).toString(16)};`)],
  'backslash u': [
    ['escape'],
    (text) => each(text, (character) => `\\u${code(character).toString(16).padStart(4, '0')}`),
  ],
  'backslash u in braces': [['escape'], (text) => each(text, (character) => `\\u{${code(character).toString(16)}}`)],
  'backslash x': [['escape'], (text) => each(text, (character) => `\\x${code(character).toString(16)}`)],
  'zero-width spaces': [['unicode'], (text) => each(text, (character) => `${character}\u200b`)],
  'zero-width joiners and marks': [['unicode'], (text) => each(text, (character) => `${character}\u200d\u2060\ufeff`)],
  'soft hyphens': [['unicode'], (text) => each(text, (character) => `${character}\u00ad`)],
  'combining marks': [['unicode'], (text) => each(text, (character) => `${character}\u0336`)],
  'full-width digits': [['unicode'], (text) => shift(text, 0xff10)],
  'Arabic digits': [['unicode'], (text) => shift(text, 0x0660)],
  'Devanagari digits': [['unicode'], (text) => shift(text, 0x0966)],
  'mathematical digits': [['unicode'], (text) => shift(text, 0x1d7ce)],
  'zero bytes': [['unicode'], (text) => each(text, (character) => `${character}\0`)],
  'base64 in base64': [['base64', 'base64'], (text) => base64(base64(`${text}.`))],
  'hex in base64': [['base64', 'hex'], (text) => base64(hex(text))],
  'base64 in hex': [['hex', 'base64'], (text) => hex(base64(text))],
  'base64 in URL encoding': [
    ['url', 'base64'],
    (text) => each(base64(text), (character) => `%${code(character).toString(16)}`),
  ],
  'full-width digits in base64': [['base64', 'unicode'], (text) => base64(shift(text, 0xff10))],
  'full-width digits in URL encoding': [['url'], (text) => encodeURIComponent(shift(text, 0xff10))],
  'entities twice': [['html', 'html'], (text) => each(text, (character) => `&amp;#${code(character)};`)],
  'URL encoding twice': [['url', 'url'], (text) => each(text, (character) => `%25${code(character).toString(16)}`)],
  'JSON in JSON': [
    ['escape'],
    (text) => JSON.stringify(JSON.stringify({ a: each(text, (c) => `\\u00${code(c).toString(16)}`) })),
  ],
};
