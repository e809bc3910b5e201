import { describe, expect, it } from 'vitest';
import { compileProgram, LispyError, type LispyLimits, printValue } from './index.ts';

const run = (source: string, limits: Partial<LispyLimits> = {}): string => {
  try {
    return printValue(compileProgram(source, { limits }).instantiate({ limits }).runSync());
  } catch (error) {
    if (error instanceof LispyError) return `${error.code} ${error.limit ?? ''} ${error.line ?? '?'}`;
    throw error;
  }
};

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

describe('each limit, from both sides', () => {
  it.each<[string, Partial<LispyLimits>, string, string]>([
    ['steps', { steps: 1000 }, '(dotimes (i 900) i)', '(dotimes (i 1100) i)'],
    [
      'steps',
      { steps: 1000 },
      '(define (f n) (if (= n 0) 0 (f (- n 1)))) (f 900)',
      '(define (f n) (if (= n 0) 0 (f (- n 1)))) (f 1100)',
    ],
    ['steps', { steps: 5000 }, '(map inc (range 2000))', '(map inc (range 3000))'],
    [
      'depth',
      {},
      '(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1))))) (f 9990)',
      '(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1))))) (f 10010)',
    ],
    ['reader-depth', {}, nested('(list ', ')', 256), nested('(list ', ')', 257)],
    ['reader-depth', {}, `(json-parse "${nested('[', ']', 256)}")`, `(json-parse "${nested('[', ']', 257)}")`],
    ['source', { source: 100 }, `${' '.repeat(99)}1`, `${' '.repeat(100)}1`],
    ['items', { items: 100 }, '(length (range 100))', '(length (range 101))'],
    [
      'items',
      { items: 100 },
      '(length (reduce conj [] (range 100)))',
      '(length (reduce (lambda (l x) (append l (list x x))) [] (range 100)))',
    ],
    [
      'items',
      { items: 50 },
      '(count (reduce (lambda (m x) (assoc m x x)) {} (range 50)))',
      '(count (reduce (lambda (m x) (assoc m x x (+ x 1000) x)) {} (range 50)))',
    ],
    ['string', { string: 1000 }, '(string-length (make-string 1000 "x"))', '(string-length (make-string 1001 "x"))'],
    [
      'string',
      { string: 1000 },
      '(string-length (string-append (make-string 500) (make-string 500)))',
      '(string-length (string-append (make-string 500) (make-string 501)))',
    ],
    ['string', { string: 1000 }, '(string-pad-left "x" 1000)', '(string-pad-left "x" 1001)'],
    [
      'string',
      { string: 1000 },
      '(string-length (string-repeat "ab" 500))',
      '(string-length (string-repeat "ab" 501))',
    ],
    [
      'string',
      { string: 1000 },
      '(string-length (string-replace (make-string 10 "a") "a" (make-string 100)))',
      '(string-length (string-replace (make-string 11 "a") "a" (make-string 100)))',
    ],
    ['string', { string: 1000 }, '(even? (expt 10 900))', '(even? (expt 10 1100))'],
    ['output', { output: 100 }, '(display (make-string 100))', '(display (make-string 101))'],
    ['memory', { memory: 100_000 }, '(length (range 1000))', '(length (map (lambda (i) (range 1000)) (range 10)))'],
    ['program', { program: 200 }, `(list ${'1 '.repeat(150)})`, `(list ${'1 '.repeat(250)})`],
  ])('%s %j', (limit, limits, inside, outside) => {
    expect(run(inside, limits)).not.toMatch(/^limit/);
    expect(run(outside, limits)).toMatch(new RegExp(`^limit ${limit} [0-9]`));
  });
});

