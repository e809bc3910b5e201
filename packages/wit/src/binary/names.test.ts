// Which names are allowed, and what they say.

import { describe, expect, test } from 'vitest';
import { checkDistinct, isLabel, parseFunctionName, parseInterfaceName } from './names.ts';

describe('names', () => {
  test.each(['a', 'a-b', 'A-B1', 'ab-CD-2x', 'constructor', 'a-1'])('%s is a label', (text) => {
    expect(isLabel(text)).toBe(true);
  });

  test.each(['', '-a', 'a-', 'a--b', 'aB', '1a', '__proto__', 'a_b', 'a b', 'ä', 'a\n', 'a-1B-c!'])(
    '%j is no label',
    (text) => {
      expect(isLabel(text)).toBe(false);
    },
  );

  test('long names take no longer than their length', () => {
    const start = performance.now();
    expect(isLabel(`a${'-1'.repeat(100_000)}!`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test.each([
    ['a:b/c', { package: 'a:b', interface: 'c' }],
    ['a:b/c@1.2.3-rc.1+x', { package: 'a:b@1.2.3-rc.1+x', interface: 'c' }],
    ['a:b/c@0.2', { package: 'a:b@0.2', interface: 'c' }],
    ['a:b/c@1', { package: 'a:b@1', interface: 'c' }],
    ['a:b/c@1.2.3.4', undefined],
    ['a:b/c@', undefined],
    ['a:b/c/d', undefined],
    ['a/b:c', undefined],
    ['a:b', undefined],
    ['url=<https://a.b/c>', undefined],
  ])('%s as a full name', (text, parts) => {
    expect(parseInterfaceName(text)).toEqual(parts);
  });

  test.each([
    ['f', { form: 'freestanding', name: 'f', async: false }],
    ['[async]f', { form: 'freestanding', name: 'f', async: true }],
    ['[constructor]r', { form: 'constructor', name: '[constructor]r', async: false, resource: 'r' }],
    ['[method]r.f', { form: 'method', name: '[method]r.f', async: false, resource: 'r' }],
    ['[async static]r.f', { form: 'static', name: '[static]r.f', async: true, resource: 'r' }],
  ])('%s as the name of a function', (text, parts) => {
    expect(parseFunctionName(text, 0)).toEqual(parts);
  });

  test.each(['', '[method]r', '[method]r.f.g', '[async constructor]r', '[constructor]r.f', '[]f', '[x]f', 'a:b/c'])(
    '%j is refused as the name of a function',
    (text) => {
      expect(() => parseFunctionName(text, 7)).toThrow(expect.objectContaining({ offset: 7 }));
    },
  );

  test('names that differ only in case are the same', () => {
    expect(() => checkDistinct(['a-b', 'A-B'], 'field', 0)).toThrow('twice');
  });
});
