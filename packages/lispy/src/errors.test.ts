import { describe, expect, it } from 'vitest';
import { compileProgram, isIncomplete, LispyError, parseProgram } from './index.ts';

const failure = (source: string): LispyError => {
  try {
    compileProgram(source, { file: 'a.lispy' }).instantiate().runSync();
  } catch (error) {
    if (error instanceof LispyError) return error;
    throw error;
  }
  throw new Error(`No error from ${source}`);
};

describe('codes and places', () => {
  it.each([
    ['(+ 1', 'incomplete', 1, 1],
    ['(list 1 2]', 'parse', 1, 10],
    ['\n )', 'parse', 2, 2],
    ['"abc', 'incomplete', 1, 1],
    ['"\\q"', 'parse', 1, 2],
    ['{:a}', 'parse', 1, 1],
    ['1e999', 'parse', 1, 1],
    ['(if)', 'syntax', 1, 1],
    ['(let ((x)) x)\n(lambda)', 'syntax', 2, 1],
    ['(define (f x x) 1)', 'syntax', 1, 14],
    ['(begin\n  (foo))', 'unbound', 2, 4],
    ['(define (f) (g 1))\n(f)', 'unbound', 1, 14],
    ['(+ 1 "a")', 'type', 1, 1],
    ['(list 1\n  (car 5))', 'type', 2, 3],
    ['(map car (list 1))', 'type', 1, 1],
    ['((lambda (x) x))', 'arity', 1, 1],
    ['(define (f)\n  (nth 1))\n(f)', 'arity', 2, 3],
    ['(5 1)', 'syntax', 1, 1],
    ['(define x 5)\n(x 1)', 'type', 2, 1],
    ['(/ 1 0)', 'arithmetic', 1, 1],
    ['(exp 1000)', 'arithmetic', 1, 1],
    ['(list-ref (list 1) 5)', 'range', 1, 1],
    ['(error "boom")', 'user', 1, 1],
    ['(assert (= 1 2))', 'assert', 1, 1],
    ['(define-macro (m) (car 5))\n(m)', 'macro', 2, 1],
    ['(set! nope 1)', 'unbound', 1, 1],
    ['(define l (list 1)) (set-cdr! l l)\n(json-dump l)', 'cycle', 2, 1],
    ['(json-dump car)', 'not-json', 1, 1],
    ['(letrec ((a b) (b 1)) a)', 'unbound', 1, 13],
  ])('%j is a %s error at %i:%i', (source, code, line, column) => {
    const error = failure(source);
    expect(error.toJSON()).toMatchObject({ code, file: 'a.lispy', line, column });
  });
});

describe('what an error says', () => {
  it('names the signature on a wrong arity', () => {
    expect(failure('(define (f a b . c) a) (f 1)').details).toMatchObject({
      signature: '(f a b . c)',
      expected: 'at least 2 arguments',
      got: '1',
    });
    expect(failure('(nth (list))').details.signature).toBe('(nth list index [default])');
  });

  it('names what was expected and what came', () => {
    expect(failure('(string-upcase (list 1))').details).toMatchObject({ expected: 'a string', got: 'list' });
  });

  it.each([
    ['(pritnln 1)', 'println'],
    ['(define counter 1) (+ countr 1)', 'counter'],
    ['(string-apend "a")', 'string-append'],
  ])('suggests the nearest name in %s', (source, name) => {
    expect(failure(source).details.suggestion).toBe(name);
  });

  it('suggests nothing where nothing is near', () => {
    expect(failure('(qqqqqqq)').details.suggestion).toBeUndefined();
  });

  it('keeps code and place of an error that is caught and raised again', () => {
    expect(failure('(try\n  (car 5)\n  (catch e (raise e)))').toJSON()).toMatchObject({
      code: 'type',
      line: 2,
      column: 3,
    });
  });
});

describe('reading for tools', () => {
  it('gives the place of every form at the top', () => {
    expect(parseProgram('1\n  (a b)', { file: 'x' }).map((form) => form.place)).toEqual([
      { file: 'x', line: 1, column: 1 },
      { file: 'x', line: 2, column: 3 },
    ]);
  });

  it.each([
    ['(+ 1', true],
    ['"abc', true],
    ["'", true],
    ['#| x', true],
    ['(+ 1))', false],
    ['(+ 1)', false],
    ['', false],
  ])('knows whether %j only lacks its end', (source, expected) => {
    expect(isIncomplete(source)).toBe(expected);
  });
});
