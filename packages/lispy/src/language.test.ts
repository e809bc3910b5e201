import { describe, expect, it } from 'vitest';
import { compileProgram, printValue } from './index.ts';

const evaluate = (source: string): string =>
  printValue(
    compileProgram(source)
      .instantiate({ limits: { steps: 50_000_000 } })
      .runSync(),
  );

/** Each row: a program, and its value as it prints. */
const tables: Record<string, readonly (readonly [string, string])[]> = {
  'literals of both notations': [
    ['42', '42'],
    ['-7', '-7'],
    ['2.0', '2.0'],
    ['.5', '0.5'],
    ['1e3', '1000.0'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['"a\\n\\"\\u0041\\\\"', '"a\\n\\"A\\\\"'],
    [':key', '"key"'],
    ['[1 2 3]', '(1 2 3)'],
    ['[]', '()'],
    ['{:a 1, "b" [2 3]}', '{"a" 1 "b" (2 3)}'],
    ['{}', '{}'],
    ['(list #t #f true false nil)', '(#t #f #t #f nil)'],
    ['\'(1 (2 . 3) sym "s")', '(1 (2 . 3) sym "s")'],
    ["'{:a [1 x]}", '{"a" (1 x)}'],
    ["'#t", '#t'],
    ['()', '()'],
    ['#\\a', '"a"'],
    ['#(1 x)', '(1 x)'],
    ['1 ; a comment\n#| a #| nested |# one |# 2 #;(dropped 1) ', '2'],
  ],
  truth: [
    ['(map (lambda (x) (if x 1 0)) (list #f nil 0 "" (list) {} #t))', '(0 0 1 1 1 1 1)'],
    ['(and)', '#t'],
    ['(and 1 nil 2)', 'nil'],
    ['(or)', '#f'],
    ['(or nil #f 3)', '3'],
    ['(if #f 1)', 'nil'],
    ['(cond (#f 1))', 'nil'],
    ['(when 1 2 3)', '3'],
    ['(unless 1 2)', 'nil'],
  ],
  definitions: [
    ['(define x 1) (def y 2) (+ x y)', '3'],
    ['(define (f a b . rest) (list a b rest)) (f 1 2 3 4)', '(1 2 (3 4))'],
    ['(defn f "doc" [a & rest] (list a rest)) (f 1)', '(1 ())'],
    ['((lambda args args) 1 2)', '(1 2)'],
    ['((fn [x] (* x 2)) 4)', '8'],
    ['((fn again [n] (if (= n 0) :done (again (- n 1)))) 5)', '"done"'],
    ['(define (f) "only a string") (f)', '"only a string"'],
    ['(define (f) (define a 1) (define (g) (* a 10)) (g)) (f)', '10'],
    [
      '(define (f) (define (e? n) (if (= n 0) #t (o? (- n 1)))) (define (o? n) (if (= n 0) #f (e? (- n 1)))) (e? 101)) (f)',
      '#f',
    ],
    ['(define x 1) (define (f) (set! x (+ x 1)) x) (f) (f)', '3'],
    ['(define (f flag) (if flag (define y 5)) (if flag y 0)) (list (f #t) (f #f))', '(5 0)'],
    ['(define (when x) (list "mine" x)) (when 1)', '("mine" 1)'],
    ['(define (+ a b) (* a b)) (define (twice x) (+ x x)) (twice 5)', '25'],
    ['(define (twice x) (+ x x)) (define before (twice 5)) (set! + *) (list before (twice 5))', '(10 25)'],
    ['(define (f list) (list 1)) (f inc)', '2'],
  ],
  binding: [
    ['(let ((x 1) (y 2)) (+ x y))', '3'],
    ['(define x 10) (let ((x 1) (y x)) y)', '10'],
    ['(let [x 1 y 2] (+ x y))', '3'],
    ['(let [x 1 y (+ x 1)] y)', '2'],
    ['(define x 10) (let [x 1 y x] y)', '10'],
    ['(let* ((x 1) (y (+ x 1))) y)', '2'],
    [
      '(letrec ((e? (lambda (n) (if (= n 0) #t (o? (- n 1))))) (o? (lambda (n) (if (= n 0) #f (e? (- n 1)))))) (e? 10))',
      '#t',
    ],
    ['(let loop ((i 0) (acc (list))) (if (= i 3) (reverse acc) (loop (+ i 1) (cons i acc))))', '(0 1 2)'],
    ['(let loop ((n 5)) (if (= n 0) 1 (* n (loop (- n 1)))))', '120'],
    ['(let loop ((i 0)) (if (< i 3) (loop (+ i 1)) loop) i)', '0'],
    [
      '(map (lambda (f) (f)) (let loop ((i 0) (fs [])) (if (= i 3) fs (loop (inc i) (conj fs (lambda () i))))))',
      '(0 1 2)',
    ],
    ['(let loop ((i 0)) (set! i (+ i 2)) (if (> i 5) i (loop i)))', '6'],
    [
      '(map (lambda (f) (f)) (let loop ((i 0) (fs [])) (if (= i 2) fs (loop (+ i 1) (conj fs (lambda () (set! i (+ i 10)) i))))))',
      '(10 11)',
    ],
    ['(let ((n 0)) (define (up) (set! n (+ n 1)) n) (up) (up))', '2'],
    [
      '(let loop ((i 0)) (let inner ((j 0)) (if (< j 3) (inner (+ j 1)) (if (< i 2) (loop (+ i 1)) (list i j)))))',
      '(2 3)',
    ],
    ['(define (f a) (let ((a (+ a 1)) (b a)) (list a b))) (f 1)', '(2 1)'],
    ['(let () 5)', '5'],
  ],
  'control and loops': [
    ['(case 3 ((1 2) "low") ((3 4) "mid") (else "high"))', '"mid"'],
    ['(case 9 ((1) 1) (else 0))', '0'],
    ['(case "b" "a" 1 "b" 2 3)', '2'],
    ["(case 'x ((x y) 1) (else 2))", '1'],
    ['(cond ((assv 2 (list (list 1 :a) (list 2 :b))) => cadr) (else 0))', '"b"'],
    ['(cond (= 1 2) "a" :else "b")', '"b"'],
    ['(cond (= 1 1) (str "a") (= 1 2) (str "b"))', '"a"'],
    ['(define n 0) (while (< n 5) (set! n (+ n 1))) n', '5'],
    ['(define l (list)) (dotimes (i 3) (set! l (cons i l))) l', '(2 1 0)'],
    ['(define s 0) (doseq [x [1 2 3]] (set! s (+ s x))) s', '6'],
    ['(do ((i 0 (+ i 1)) (acc (list) (cons i acc))) ((= i 3) acc))', '(2 1 0)'],
    ['(do 1 2 3)', '3'],
    ['(begin 1 2)', '2'],
    ['(loop [i 0 acc 1] (if (< i 5) (recur (inc i) (* acc 2)) acc))', '32'],
    ['(if-let [x (get {:a 1} :a)] (+ x 1) 0)', '2'],
    ['(define x 1) (define (f a b) (list a b)) (f x (begin (set! x 2) x))', '(1 2)'],
    [
      '(define l (list 1)) (define (f a b) (list a b)) (f (car l) (begin ((lambda () (set-car! l 9))) (car l)))',
      '(1 9)',
    ],
  ],
  'macros and quasiquotation': [
    ['`(1 ,(+ 1 1) ,@(list 3 4) 5)', '(1 2 3 4 5)'],
    ['`[1 ~(+ 1 1)]', '(1 2)'],
    ['`{:a ,(+ 1 1)}', '{"a" 2}'],
    ['`(1 . ,(+ 1 1))', '(1 . 2)'],
    ['`(a `(b ,(c ,(+ 1 2))))', '(a (quasiquote (b (unquote (c 3)))))'],
    ['(define-macro (unless2 test . body) `(if ,test nil (begin ,@body))) (unless2 #f 1 2)', '2'],
    ['(defmacro my-or [a b] `(let [t# ,a] (if t# t# ,b))) (my-or nil 5)', '5'],
    ['(define (helper x) (list (quote *) x x)) (define-macro (sq x) (helper x)) (sq 7)', '49'],
    ['(define-macro (def-getter name value) `(define (,name) ,value)) (def-getter five 5) (five)', '5'],
    ['(define-macro (redefine) `(define (+ a b) 42)) (redefine) (+ 1 2)', '42'],
    ['(define (f) (define-macro (twice x) `(list ,x ,x)) (twice 3)) (f)', '(3 3)'],
    ['(-> 5 (+ 3) (* 2))', '16'],
    ['(->> (range 6) (filter odd?) (map inc))', '(2 4 6)'],
    ['(-> {:a {:b 7}} :a :b)', '7'],
    ['(pipe (range 5) (filter even?) (reduce +))', '6'],
    ['(as-> 5 x (+ x 1) (list x x))', '(6 6)'],
    ['(-> 3 (fn [x] (* x x)))', '9'],
  ],
  'errors as values': [
    ['(try (error "bad") (catch e (get e "message")))', '"bad"'],
    ['(try (car 5) (catch e (error-code e)))', '"type"'],
    ['(try (raise 42) (catch e e))', '42'],
    ['(try (raise nil) (catch e (list e)))', '(nil)'],
    ['(try (/ 1 0) (catch Exception e (:code e)))', '"arithmetic"'],
    ['(try 5 (catch e 6))', '5'],
    ['(define l []) (try (try (error "x") (finally (set! l (conj l 1)))) (catch e (set! l (conj l 2)))) l', '(1 2)'],
    ['(try (try (error "inner") (catch e (raise e))) (catch e (error-message e)))', '"inner"'],
    ['(guard (e ((string? e) (list "text" e)) (else :other)) (raise "boo"))', '("text" "boo")'],
    ['(with-exception-handler (lambda (e) 7) (lambda () (error "x")))', '7'],
    [
      '(define (f n) (if (= n 0) (error "deep") (+ 1 (f (- n 1))))) (try (f 500) (catch e (error-message e)))',
      '"deep"',
    ],
    ['(map (lambda (x) (try (/ 6 x) (catch e :none))) [1 0 2])', '(6.0 "none" 3.0)'],
    ['(ex-data (try (throw (ex-info "m" {:a 1})) (catch e e)))', '{"a" 1}'],
  ],
  'proper tail calls in every position': [
    ['(define (loop n) (cond ((= n 0) :done) (else (loop (- n 1))))) (loop 50000)', '"done"'],
    [
      '(define (loop n) (and #t (or #f (when #t (loop2 n))))) (define (loop2 n) (if (= n 0) :done (loop (- n 1)))) (loop 50000)',
      '"done"',
    ],
    ['(define (loop n) (if (= n 0) :done (apply loop (list (- n 1))))) (loop 50000)', '"done"'],
    ['(define (loop n) (let* ((m (- n 1))) (if (< m 0) :done ((lambda (x) (loop x)) m)))) (loop 50000)', '"done"'],
    ['(define (f n a b c d) (if (= n 0) (list a b c d) (f (- n 1) b c d a))) (f 20001 1 2 3 4)', '(2 3 4 1)'],
  ],
};

for (const [name, rows] of Object.entries(tables)) {
  describe(name, () => {
    it.each(rows)('%s', (source, expected) => {
      expect(evaluate(source)).toBe(expected);
    });
  });
}

describe('hygiene of shared programs', () => {
  it('gives each instance its own quoted data', () => {
    const program = compileProgram("(define l '(1 (2))) (set-car! l (+ 1 (car l))) (set-car! (cadr l) (car l)) l");
    expect([1, 2].map(() => printValue(program.instantiate().runSync()))).toEqual(['(2 (2))', '(2 (2))']);
  });

  it('gives each instance its own globals', () => {
    const program = compileProgram('(define n 0) (define (up) (set! n (+ n 1)) n)');
    const [a, b] = [program.instantiate(), program.instantiate()];
    for (const instance of [a, b]) instance.runSync();
    a.callSync(a.get('up')!, []);
    expect([a.callSync(a.get('up')!, []), b.callSync(b.get('up')!, [])]).toEqual([2, 1]);
  });
});