describe('depth in every way to call', () => {
  it.each([
    ['through map', '(define (f n) (car (map (lambda (x) (f (+ n 1))) [1])))'],
    ['through reduce', '(define (f n) (reduce (lambda (a x) (f (+ n 1))) 0 [1 2]))'],
    ['through apply', '(define (f n) (+ 1 (apply f (list (+ n 1)))))'],
    ['through sort', '(define (f n) (sort [1 2] (lambda (a b) (f (+ n 1)))))'],
    ['through group-by', '(define (f n) (group-by (lambda (x) (f (+ n 1))) [1]))'],
    ['mutually', '(define (f n) (+ 1 (g n))) (define (g n) (+ 1 (f (+ n 1))))'],
    ['through try', '(define (f n) (try (+ 1 (f (+ n 1))) (catch e (raise e))))'],
    ['through compose', '(define (f n) ((compose inc f inc) n))'],
    ['through optional arguments', '(define (f n . rest) (+ 1 (f (+ n 1) n)))'],
    ['with many arguments', '(define (f a b c d e g) (+ 1 (f b c d e g a)))'],
    ['in the middle of a loop', '(define (f n) (let loop ((i 0)) (if (< i 2) (loop (+ i (+ 1 (f n)))) 0)))'],
  ])('%s ends in the typed error', (_name, definition) => {
    const call = definition.includes('(f a b') ? '(f 1 2 3 4 5 6)' : '(f 0)';
    expect(run(`${definition} ${call}`, { steps: 10_000_000 })).toMatch(/^limit depth/);
  });

  it('is no smaller for procedures with deeply nested code', () => {
    let body = '(+ 1 (f (- n 1)))';
    for (let i = 0; i < 200; i++) body = `(if (= n ${-i - 1}) (f 0) ${body})`;
    expect(run(`(define (f n) (if (= n 0) 0 ${body})) (f 9000)`, { memory: 2 ** 31 })).toBe('9000');
  });

  it('holds for code that only macros can nest', () => {
    const macro = '(define-macro (nest n) (if (= n 0) 1 `(+ 1 (nest ,(- n 1)))))';
    expect(run(`${macro} (nest 150)`)).toBe('151');
    expect(run(`${macro} (nest 5000)`)).toMatch(/^limit program/);
  });

  it('counts calls of lambdas under map like others', () => {
    const source = '(define (f n) (if (= n 0) 0 (+ 1 (car (map (lambda (x) (f (- n 1))) [1]))))) (f 3000)';
    expect(run(source)).toBe('3000');
  });
});

describe('structures of any depth', () => {
  const deep = '(define deep (let loop ((i 0) (l (list))) (if (= i 200000) l (loop (+ i 1) (list l)))))';
  it.each([
    [
      'equal?',
      `${deep} (define other (let loop ((i 0) (l (list))) (if (= i 200000) l (loop (+ i 1) (list l))))) (equal? deep other)`,
      '#t',
    ],
    ['=', `${deep} (= deep (list 1))`, '#f'],
    ['str', `${deep} (string-length (str deep))`, '400002'],
    ['json-dump', `${deep} (string-length (json-dump deep))`, '400002'],
    [
      'maps',
      '(define m (let loop ((i 0) (m {})) (if (= i 100000) m (loop (+ i 1) {:m m})))) (string-length (json-dump m))',
      '700002',
    ],
  ])('%s', (_name, source, expected) => {
    expect(run(source, { steps: 100_000_000 })).toBe(expected);
  });

  it('in flatten', () => {
    expect(run(`${deep} (flatten deep)`, { steps: 100_000_000 })).toMatch(/^(range|\(\))/);
  });
});

