// Modules that were put into one file still find what lay beside each of them.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { markPlaces, placeOf, settlePlaces } from './places.ts';

const ROOT = join(import.meta.dirname, '../..');
const MODULE = join(ROOT, 'packages/x/src/inner/module.ts');

/** The value of an expression in the finished file `lib/chunk.js` of a package at `/package`. */
function evaluate(expression: string, path = MODULE, found?: string): unknown {
  const marked = markPlaces(expression, path, () => found);
  const settled = settlePlaces(marked, 'lib/chunk.js');
  const meta = { url: pathToFileURL('/package/lib/chunk.js').href, dirname: '/package/lib' };
  return new Function('meta', 'URL', `return ${settled.replaceAll('import.meta', 'meta')}`)(meta, URL);
}

it('keeps our own modules where they were, and puts others below one folder', () => {
  expect(placeOf(MODULE)).toBe('packages/x/src/inner/module.js');
  expect(placeOf(join(ROOT, 'node_modules/@a/b/dist/c.wasm'))).toBe('vendor/@a/b/dist/c.wasm');
  expect(placeOf(join(ROOT, 'packages/x/node_modules/a/node_modules/d/e.js'))).toBe('vendor/d/e.js');
});

it('answers with the place in the package', () => {
  expect(evaluate('import.meta.url')).toBe('file:///package/packages/x/src/inner/module.js');
  expect(evaluate("new URL('../data.json', import.meta.url).pathname")).toBe('/package/packages/x/src/data.json');
  expect(join(String(evaluate('import.meta.dirname')), '../y')).toBe('/package/packages/x/src/y');
  expect(join(String(evaluate('__dirname')))).toBe('/package/packages/x/src/inner');
  expect(join(String(evaluate('__filename', join(ROOT, 'node_modules/a/b.js'))))).toBe('/package/vendor/a/b.js');
});

it('answers what was resolved when it was packed, and leaves the rest to run time', () => {
  const found = join(ROOT, 'node_modules/a/a.wasm');
  expect(evaluate("import.meta.resolve('a/wasm')", MODULE, found)).toBe('file:///package/vendor/a/a.wasm');
  expect(markPlaces("import.meta.resolve('pg')", MODULE, () => undefined)).toBe("import.meta.resolve('pg')");
});

it('refuses a place that a bundler folded into another text', () => {
  const marked = markPlaces('import.meta.url', MODULE, () => undefined);
  expect(() => settlePlaces(`const text = "some words before ${marked.slice(1)}`, 'lib/a.js')).toThrow('folded away');
});
