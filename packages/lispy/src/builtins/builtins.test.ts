import { describe, expect, it } from 'vitest';
import { builtinReference, compileProgram, printValue } from '../index.ts';

const evaluate = (source: string): string => printValue(compileProgram(source).instantiate().runSync());

const tables: Record<string, readonly (readonly [string, string])[]> = {
  numbers: [
    ['(+)', '0'],
    ['(+ 1 2 3)', '6'],
    ['(- 5)', '-5'],
    ['(* 2 3.5)', '7.0'],
    ['(+ 0.5 0.5)', '1.0'],
    ['(+ 9007199254740991 1)', '9007199254740992'],
    ['(- (+ 9007199254740991 10) 10)', '9007199254740991'],
    ['(* 99999999999 99999999999)', '9999999999800000000001'],
    ['(* 0 -5)', '0'],
    ['(/ 6 3)', '2.0'],
    ['(/ 1 4)', '0.25'],
    ['(exact-divide 6 3)', '2'],
    ['(// 7 -2)', '-4'],
    ['(% -7 3)', '2'],
    ['(modulo 7 -3)', '-2'],
    ['(remainder -7 3)', '-1'],
    ['(quotient -7 2)', '-3'],
    ['(modulo 5.5 2)', '1.5'],
    ['(modulo 123456789012345678901234567890 7)', '0'],
    ['(list (floor 2.7) (ceiling 2.1) (round 2.5) (round 3.5) (truncate -2.7))', '(2 3 2 4 -2)'],
    ['(round 3.14159 2)', '3.14'],
    ['(list (sqrt 16) (sqrt 2.25) (expt 2 10) (expt 2 -1) (expt 2 0.5))', '(4 1.5 1024 0.5 1.4142135623730951)'],
    ['(expt 2 100)', '1267650600228229401496703205376'],
    ['(list (max 1 5 3) (min 4 2) (max [1 9]) (abs -4) (abs -2.0))', '(5 2 9 4 2.0)'],
    ['(list (gcd 12 18) (lcm 4 6) (gcd) (lcm))', '(6 12 0 1)'],
    ['(list (exact 2.0) (inexact 2) (exact->inexact 1))', '(2 2.0 1.0)'],
    ['(list (= 2 2.0) (equal? 2 2.0) (eq? 2 2) (= 1 1 1) (< 1 2 3) (< 1 3 2))', '(#t #f #t #t #t #f)'],
    ['(list (= "a" "a") (= [1 2] (list 1 2)) (!= 1 2))', '(#t #t #t)'],
    ['(list (log 1) (exp 0) (atan 1 1))', '(0.0 1.0 0.7853981633974483)'],
    [
      '(list (bitwise-and 12 10) (bit-or 12 10) (bit-xor 12 10) (bitwise-not 5) (arithmetic-shift 1 70) (shift-right 8 2))',
      '(8 14 6 -6 1180591620717411303424 2)',
    ],
    ['(list (sum [1 2 3]) (product [2 3]) (mean [1 2]) (inc 1) (dec 1))', '(6 6 1.5 2 0)'],
    [
      '(list (number? 1) (number? #t) (integer? 2.0) (float? 0.5) (even? 4) (odd? -3) (zero? 0.0))',
      '(#t #f #f #t #t #t #t)',
    ],
  ],
  lists: [
    ['(list (car [1 2]) (cdr [1 2]) (cadr [1 2]) (cddr [1 2 3]) (caddr [1 2 3]))', '(1 (2) 2 (3) 3)'],
    ['(cons 1 2)', '(1 . 2)'],
    ['(cons 1 nil)', '(1)'],
    ['(append [1] [2 3] [] (list 4))', '(1 2 3 4)'],
    ['(define a [1 2]) (define b (append a [3])) (define c (append a [4])) (list a b c)', '((1 2) (1 2 3) (1 2 4))'],
    [
      '(define a (list 1 2)) (define b (append a (list 3))) (set-car! b 9) (set-car! a 8) (list a b)',
      '((8 2) (9 2 3))',
    ],
    ['(append [1 2] 3)', '(1 2 . 3)'],
    ['(define a [1]) (append a a)', '(1 1)'],
    ['(list (nth [1 2] 1) (nth [1 2] 5) (nth 1 [1 2]) (nth [1] 9 :none) (nth [1] -1))', '(2 nil 2 "none" nil)'],
    ['(list (first []) (rest []) (last [1 2]) (second [1 2]) (third [1]))', '(nil () 2 2 nil)'],
    [
      '(list (take [1 2 3] 2) (take 2 [1 2 3]) (drop [1 2 3] 1) (take-right [1 2 3] 2) (butlast [1 2]))',
      '((1 2) (1 2) (2 3) (2 3) (1))',
    ],
    ['(list (range 3) (range 1 4) (range 5 0 -2) (iota 3 1))', '((0 1 2) (1 2 3) (5 3 1) (1 2 3))'],
    ['(flatten [1 [2 [3 []]] 4])', '(1 2 3 4)'],
    ['(zip [1 2] ["a" "b"])', '((1 "a") (2 "b"))'],
    [
      '(list (member 2 [1 2]) (member 5 [1]) (contains? [1 2] 2) (contains? {:a 1} :a) (contains? "abc" "b"))',
      '(#t #f #t #t #t)',
    ],
    ['(memq (quote b) (quote (a b c)))', '(b c)'],
    ["(assoc 'b '((a 1) (b 2)))", '(b 2)'],
    ["(assoc 'x '((a 1)))", '#f'],
    ['(assoc {:a 1} :b 2 :c 3)', '{"a" 1 "b" 2 "c" 3}'],
    ['(assoc nil :a 1)', '{"a" 1}'],
    ['(list (index-of [1 2] 2) (index-of "abc" "c") (unique [1 2 1 [1] [1]]))', '(1 2 (1 2 (1)))'],
    ['(define l (list 1 2 3)) (define t (cdr l)) (set-cdr! l (list 9)) (list l t)', '((1 9) (2 3))'],
    [
      '(define l (list 1 2 3 4)) (define t (cddr l)) (set-cdr! (cdr l) (quote ())) (set-cdr! t (list 7)) (list l t)',
      '((1 2) (3 7))',
    ],
    ['(define l (list 1 2 3)) (set-car! (cdr l) 9) l', '(1 9 3)'],
    ['(define v (vector 1 2 3)) (vector-set! v 1 9) v', '(1 9 3)'],
    ['(list (length [1 2]) (length "abc") (count {:a 1}) (length nil))', '(2 3 1 0)'],
    ['(list (empty? []) (empty? "") (empty? {}) (empty? nil) (empty? [1]))', '(#t #t #t #t #f)'],
    ['(list (list? [1]) (pair? [1]) (pair? []) (list? (cons 1 2)) (null? []) (nil? nil))', '(#t #t #f #f #t #t)'],
    [
      '(list (partition-all 2 [1 2 3]) (enumerate ["a"]) (interleave [1 2] [3 4]))',
      '(((1 2) (3)) ((0 "a")) (1 3 2 4))',
    ],
    [
      '(list (reverse [1 2 3]) (reverse "abc") (list-tail [1 2 3] 2) (sublist [1 2 3 4] 1 3))',
      '((3 2 1) "cba" (3) (2 3))',
    ],
  ],
  procedures: [
    ['(map + [1 2] [10 20])', '(11 22)'],
    ['(map inc (list))', '()'],
    ['(map (lambda (x) ((lambda (y) (* y 2)) x)) [1 2])', '(2 4)'],
    ['(list (reduce + 0 [1 2]) (reduce + [1 2]) (reduce + [1 2] 10) (reduce + []))', '(3 3 13 0)'],
    ['(list (fold-left list 0 [1 2]) (fold-right list 0 [1 2]) (fold + 0 [1 2 3]))', '(((0 1) 2) (1 (2 0)) 6)'],
    ['(reduce (fn [m x] (assoc m x (* x x))) {} [1 2])', '{1 1 2 4}'],
    ['(list (filter even? [1 2 4]) (remove even? [1 2]) (find even? [1 2]) (find even? [1]))', '((2 4) (1) 2 #f)'],
    ['(list (any even? [1 2]) (every odd? [1 3]) (every odd? []) (any odd? []))', '(#t #t #t #f)'],
    ['(sort [3 1 2])', '(1 2 3)'],
    [
      '(list (sort [3 1 2] >) (sort > [3 1 2]) (sort ["b" "a"]) (sort-by (lambda (x) (- x)) [1 3 2]))',
      '((3 2 1) (3 2 1) ("a" "b") (3 2 1))',
    ],
    ['(sort (list [2 1] [1 2] [1 1]))', '((1 1) (1 2) (2 1))'],
    ['(sort [[1 :a] [0 :b] [1 :c]] (lambda (x y) (< (car x) (car y))))', '((0 "b") (1 "a") (1 "c"))'],
    [
      '(list (group-by odd? [1 2 3]) (frequencies ["a" "b" "a"]) (partition odd? [1 2 3]))',
      '({#t (1 3) #f (2)} {"a" 2 "b" 1} ((1 3) (2)))',
    ],
    [
      '(list ((compose inc inc) 1) ((partial + 1) 2) ((complement even?) 2) ((constantly 5) 1 2) (identity 1) ((juxt inc dec) 1))',
      '(3 3 #f 5 1 (2 0))',
    ],
    ['(list (apply + 1 [2 3]) (apply max [1 2]) (call + 1 2))', '(6 2 3)'],
    [
      '(list (take-while odd? [1 3 4 5]) (drop-while odd? [1 3 4 5]) (mapcat list [1 2]) (map-indexed list ["a"]))',
      '((1 3) (4 5) (1 2) ((0 "a")))',
    ],
    ['(list (max-by abs [-3 2]) (min-by abs [-3 2]))', '(-3 2)'],
    ['(let ((n 0)) (for-each (lambda (x) (set! n (+ n x))) [1 2 3]) n)', '6'],
    ['(map :name [{:name "a"} {:name "b"}])', '("a" "b")'],
    ['(map {:a 1} [:a :b])', '(1 nil)'],
  ],
  maps: [
    ['(define m (make-dict "a" 1)) (list (get m "a") (get m "b") (get m "b" 0) (:a m) ("a" m))', '(1 nil 0 1 1)'],
    ['(define m {:a 1}) (define n (dict-set m :b 2)) (list m n)', '({"a" 1} {"a" 1 "b" 2})'],
    ['(define m {:a 1}) (dict-set! m :a 2) m', '{"a" 2}'],
    ['(define m {:a 1}) (define n (assoc m :b 2)) (dict-set! m :a 9) (list m n)', '({"a" 9} {"a" 1 "b" 2})'],
    [
      '(define a {}) (define b (assoc a 1 1)) (define c (assoc b 2 2)) (define d (assoc a 3 3)) (list a b c d a c)',
      '({} {1 1} {1 1 2 2} {3 3} {} {1 1 2 2})',
    ],
    [
      '(list (keys {:a 1}) (values {:a 1}) (entries {:a 1}) (merge {:a 1} {:a 2 :b 3}))',
      '(("a") (1) (("a" 1)) {"a" 2 "b" 3})',
    ],
    ['(list (get-in {:a {:b [5 6]}} [:a :b 1]) (get-in {} [:a :b]) (get-in {} [:a] 0))', '(6 nil 0)'],
    [
      '(list (assoc-in {} [:a :b] 1) (update-in {:a {:b 1}} [:a :b] inc) (update {:a 1} :a + 5))',
      '({"a" {"b" 1}} {"a" {"b" 2}} {"a" 6})',
    ],
    ['(define m {:n 1}) (dict-update! m :n inc) (dict-update! m :k 0 inc) m', '{"n" 2 "k" 1}'],
    [
      '(list (dissoc {:a 1 :b 2} :a) (select-keys {:a 1 :b 2} [:a]) (zipmap [:a :b] [1 2]) (has-key? {:a nil} :a))',
      '({"b" 2} {"a" 1} {"a" 1 "b" 2} #t)',
    ],
    [
      '(list (dict-map (lambda (k v) (str k v)) {:a 1}) (dict-filter (lambda (k v) (> v 1)) {:a 1 :b 2}) (map-vals inc {:a 1}))',
      '({"a" "a1"} {"b" 2} {"a" 2})',
    ],
    [
      '(list (get {:__proto__ 1} "__proto__") (get {} "__proto__") (get {} "constructor") (get {} "toString") (has-key? {} "valueOf"))',
      '(1 nil nil nil #f)',
    ],
    ['(= {:a 1 :b 2} {:b 2 :a 1})', '#t'],
    ['(into {} [[:a 1] (cons :b 2)])', '{"a" 1 "b" 2}'],
  ],
  strings: [
    ['(string-append "a" "b" 1)', '"ab1"'],
    ['(str "a" nil 1 2.0 [1 "x"])', '"a12.0(1 x)"'],
    ['(list (string-upcase "ab") (upper "x") (capitalize "aBC") (string-length "abc"))', '("AB" "X" "Abc" 3)'],
    ['(list (substring "hello" 1 3) (substring "hello" 2) (string-ref "abc" 1))', '("el" "llo" "b")'],
    [
      '(list (string-split "a,b,c" ",") (string-split " a  b ") (split "a-b" "-"))',
      '(("a" "b" "c") ("a" "b") ("a" "b"))',
    ],
    [
      '(list (string-join ["a" "b"]) (string-join ["a" "b"] ", ") (join ["a" 1]) (string-join "-" ["a" "b"]))',
      '("a b" "a, b" "a1" "a-b")',
    ],
    [
      '(list (string-trim "  a ") (string-replace "aXbX" "X" "-") (string-repeat "ab" 2) (string-reverse "abc"))',
      '("a" "a-b-" "abab" "cba")',
    ],
    [
      '(list (string-contains? "abc" "b") (string-prefix? "a" "abc") (starts-with? "abc" "a") (string-suffix? "c" "abc") (ends-with? "abc" "c"))',
      '(#t #t #t #t #t)',
    ],
    [
      '(list (string-index "abc" "c") (string-index "abc" "x") (string-pad-left "7" 3 "0") (string-pad-right "7" 3))',
      '(2 -1 "007" "7  ")',
    ],
    [
      '(list (string->list "ab") (list->string ["a" "b"]) (string->symbol "x") (symbol->string (quote y)))',
      '(("a" "b") "ab" x "y")',
    ],
    [
      '(list (string->number "12") (string->number "1.5") (string->number "x") (string->number "ff" 16) (number->string 255 16))',
      '(12 1.5 #f 255 "ff")',
    ],
    ['(list (parse-int "12") (parse-int "x") (char->integer "A") (integer->char 66))', '(12 nil 65 "B")'],
    [
      '(list (string=? "a" "a") (string<? "a" "b") (string-ci=? "A" "a") (char-upcase "a") (char-numeric? "5"))',
      '(#t #t #t "A" #t)',
    ],
    ['(format "~a ~s %s %05.1f {} {:.2f} 100%%" "x" "y" 1 2.25 [1] 3.14159)', '"x \\"y\\" 1 002.3 (1) 3.14 100%"'],
    ['(string-length (apply string-append (map (lambda (i) "0123456789") (range 500))))', '5000'],
  ],
  'json and output': [
    ['(json-parse "{\\"a\\": [1, 2.0, -0.5, null, true, \\"\\\\u0041\\"]}")', '{"a" (1 2.0 -0.5 nil #t "A")}'],
    ['(json-parse "123456789012345678901")', '123456789012345678901'],
    ['(json-dump {:a [1 2.0 nil #f "x\\n"]})', '"{\\"a\\": [1, 2.0, null, false, \\"x\\\\n\\"]}"'],
    ['(json-dump (list))', '"[]"'],
    ['(json-parse (json-dump {:k {:deep [[] {}]}}))', '{"k" {"deep" (() {})}}'],
    ['(try (json-parse "[1,]") (catch e (error-code e)))', '"parse"'],
  ],
  other: [
    ['(list (random-choice []) (>= (random) 0) (< (random 5) 5) (sort (shuffle [1 2 3])))', '(nil #t #t (1 2 3))'],
    ['(begin (set-random-seed! 5) (define a (random 1000)) (set-random-seed! 5) (= a (random 1000)))', '#t'],
    ['(symbol? (gensym))', '#t'],
    [
      '(list (type-of 1) (type-of 1.5) (type-of "") (type-of nil) (type-of []) (type-of {}) (type-of car) (type-of (quote a)))',
      '("integer" "float" "string" "nil" "list" "map" "procedure" "symbol")',
    ],
  ],
};

for (const [name, rows] of Object.entries(tables)) {
  describe(name, () => {
    it.each(rows)('%s', (source, expected) => {
      expect(evaluate(source)).toBe(expected);
    });
  });
}

describe('output', () => {
  it('captures what is displayed', () => {
    const seen: string[] = [];
    const instance = compileProgram('(display "a" 1) (newline) (println (list "b")) (write "c")').instantiate({
      onOutput: (text) => seen.push(text),
    });
    instance.runSync();
    expect(instance.output).toBe('a 1\n(b)\n"c"');
    expect(seen.join('')).toBe(instance.output);
  });
});

describe('reference', () => {
  it('documents every builtin once, with a signature that holds its name', () => {
    const entries = builtinReference();
    expect(new Set(entries.map((entry) => entry.name)).size).toBe(entries.length);
    expect(entries.length).toBeGreaterThan(400);
    for (const entry of entries) {
      expect(entry.signature.startsWith(`(${entry.name}`)).toBe(true);
      expect(entry.doc).toMatch(/^[A-Z].*\.$/);
    }
  });
});
