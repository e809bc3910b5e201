import { describe, expect, it } from 'vitest';
import { compileProgram, createRepl, type HostFunction, LispyError, printValue, type Value } from './index.ts';

const later = <T>(value: T, ms = 1): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms));

const failure = async (run: () => Value | Promise<Value>): Promise<LispyError> => {
  try {
    await run();
  } catch (error) {
    if (error instanceof LispyError) return error;
    throw error;
  }
  throw new Error('No error');
};

describe('host functions', () => {
  const bindings: Record<string, HostFunction> = {
    fetch: (url) => later(`<${url}>`),
    now: () => 7,
    fail: () => later(null).then(() => Promise.reject(new Error('no route'))),
    'fail-now': () => {
      throw new Error('at once');
    },
    info: (...args) => ({ args }),
  };

  it.each([
    ['at the top', '(fetch "a")', '"<a>"'],
    ['as an operand', '(str (fetch "a") (fetch "b"))', '"<a><b>"'],
    ['in a map lambda', '(map (lambda (u) (fetch u)) ["a" "b"])', '("<a>" "<b>")'],
    ['given to map itself', '(map fetch ["a" "b"])', '("<a>" "<b>")'],
    ['in filter', '(filter (lambda (u) (= (fetch u) "<a>")) ["a" "b"])', '("a")'],
    ['in reduce', '(reduce (lambda (acc u) (str acc (fetch u))) "" ["a" "b"])', '"<a><b>"'],
    ['in sort', '(sort ["b" "a"] (lambda (x y) (string<? (fetch x) (fetch y))))', '("a" "b")'],
    ['in group-by', '(group-by fetch ["a"])', '{"<a>" ("a")}'],
    [
      'in a named let',
      '(let loop ((i 0) (l (list))) (if (= i 3) l (loop (+ i 1) (conj l (fetch i)))))',
      '("<0>" "<1>" "<2>")',
    ],
    ['in while', '(define i 0) (while (< i 3) (fetch i) (set! i (+ i 1))) i', '3'],
    ['inside try', '(try (fetch "a") (catch e 0))', '"<a>"'],
    [
      'failing inside try',
      '(try (fail) (catch e (list (error-code e) (error-message e))))',
      '("host" "Host function \\"fail\\" failed: no route")',
    ],
    ['failing at once inside try', '(try (fail-now) (catch e (error-code e)))', '"host"'],
    ['in a handler', '(try (error "x") (catch e (fetch "c")))', '"<c>"'],
    ['in macro-generated code', '(define-macro (get-it u) `(let ((r (fetch ,u))) (str r r))) (get-it "a")', '"<a><a>"'],
    ['in deep recursion', '(define (f n) (if (= n 0) (fetch "deep") (let ((r (f (- n 1)))) r))) (f 3000)', '"<deep>"'],
    ['in a tail call', '(define (f n) (if (= n 0) (fetch "t") (f (- n 1)))) (f 500)', '"<t>"'],
    ['in and/or', '(and (fetch "a") (or #f (fetch "b")))', '"<b>"'],
    ['in cond with =>', '(cond ((fetch "a") => string-length) (else 0))', '3'],
    ['in arguments around', '(define (g a b c) (list a b c)) (g 1 (fetch "x") (now))', '(1 "<x>" 7)'],
    ['through apply', '(apply fetch (list "a"))', '"<a>"'],
    ['through compose', '((compose string-length fetch) "abc")', '5'],
    ['in quasiquote', '`(1 ,(fetch "a") ,@(map fetch ["b"]))', '(1 "<a>" "<b>")'],
    ['in a map literal', '{:a (fetch "a")}', '{"a" "<a>"}'],
    ['giving JSON', '(get-in (info {:k [1 nil]} :s 2.5) [:args 0 :k 0])', '1'],
  ])('can wait %s', async (_name, source, expected) => {
    const instance = compileProgram(source).instantiate({ bindings });
    expect(printValue(await instance.run())).toBe(expected);
  });

  it('that are synchronous give their value without a promise', () => {
    expect(compileProgram('(+ 1 (now))').instantiate({ bindings }).run()).toBe(8);
  });

  it('that wait are refused by the synchronous API', () => {
    expect(() => compileProgram('(fetch 1)').instantiate({ bindings }).runSync()).toThrowError(
      expect.objectContaining({ code: 'async' }),
    );
  });

  it('cannot be given procedures', async () => {
    expect((await failure(() => compileProgram('(info car)').instantiate({ bindings }).run())).code).toBe('not-json');
  });

  it('may take over a builtin of the same name, in code compiled before too', () => {
    const program = compileProgram('(define (f) (length "abc")) (f)');
    expect(program.instantiate().runSync()).toBe(3);
    expect(program.instantiate({ bindings: { length: () => 'mine' } }).runSync()).toBe('mine');
    expect(program.instantiate().runSync()).toBe(3);
  });

  it('in raw form take and give values', () => {
    const bindings = { count: { raw: (args: readonly Value[]) => args.length } };
    expect(compileProgram("(count car 'a)").instantiate({ bindings }).runSync()).toBe(2);
  });

  it('named by a profile but not granted are a typed error', async () => {
    const instance = compileProgram('; profile: rappterbook\n(rb-state "x.json")').instantiate();
    const error = await failure(() => instance.run());
    expect([error.code, error.details.grant]).toEqual(['not-granted', 'rb-state']);
  });
});