describe('structures that contain themselves', () => {
  it.each([
    ['(define l (list 1 2)) (set-cdr! (cdr l) l)', 'l'],
    ['(define l (cons 1 2)) (set-cdr! l l)', 'l'],
    ['(define l (list 1 2)) (set-car! l l)', 'l'],
    ['(define l {}) (dict-set! l :me l)', 'l'],
    ['(define l {}) (dict-set! l :me (list 1 (list l)))', 'l'],
  ])('%s is found everywhere', (definition, name) => {
    for (const use of [`(str ${name})`, `(json-dump ${name})`, `(equal? ${name} (list 1 2 1 2))`]) {
      expect(run(`${definition} ${use}`)).toMatch(use.includes('equal') ? /^(cycle|#f)/ : /^cycle/);
    }
    expect(run(`${definition.replace('l ', 'k ').replaceAll(/\bl\b/g, 'k') + definition} (equal? k l)`)).toMatch(
      /^(cycle|#f|#t)/,
    );
  });

  it('by length and the like, as a limit or a cycle', () => {
    const cycle = '(define l (list 1 2)) (set-cdr! (cdr l) l)';
    for (const use of [
      '(length l)',
      '(map inc l)',
      '(reverse l)',
      '(append l l)',
      '(list? l)',
      '(member 7 l)',
      '(nth l 5000000)',
      '(flatten l)',
      '(apply + l)',
      '(string-join l)',
      '(memq 7 l)',
    ]) {
      expect(run(`${cycle} ${use}`)).toMatch(/^(cycle|limit|#f|type)/);
    }
  });
});

describe('attacks on memory and time', () => {
  it.each([
    ['doubling a string', '(let loop ((s "ab")) (loop (string-append s s)))'],
    ['doubling a list', '(let loop ((l (list 1 2))) (loop (append l l)))'],
    [
      'a list of itself twice, printed',
      '(define l (let loop ((i 0) (l (list 1))) (if (= i 60) l (loop (+ i 1) (list l l))))) (str l)',
    ],
    [
      'a list of itself twice, compared',
      '(define (make) (let loop ((i 0) (l (list 1))) (if (= i 60) l (loop (+ i 1) (list l l))))) (equal? (make) (make))',
    ],
    [
      'a list of itself twice, dumped',
      '(define l (let loop ((i 0) (l (list 1))) (if (= i 60) l (loop (+ i 1) (list l l))))) (json-dump l)',
    ],
    [
      'a list of itself twice, flattened',
      '(define l (let loop ((i 0) (l (list 1))) (if (= i 60) l (loop (+ i 1) (list l l))))) (flatten l)',
    ],
    ['squaring an integer', '(let loop ((n 3)) (loop (* n n)))'],
    ['a great power', '(expt 9 9999999)'],
    ['a great power of a great number', '(expt (expt 10 300) 1000000)'],
    ['a great shift', '(arithmetic-shift 1 999999999)'],
    ['a great range', '(range 1000000000)'],
    ['a great range, slowly', '(range 0 1000000000 0.5)'],
    ['a great string', '(make-string 1000000000)'],
    ['a great width', '(format "%9999d" 1)(string-pad-left "" 999999999)'],
    ['joining', '(string-join (map (lambda (i) (make-string 100000)) (range 1000)) "")'],
    ['growing a map', '(let loop ((m {}) (i 0)) (loop (assoc m i i) (+ i 1)))'],
    ['growing a map in place', '(define m {}) (let loop ((i 0)) (dict-set! m i i) (loop (+ i 1)))'],
    [
      'going back and forth between versions of a map',
      '(define a (reduce (lambda (m i) (assoc m i i)) {} (range 5000))) (define b (reduce (lambda (m i) (assoc m (- i) i)) a (range 5000))) (let loop () (get a 1) (get b 1) (loop))',
    ],
    ['consing', '(let loop ((l nil)) (loop (cons 1 l)))'],
    ['closures', '(let loop ((f (lambda () 1)) (l nil)) (loop (lambda () f) (cons f l)))'],
    [
      'keeping long strings',
      '(define s (make-string 1000000)) (let loop ((l nil)) (let ((t (string-append s "x"))) (string-ref t 5) (loop (cons t l))))',
    ],
    ['an endless macro', '(define-macro (m) (list (quote m))) (m)'],
    ['a growing macro', '(define-macro (m x) `(begin (m (,x ,x)) (m (,x ,x)))) (m 1)'],
    ['a looping macro', '(define-macro (m) (let loop () (loop))) (m)'],
    ['symbols', '(let loop ((i 0)) (string->symbol (make-string 10000)) (loop (+ i 1)))'],
    ['sorting with a procedure that never ends', '(sort [1 2] (lambda (a b) (let loop () (loop))))'],
    ['output', '(let loop () (display "xxxxxxxxxxxxxxxxxxxxxxxxx") (loop))'],
    ['handlers', '(define (f) (try (f) (catch e (f)))) (f)'],
    ['catching limits', '(let loop () (try (let again () (again)) (catch e 1)) (loop))'],
  ])('%s', (_name, source) => {
    const started = performance.now();
    expect(run(source)).toMatch(/^(limit|type|range|cycle)/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('of wide and long sources', () => {
    const clauses = '(#f 1) '.repeat(1500);
    expect(run(`(cond ${clauses} (else 7))`)).toBe('7');
    expect(run(`(cond ${'(#f 1) '.repeat(100_000)})`)).toMatch(/^limit program/);
    expect(run(`(+ ${'1 '.repeat(50_000)})`)).toBe('50000');
    expect(run(`(-> 0 ${'(+ 1) '.repeat(5000)})`)).toBe('5000');
    expect(
      run(
        `(let* (${Array.from({ length: 2000 }, (_, i) => `(x${i} ${i === 0 ? 0 : `(+ 1 x${i - 1})`})`).join(' ')}) x1999)`,
      ),
    ).toBe('1999');
    expect(run(`(begin ${'(define (f) 1) '.repeat(5000)} (f))`)).toBe('1');
    let nest = '1';
    for (let i = 0; i < 80; i++) nest = `(let l${i} ((x 0)) (if (> x 0) (list l${i}) ${nest}))`;
    expect(run(nest)).toBe('1');
  });
});

describe('steps', () => {
  it('are counted for calls and turns', () => {
    const instance = compileProgram('(define (f n) (if (= n 0) 0 (f (- n 1)))) (f 100)').instantiate();
    instance.runSync();
    expect(instance.steps).toBeGreaterThanOrEqual(100);
    expect(instance.steps).toBeLessThan(110);
  });

  it('are counted anew for every call', () => {
    const instance = compileProgram('(define (f n) (if (= n 0) 0 (f (- n 1))))').instantiate({
      limits: { steps: 150 },
    });
    instance.runSync();
    for (let call = 0; call < 5; call++) expect(instance.callSync(instance.get('f')!, [100])).toBe(0);
  });

  it('make ten million tail calls in constant stack', () => {
    expect(run('(define (loop i) (if (= i 0) :done (loop (- i 1)))) (loop 10000000)', { steps: 20_000_000 })).toBe(
      '"done"',
    );
  });
});
