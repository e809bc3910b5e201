// What strangers write reaches a terminal as text, whatever they put into it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shown } from './terminal.ts';

it.each([
  ['moves the cursor', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
  ['names the window', '\u001b]0;root@prod\u0007', '\\u001b]0;root@prod\\u0007'],
  ['goes back to the start of a line', 'denied\rallowed', 'denied\\u000dallowed'],
  ['takes letters back', 'ab\b', 'ab\\u0008'],
  ['is a control sequence in one character', '\u009b2J', '\\u009b2J'],
  ['turns the direction', 'to \u202emoc.knab', 'to \\u202emoc.knab'],
  ['hides', 'a\u001b[8mb\u001b[30mc', 'a\\u001b[8mb\\u001b[30mc'],
  ['cannot be seen', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
  ['is half a character', 'a\ud800b', 'a\\ud800b'],
])('writes out what %s', (_what, text, expected) => {
  expect(shown(text)).toBe(expected);
});

it('leaves lines, tabs, scripts, pictures and our own colours', () => {
  const text = 'a\tb\n\u001b[31mError\u001b[39m می\u200cخواهم 👨\u200d👩\u200d👧 e\u0301 \\u001b';
  expect(shown(text)).toBe(text);
});

it('leaves every JSON the same JSON, with nothing in it that acts', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(undefined, 2), (value, indent) => {
      const text = shown(JSON.stringify(value, null, indent));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(/(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
  );
});