describe('time', () => {
  /** Of this process alone, since then: other work on the machine does not count. */
  const processorMs = (since: NodeJS.CpuUsage) => {
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1_000;
  };
  const endless = '(let loop ((i 0)) (loop (+ i 1)))';
  const unlimited = { limits: { steps: Number.MAX_SAFE_INTEGER } };

  it('slices let other work through', async () => {
    const controller = new AbortController();
    let ticks = 0;
    const timer = setInterval(() => {
      if (++ticks === 10) controller.abort();
    }, 1);
    const error = await failure(() =>
      compileProgram(endless)
        .instantiate({ ...unlimited, signal: controller.signal })
        .run(),
    );
    clearInterval(timer);
    expect(error.code).toBe('aborted');
  });

  it.each([
    ['a loop', endless],
    ['tail calls', '(define (f) (f)) (f)'],
    ['mapping', '(let loop () (map (lambda (x) ((lambda (y) y) x)) (range 1000)) (loop))'],
    ['recursion up and down', '(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1))))) (let loop () (f 5000) (loop))'],
    ['while', '(while #t 1)'],
    ['sorting', '(let loop () (sort (range 5000) (lambda (a b) (> a b))) (loop))'],
    ['errors', '(let loop () (try (error "x") (catch e 1)) (loop))'],
    ['big integers', '(let loop ((n 1)) (expt 7 10000) (loop n))'],
  ])('an abort stops %s soon', async (_name, source) => {
    const controller = new AbortController();
    let aborted = process.cpuUsage();
    setTimeout(() => {
      aborted = process.cpuUsage();
      controller.abort();
    }, 30);
    const limits = { steps: Number.MAX_SAFE_INTEGER, memory: Number.MAX_SAFE_INTEGER };
    const error = await failure(() => compileProgram(source).instantiate({ limits, signal: controller.signal }).run());
    expect(error.code).toBe('aborted');
    expect(processorMs(aborted)).toBeLessThan(100);
  });

  it('an abort stops a wait for the host', async () => {
    const controller = new AbortController();
    const bindings = { never: () => new Promise(() => {}) };
    setTimeout(() => controller.abort(), 20);
    const error = await failure(() =>
      compileProgram('(try (never) (catch e 1))').instantiate({ bindings, signal: controller.signal }).run(),
    );
    expect(error.code).toBe('aborted');
  });

  it('a deadline stops loops and waits, and no program catches it', async () => {
    const bindings = { never: () => new Promise(() => {}) };
    for (const source of [endless, '(never)', `(let again () (try ${endless} (catch e (again))))`]) {
      const started = process.cpuUsage();
      const error = await failure(() =>
        compileProgram(source)
          .instantiate({ ...unlimited, bindings, timeout: 60 })
          .run(),
      );
      expect([error.code, error.limit]).toEqual(['limit', 'time']);
      expect(processorMs(started)).toBeLessThan(60 + 100);
    }
  });

  it('a deadline holds where the timer that waits for it rings too early', async () => {
    // The clock stands still a while, as a clock does that a timer has overtaken: then it is at the deadline.
    let asked = 0;
    const error = await failure(() =>
      compileProgram('(never)')
        .instantiate({
          bindings: { never: () => new Promise(() => {}) },
          now: () => (asked++ < 20 ? 0 : 10),
          deadline: 10,
        })
        .run(),
    );
    expect([error.code, error.limit]).toEqual(['limit', 'time']);
  });

  it('a deadline holds for the synchronous API too', () => {
    expect(() =>
      compileProgram(endless)
        .instantiate({ ...unlimited, timeout: 30 })
        .runSync(),
    ).toThrowError(expect.objectContaining({ limit: 'time' }));
  });

  it('is asked of the given clock', async () => {
    let time = 0;
    const run = compileProgram('(let loop ((i 0)) (if (< i 100000) (loop (+ i 1)) i))')
      .instantiate({ now: () => (time += 1), slice: 3, yield: () => Promise.resolve() })
      .run();
    expect(run).toBeInstanceOf(Promise);
    expect(await run).toBe(100_000);
  });

  it('slicing changes no result', async () => {
    const source = `
      (define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
      (define (deep n) (if (= n 0) 0 (+ 1 (deep (- n 1)))))
      (define out (list))
      (dotimes (i 20) (set! out (conj out (list (fib 12) (deep 700) (reduce + (map (lambda (x) (fib x)) (range 10)))))))
      (list (length out) (every (lambda (x) (= x (first out))) out) (first out) (try (deep-error 300) (catch e (error-message e))))`;
    const program = compileProgram(
      `(define (deep-error n) (if (= n 0) (error "end") (+ 1 (deep-error (- n 1))))) ${source}`,
    );
    let slices = 0;
    const sliced = program.instantiate({
      slice: 0,
      yield: async () => {
        slices++;
      },
      limits: { steps: 10_000_000 },
    });
    const expected = printValue(program.instantiate({ limits: { steps: 10_000_000 } }).runSync());
    expect(printValue(await sliced.run())).toBe(expected);
    expect(slices).toBeGreaterThan(10);
    expect(expected).toBe('(20 #t (144 700 88) "end")');
  });
});

