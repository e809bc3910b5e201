import { describe, expect, it } from 'vitest';
import { compileProgram, fromJson, LispyFloat, toCanonical, toJson } from './index.ts';

const evaluate = (source: string) => compileProgram(source).instantiate().runSync();

describe('canonical values', () => {
  it.each([
    ['nil', { type: 'nil' }],
    ['#t', { type: 'boolean', value: true }],
    ['42', { type: 'integer', value: '42' }],
    ['(expt 10 20)', { type: 'integer', value: '100000000000000000000' }],
    ['2.0', { type: 'float64', value: '2' }],
    ['-0.0', { type: 'float64', value: '-0' }],
    ['0.1', { type: 'float64', value: '0.1' }],
    ['"a"', { type: 'string', value: 'a' }],
    ["'a", { type: 'symbol', value: 'a' }],
    ['()', { type: 'list', items: [] }],
    [
      '[1 "x"]',
      {
        type: 'list',
        items: [
          { type: 'integer', value: '1' },
          { type: 'string', value: 'x' },
        ],
      },
    ],
    ['(cons 1 2)', { type: 'pair', car: { type: 'integer', value: '1' }, cdr: { type: 'integer', value: '2' } }],
    [
      '{:b 1 :a nil}',
      {
        type: 'map',
        entries: [
          [{ type: 'string', value: 'a' }, { type: 'nil' }],
          [
            { type: 'string', value: 'b' },
            { type: 'integer', value: '1' },
          ],
        ],
      },
    ],
  ])('%s', (source, expected) => {
    expect(toCanonical(evaluate(source))).toEqual(expected);
  });

  it('refuse procedures and cycles with typed errors', () => {
    expect(() => toCanonical(evaluate('car'))).toThrowError(expect.objectContaining({ code: 'not-json' }));
    expect(() => toCanonical(evaluate('(define l (list 1)) (set-cdr! l l) l'))).toThrowError(
      expect.objectContaining({ code: 'cycle' }),
    );
    expect(() => toJson(evaluate('(define m {}) (dict-set! m :m m) m'))).toThrowError(
      expect.objectContaining({ code: 'cycle' }),
    );
  });
});

describe('JSON', () => {
  it.each([
    ['{:a nil :b [1 2.5 "x" sym]}'.replace('sym', "'sym"), { a: null, b: [1, 2.5, 'x', 'sym'] }],
    ['9007199254740993', '9007199254740993'],
    ['2.0', 2],
    ['(list)', []],
    ['(cons 1 (list 2))', [1, 2]],
    ['{1 2}', { '1': 2 }],
  ])('%s', (source, expected) => {
    expect(toJson(evaluate(source))).toEqual(expected);
  });

  it('keeps keys that mean something to JavaScript as plain data', () => {
    const json = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}');
    const value = fromJson(json);
    const back = toJson(value) as Record<string, unknown>;
    expect(JSON.stringify(back)).toBe(JSON.stringify(json));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('refuses what is no JSON', () => {
    for (const wrong of [() => 1, Symbol('x'), Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => fromJson(wrong)).toThrowError(expect.objectContaining({ code: 'not-json' }));
    }
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(() => fromJson(cyclic)).toThrowError(expect.objectContaining({ code: 'cycle' }));
    expect(() => toJson(evaluate('(cons 1 2)'))).toThrowError(expect.objectContaining({ code: 'not-json' }));
  });

  it('goes to any depth', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    const value = fromJson(deep);
    let json = toJson(value);
    let depth = 0;
    for (; Array.isArray(json); json = json[0]!) depth++;
    expect(depth).toBe(50_000);
  });

  it('numbers beyond 2^53 are floats where they come as JavaScript numbers', () => {
    expect(fromJson(2 ** 60)).toEqual(new LispyFloat(2 ** 60));
  });
});
