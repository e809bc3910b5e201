/** The same four tasks in the dialect of each engine, with the sizes that each can bear. */

/** A task for one engine. `scale` is what a time at `size` must be multiplied with to stand for the full size. */
export type EngineTask = {
  readonly name: string;
  readonly setup: string;
  readonly run: string;
  readonly expected: string;
  readonly scale: number;
};
export type Dialect = 'clojure' | 'scheme';

const calls = (n: number): number => (n < 2 ? 1 : 1 + calls(n - 1) + calls(n - 2));
const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));

const sumOfEvenSquares = (n: number): number => {
  let sum = 0;
  for (let i = 0; i < n; i += 2) sum += i * i;
  return sum;
};

const textLength = (n: number): number =>
  Array.from({ length: n }, (_, i) => `line ${i};`.length).reduce((a, b) => a + b, 0);

/** The tasks; `slowness` divides the sizes for engines that would take minutes. */
export const tasksFor = (dialect: Dialect, slowness: { fib: number; divide: number }): EngineTask[] => {
  const { fib, divide } = slowness;
  const turns = 1_000_000 / divide;
  const items = 100_000 / divide;
  const lines = 10_000 / divide;
  const scheme = dialect === 'scheme';
  return [
    {
      name: 'fib 25',
      setup: scheme
        ? '(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))'
        : '(defn fib [n] (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))',
      run: `(fib ${fib})`,
      expected: String(fibonacci(fib)),
      scale: calls(25) / calls(fib),
    },
    {
      name: 'loop 1e6',
      setup: scheme
        ? '(define (count-up n) (let loop ((i 0) (acc 0)) (if (= i n) acc (loop (+ i 1) (+ acc 2)))))'
        : '(defn count-up [n] (loop [i 0 acc 0] (if (= i n) acc (recur (+ i 1) (+ acc 2)))))',
      run: `(count-up ${turns})`,
      expected: String(turns * 2),
      scale: divide,
    },
    {
      name: 'string 1e4 lines',
      setup: scheme
        ? '(define (build n) (let loop ((i 0) (s "")) (if (= i n) (string-length s) (loop (+ i 1) (string-append s "line " (number->string i) ";")))))'
        : '(defn build [n] (loop [i 0 s ""] (if (= i n) (count s) (recur (+ i 1) (str s "line " i ";")))))',
      run: `(build ${lines})`,
      expected: String(textLength(lines)),
      scale: divide,
    },
    {
      name: 'map filter reduce 1e5',
      setup: scheme
        ? `(define (numbers n) (let loop ((i (- n 1)) (l '())) (if (< i 0) l (loop (- i 1) (cons i l)))))
           (define data (numbers ${items}))
           (define (work) (fold-left + 0 (filter even? (map (lambda (x) (* x x)) data))))`
        : `(def data (vec (range ${items})))
           (defn work [] (reduce + 0 (filter even? (map (fn [x] (* x x)) data))))`,
      run: '(work)',
      expected: String(sumOfEvenSquares(items)),
      scale: divide,
    },
  ];
};