describe('an instance', () => {
  it('gives globals and calls procedures', async () => {
    const instance = compileProgram('(define x 5) (define (add a b) (+ a b x))').instantiate();
    instance.runSync();
    expect(instance.get('x')).toBe(5);
    expect(instance.get('nothing')).toBeUndefined();
    expect(await instance.call(instance.get('add')!, [1, 2])).toBe(8);
  });

  it('repeats its random numbers for the same seed', () => {
    const program = compileProgram('(list (random) (random 100) (shuffle (range 10)))');
    const text = (seed: number): string => printValue(program.instantiate({ seed }).runSync());
    expect(text(1)).toBe(text(1));
    expect(text(1)).not.toBe(text(2));
    expect(
      compileProgram('(random)')
        .instantiate({ entropy: () => 0.25 })
        .runSync(),
    ).toBe(0.25);
  });

  it('runs several calls at once', async () => {
    const bindings = { wait: (ms: unknown) => later(ms, Number(ms)) };
    const instance = compileProgram(
      '(define log (list)) (define (f ms) (wait ms) (set! log (conj log ms)) ms)',
    ).instantiate({ bindings });
    instance.runSync();
    const fn = instance.get('f')!;
    expect(await Promise.all([instance.call(fn, [20]), instance.call(fn, [1])])).toEqual([20, 1]);
    expect(printValue(instance.get('log')!)).toBe('(1 20)');
  });
});

describe('a REPL', () => {
  it('keeps definitions, macros and redefinitions between lines', async () => {
    const repl = createRepl();
    const say = async (source: string): Promise<string> => printValue(await repl.evaluate(source));
    expect(await say('(define x 20)')).toBe('20');
    expect(await say('(define-macro (twice e) `(begin ,e ,e)) (define (f) (+ x 1))')).toMatch('procedure');
    expect(await say('(twice (set! x (+ x 1))) (f)')).toBe('23');
    expect(await say('(define (+ a b) 42)')).toMatch('procedure');
    expect(await say('(f)')).toBe('42');
    expect(await say('(define (when x) 1) (when #f)')).toBe('1');
    expect(await say('x')).toBe('22');
  });

  it('goes on after an error', () => {
    const repl = createRepl();
    expect(() => repl.evaluateSync('(car 1)')).toThrow(LispyError);
    expect(repl.evaluateSync('(+ 1 2)')).toBe(3);
  });

  it('goes on from a program without touching other instances of it', () => {
    const program = compileProgram('(define (f) (+ 1 1)) (define y 1)');
    const [a, b] = [program.instantiate(), program.instantiate()];
    a.runSync();
    b.runSync();
    a.evaluateSync('(define (+ x y) :changed) (define z 3)');
    b.evaluateSync('(define q 9)');
    expect([a.evaluateSync('(f)'), b.evaluateSync('(f)'), a.get('z'), b.get('z'), b.get('q')]).toEqual([
      'changed',
      2,
      3,
      undefined,
      9,
    ]);
  });

  it('gives its output line by line, with the whole limit each time', () => {
    const repl = createRepl({ limits: { output: 10 } });
    for (let line = 0; line < 5; line++) {
      repl.evaluateSync('(display "12345678")');
      expect(repl.takeOutput()).toBe('12345678');
    }
  });

  it('uses bindings that the program did not mention', () => {
    const repl = createRepl({ bindings: { hello: () => 'hi' } });
    expect(repl.evaluateSync('(hello)')).toBe('hi');
  });
});
