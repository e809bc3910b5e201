// Literals are read as running them would give; everything else is left to the thread.
import { parse, parseExpressionAt } from 'acorn';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findExports } from './exports.ts';
import { NOT_LITERAL, readLiteral } from './literal.ts';

function read(text: string, before = '') {
  const { constants } = findExports(parse(before, { ecmaVersion: 'latest', sourceType: 'module' }));
  return readLiteral(parseExpressionAt(text, 0, { ecmaVersion: 'latest' }), constants);
}

it.each([
  [`\`a\\n\${"b"}\${1}\``, 'a\nb1'],
  ['-1.5e3', -1500],
  ['!0', true],
  ['"a" + 1 + \'b\'', 'a1b'],
  ['1 + 2', 3],
  ['({ a: 1, "b c": [2, ...[3]], 4: null, ...{ d: true } })', { a: 1, 'b c': [2, 3], 4: null, d: true }],
  ['Object.freeze({ a: Object.freeze([1]) })', { a: [1] }],
  ['({ ["a"]: 1 })', { a: 1 }],
])('reads %s', (text, value) => {
  expect(read(text)).toStrictEqual(value);
});

it('reads the names of top-level constants', () => {
  expect(read('({ NAME, LIST: [...BASE, NAME] })', 'const NAME = "x"; export const BASE = [1];')).toStrictEqual({
    NAME: 'x',
    LIST: [1, 'x'],
  });
});

it.each([
  'name',
  'LATE',
  'CIRCLE',
  'f()',
  'new Date()',
  '/a/',
  '1n',
  '() => 1',
  '({ f() {} })',
  '({ get a() { return 1 } })',
  '({ __proto__: {} })',
  '[,1]',
  '"a" + {}',
  'Object.keys({})',
  'process.env.HOME',
  `\`\${[]}\``,
])('leaves %s', (text) => {
  expect(read(text, 'let LATE = 1; const CIRCLE = [CIRCLE];')).toBe(NOT_LITERAL);
});

it('reads every JSON value that is written out', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('__proto__'));
      expect(read(`(${text})`)).toStrictEqual(JSON.parse(text));
    }),
  );
});
