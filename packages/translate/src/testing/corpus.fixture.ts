// Small programs that each exercise one construct, in each language, with the schema of their arguments.
import type { JsonObject } from '@pypes/contract';
import type { SourceText } from '../translate.ts';

const TYPES: { readonly [short: string]: JsonObject } = {
  int: { type: 'integer' },
  small: { type: 'integer', minimum: -20, maximum: 20 },
  num: { type: 'number' },
  str: { type: 'string' },
  bool: { type: 'boolean' },
  ints: { type: 'array', items: { type: 'integer' } },
  nums: { type: 'array', items: { type: 'number' } },
  strs: { type: 'array', items: { type: 'string' } },
  dict: { type: 'object', additionalProperties: { type: 'integer' } },
  any: { type: ['string', 'integer', 'boolean', 'array', 'object'] },
  rows: { type: 'array', items: { type: 'object', required: ['k', 'v'], properties: { k: { type: 'string' }, v: { type: 'number' } }, additionalProperties: false } },
};

type Params = { readonly [name: string]: string };

function metadata(name: string, params: Params): JsonObject {
  return {
    name,
    description: name,
    parameters: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(params).map(([key, type]) => [key, TYPES[type.replace('?', '')] ?? {}])),
      required: Object.entries(params).flatMap(([key, type]) => (type.endsWith('?') ? [] : [key])),
      additionalProperties: false,
    },
  };
}

function python(name: string, params: Params, body: string, head = '', signature = Object.keys(params).join(', ')): SourceText {
  const agent = JSON.stringify(metadata(name, params)).replace(/\bfalse\b/g, 'False');
  const lines = body.split('\n').map((line) => `    ${line}`);
  return { filename: `${name}.py`, text: `${head}\nAGENT = ${agent}\n\ndef run(context, ${signature}):\n${lines.join('\n')}\n` };
}

function javascript(name: string, params: Params, body: string, head = '', signature = Object.keys(params).join(', ')): SourceText {
  return { filename: `${name}.mjs`, text: `${head}\nexport const AGENT = ${JSON.stringify(metadata(name, params))};\nexport function run(context, { ${signature} }) {\n${body}\n}\n` };
}

function lispy(name: string, params: Params, body: string, head = ''): SourceText {
  const literal = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(literal).join(' ')}]`;
    if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)} ${literal(item)}`).join(' ')}}`;
    return JSON.stringify(value);
  };
  return { filename: `${name}.lispy`, text: `(def AGENT ${literal(metadata(name, params))})\n${head}\n(defn run [context ${Object.keys(params).join(' ')}] ${body})\n` };
}

function lua(name: string, params: Params, body: string, head = ''): SourceText {
  const literal = (value: unknown): string => {
    if (Array.isArray(value)) return `{${value.map(literal).join(', ')}}`;
    if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, item]) => `[${JSON.stringify(key)}] = ${literal(item)}`).join(', ')}}`;
    return JSON.stringify(value);
  };
  return { filename: `${name}.lua`, text: `AGENT = ${literal(metadata(name, params))}\n${head}\nfunction run(context, args)\n${body}\nend\n` };
}

export const PYTHON: readonly SourceText[] = [
  python('py-int-arithmetic', { a: 'int', b: 'int' }, 'return [a + b, a - b, a * b, -a, a // b, a % b, divmod(a, b), abs(a)]'),
  python('py-float-arithmetic', { a: 'num', b: 'num' }, 'return [a + b, a - b, a * b, a / b, a // b, a % b, -a, abs(b)]'),
  python('py-power', { a: 'small', b: 'small' }, 'return [a ** abs(b), 2 ** (b % 60), (a * a) ** 2]'),
  python('py-rounding', { x: 'num' }, 'import_free = [round(x), round(x, 1), round(x, 2), int(x)]\nreturn import_free'),
  python('py-math', { x: 'num', n: 'int' }, 'return [math.floor(x), math.ceil(x), math.trunc(x), math.sqrt(abs(x)), math.fabs(x), math.gcd(n, 12), math.pi]', 'import math'),
  python('py-number-texts', { x: 'num', n: 'int' }, 'return [str(x), repr(n), f"{x}", str([x, n, True, None]), str((n,)), str({"k": x})]'),
  python('py-format', { x: 'num', n: 'int', s: 'str' }, 'return [f"{x:.2f}", f"{n:5d}|{n:<6}|{n:^7}|{n:06d}|{n:+d}|{n:,}", f"{x:,.1f}", f"{s:>8}|{s:<8}|{s:^9}|{s:.3}", f"{x:.1%}"]'),
  python('py-string-index', { s: 'str', i: 'small' }, 'return [len(s), s[i], s[-1], s[0]]'),
  python('py-slices', { s: 'str', xs: 'ints', i: 'small', j: 'small' }, 'return [s[i:j], s[::-1], s[:i], s[j:], xs[i:j], xs[::2], xs[::-1], xs[-2:]]'),
  python('py-string-methods', { s: 'str' }, 'return [s.strip(), s.lstrip(), s.rstrip(), s.split(), s.split(","), s.replace("a", "bb"), s.find("o"), s.rfind("l"), s.count("l"), s.startswith("a"), s.endswith(("o", "e")), s.splitlines(), s.zfill(6), s.center(11, "*"), s.ljust(5), s.rjust(7, ".")]'),
  python('py-case', { s: 'str' }, 'return [s.lower(), s.upper()]'),
  python('py-truth', { v: 'any', x: 'num', s: 'str', xs: 'ints' }, 'return [bool(v), not v, v or "none", v and 1, 1 if x else 0, s and s[0], xs or None]'),
  python('py-equality', { a: 'any', b: 'any', n: 'int', x: 'num' }, 'return [a == b, a != b, n == x, n == True, x == 1, [n] == [x], a == a, None == a, a is None]'),
  python('py-order', { a: 'str', b: 'str', x: 'num', n: 'int' }, 'return [a < b, a <= b, x < n, x >= n, 0 < n <= 10, 0 < x < n, (n, x) < (x, n), sorted([a, b, "m"]), max(a, b)]'),
  python('py-mixed-order', { a: 'any', b: 'any' }, 'return a < b'),
  python(
    'py-mixed',
    { a: 'any', b: 'any', x: 'num', n: 'small' },
    'ops = [lambda: a - b, lambda: a * n, lambda: x + a, lambda: a / 2, lambda: a // 2, lambda: a % 3, lambda: a ** 2, lambda: -a, lambda: a[0], lambda: a[b], lambda: a[1:], lambda: len(a), lambda: b in a, lambda: sorted(a), lambda: sum(a), lambda: max(a, b), lambda: str(a), lambda: a.get(b), lambda: a.count(b), lambda: list(a), lambda: f"{a:>5}", lambda: int(a), lambda: abs(b), lambda: a.split(b), lambda: round(a), lambda: [a] < [b], lambda: a.zfill(n), lambda: a * 2]\nreturn ops[n % len(ops)]()',
  ),
  python('py-mixed-add', { a: 'any', b: 'any' }, 'return a + b'),
  python('py-loops', { xs: 'ints', n: 'small' }, 'total = 0\nfor i, x in enumerate(xs):\n    if x < 0:\n        continue\n    if x > 1000000:\n        break\n    total += x * i\ni = 0\nwhile i < n:\n    total -= i\n    i += 1\nfor k in range(10, 0, -3):\n    total += k\nreturn [total, i]'),
  python('py-comprehensions', { xs: 'ints', words: 'strs' }, 'return [[x * 2 for x in xs if x % 2], {w: len(w) for w in words}, [(a, b) for a in xs[:3] for b in words[:2] if a], sum(x for x in xs), any(x > 10 for x in xs), all(w for w in words)]'),
  python('py-dict', { d: 'dict', k: 'str' }, 'd2 = dict(d)\nd2[k] = 1\nd2["z"] = d2.get(k, 0) + 1\nd2.pop("a", None)\nreturn [d2, list(d2), list(d.items()), k in d, d.get(k), len(d2), {**d, "q": 2}, sorted(d.values())]'),
  python('py-dict-order', { ws: 'strs' }, 'seen = {}\nfor w in ws:\n    seen[w] = seen.get(w, 0) + 1\ntop = sorted(seen.items(), key=lambda p: (-p[1], p[0]))\nreturn [list(seen.keys()), top, max(seen, key=lambda w: seen[w]) if seen else None]'),
  python('py-dict-missing', { d: 'dict', k: 'str' }, 'return d[k]'),
  python('py-list-methods', { xs: 'ints', i: 'small' }, 'ys = list(xs)\nys.append(i)\nys.insert(i, 99)\nys.extend([1, 2])\nys.remove(1)\nz = ys.pop()\nzs = ys\nzs.append(7)\nys += [8]\nys.sort(reverse=True)\nreturn [ys, zs is None, z, ys.index(99), ys.count(7), ys * 2, ys + [i], 99 in ys]'),
  python('py-unpack', { xs: 'ints' }, 'a, b = xs\n(c, d), e = (b, a), 5\nreturn [a, b, c, d, e]'),
  python('py-functions', { n: 'small', s: 'str' }, 'def local(x):\n    return x + n\nfs = [lambda x: x * 2, local, twice]\nreturn [f(3) for f in fs] + [twice(n), pad(s, width=4), pad(s), fact(abs(n))]', 'def twice(x):\n    return x * 2\ndef pad(s, width=3, fill="-"):\n    return s + fill * width\ndef fact(n):\n    return 1 if n < 2 else n * fact(n - 1)'),
  python('py-closures-in-loops', { xs: 'ints' }, 'fs = []\nfor x in xs:\n    y = x * 2\n    fs.append(lambda: x + y)\nreturn [f() for f in fs]'),
  python('py-raise', { n: 'small' }, 'if n < 0:\n    raise ValueError(f"negative: {n}")\nassert n != 3\nreturn n'),
  python('py-defaults', { a: 'int?', s: 'str?', flag: 'bool?' }, 'return [a, s, flag]', '', 'a=5, s="x", flag=False'),
  python('py-parse-numbers', { s: 'str' }, 'return [int(s), float(s)]'),
  python('py-isinstance', { v: 'any' }, 'return [isinstance(v, str), isinstance(v, int), isinstance(v, (list, dict)), isinstance(v, bool), isinstance(v, float)]'),
  python('py-json', { v: 'any', s: 'str', x: 'num' }, 'return [json.dumps(v), json.dumps({"s": s, "x": x}, sort_keys=True), json.dumps([v], indent=2, ensure_ascii=False)]', 'import json'),
  python('py-unbound', { n: 'small' }, 'if n > 3:\n    x = 1\nreturn x'),
  python('py-membership', { s: 'str', xs: 'ints', v: 'any' }, 'return [s in {"a", "b"}, "a" in s, 3 in xs, s in ("x", ""), v in [1, "a", True], len(set(xs)), sorted(set(xs))]'),
  python('py-extremes', { xs: 'nums' }, 'return [min(xs), max(xs), sum(xs), min(xs, default=0), max(1, 2.0, 2), sorted(xs, reverse=True), list(zip(xs, xs[1:])), list(reversed(xs))]'),
  python('py-walrus', { xs: 'ints' }, 'out = []\nif (n := len(xs)) > 2:\n    out.append(n)\nreturn [out, n, [y for x in xs if (y := x * 2) > 4]]'),
  python('py-shared-list', { xs: 'ints' }, 'grid = [[0] * 2] * 2\ngrid[0][1] = len(xs)\nrows = [xs, xs]\nrows[0].append(5)\nreturn [grid, rows]'),
  python('py-mutate-while-looping', { xs: 'ints' }, 'ys = xs[:5]\nfor y in ys:\n    if len(ys) < 12:\n        ys.append(y + 1)\nreturn ys'),
  python('py-dict-changes', { d: 'dict' }, 'for k in d:\n    if k == "a":\n        d[k + "2"] = 1\nreturn d'),
];

export const JAVASCRIPT: readonly SourceText[] = [
  javascript(
    'js-mixed',
    { a: 'any', b: 'any', n: 'small' },
    'const ops = [() => a + b, () => a - b, () => a * b, () => a < b, () => a >= b, () => a === b, () => a / 2, () => -b, () => `${a}|${b}`, () => a[b], () => a.length, () => [a, b].join(), () => a.slice(1), () => Object.keys(a), () => [...a], () => a.indexOf(b), () => Math.max(a, b), () => a.map(String), () => Number(a), () => a.x];\nreturn ops[((n % ops.length) + ops.length) % ops.length]();',
  ),
  javascript('js-arithmetic', { a: 'num', b: 'num' }, 'return [a + b, a - b, a * b, a % b, -a, a > b, a <= b, Math.abs(a), Math.max(a, b, 0), Math.min(a, b)];'),
  javascript('js-division', { a: 'num', b: 'small' }, 'return b === 0 ? "zero" : [a / b, a % b, -a % b, Math.floor(a / b), Math.trunc(a / b)];'),
  javascript('js-rounding', { x: 'num' }, 'return [Math.round(x), Math.floor(x), Math.ceil(x), Math.trunc(x), Math.sign(x), Math.sqrt(Math.abs(x)), x.toFixed(2), x.toFixed(0), Math.round(x * 100) / 100];'),
  javascript('js-number-texts', { x: 'num', n: 'int' }, 'return [String(x), `${n}`, "" + x, x.toString(), [x, n].join(), String([1, [x]]), String({})];'),
  javascript('js-coercion', { s: 'str', x: 'num', f: 'bool' }, 'return [s + x, x + s, f + s, s + null, `${undefined}`, f ? 1 : 0, !s, !x, !!s];'),
  javascript('js-numbers-of-texts', { s: 'str' }, 'const n = Number(s), p = parseFloat(s), i = parseInt(s, 10);\nreturn [Number.isNaN(n) ? "nan" : n, Number.isNaN(p) ? "nan" : p, Number.isNaN(i) ? "nan" : i];'),
  javascript('js-string-units', { s: 'str', i: 'small' }, 'return [s.length, [...s].length, s.slice(0, 0), s.indexOf("o"), s.includes("a"), s.startsWith("a"), s.charCodeAt(0) || 0, s.at(0) === s[0]];'),
  javascript('js-string-parts', { s: 'str', i: 'small', j: 'small' }, 'return [s.slice(i, j), s.substring(i, j), s.charAt(i), s[i], s.at(-1)];'),
  javascript('js-string-methods', { s: 'str' }, 'return [s.trim(), s.trimStart(), s.split(","), s.split(" ").reverse().join(" "), s.replace("a", "b"), s.replaceAll("l", "L"), s.padStart(8, "*"), s.padEnd(8), s.repeat(2), s.toUpperCase(), s.toLowerCase(), s.concat("!", s)];'),
  javascript('js-truth', { v: 'any', x: 'num' }, 'return [!!v, v || "none", v && 1, v ?? 2, x ? "yes" : "no", !x];'),
  javascript('js-equality', { a: 'any', b: 'any' }, 'return [a === b, a !== b, a === a, a == null, typeof a, Array.isArray(a), [a].includes(a)];'),
  javascript('js-array-methods', { xs: 'ints' }, 'const ys = [...xs];\nys.push(1, 2); ys.unshift(0);\nconst gone = ys.splice(1, 2, 7, 8, 9);\nreturn [ys, gone, ys.pop(), ys.shift(), ys.indexOf(8), ys.slice(-2), ys.concat([1], 2), ys.map((x, i) => x * i), ys.filter((x) => x % 2), ys.find((x) => x > 3), ys.findIndex((x) => x > 3), ys.some((x) => x < 0), ys.every((x) => x < 1e9), ys.reduce((a, b) => a + b, 0), ys.flatMap((x) => [x, x]).length, [[1], 2, [3]].flat()];'),
  javascript('js-reduce-nothing', { xs: 'ints' }, 'return xs.reduce((a, b) => Math.max(a, b));'),
  javascript('js-sort', { xs: 'nums', ws: 'strs' }, 'return [[...xs].sort((a, b) => a - b), [...xs].sort(), ws.toSorted(), [...ws].sort((a, b) => b.length - a.length)];'),
  javascript('js-object-order', { d: 'dict', k: 'str' }, 'const o = { b: 1, ...d, 10: 2, 9: 3 };\nif (k !== "__proto__") o[k + "x"] = 4;\nreturn [Object.keys(o), Object.values(o), Object.entries(d), o, Object.hasOwn(d, k), Object.fromEntries(Object.entries(d).map(([a, b]) => [a, b + 1]))];'),
  javascript('js-undefined', { d: 'dict', xs: 'ints', n: 'small?' }, 'return { a: d.missing, b: xs[99], c: [undefined, n], d: n === undefined, e: d.x?.y, f: xs.at(50) ?? null };'),
  javascript('js-destructuring', { rows: 'rows', xs: 'ints' }, 'const [a = 1, , ...rest] = xs;\nreturn [a, rest, rows.map(({ k, v = 0 }) => `${k}=${v}`), rows.map((row) => ({ ...row, v: 1 }))];'),
  javascript('js-loops', { xs: 'ints', n: 'small' }, 'let t = 0;\nfor (let i = 0; i < xs.length; i++) { if (xs[i] < 0) continue; if (xs[i] > 1e6) break; t += xs[i] * i; }\nlet k = n; while (k > 0) { t -= k--; }\ndo { t++; } while (t < 0);\nfor (const x of xs) t += x; for (const c of "héé") t += c.length;\nreturn [t, k];'),
  javascript('js-switch', { s: 'str', n: 'small' }, 'let out = [];\nswitch (n % 4) { case 0: out.push("zero"); break; case 1: case 2: out.push("few"); break; default: out.push("many"); }\nswitch (s) { case "a": return out; case "": return []; default: return [s, ...out]; }'),
  javascript('js-closures-in-loops', { xs: 'ints' }, 'const fs = [];\nfor (const x of xs) { const y = x * 2; fs.push(() => x + y); }\nreturn fs.map((f) => f());'),
  javascript('js-functions', { n: 'small', s: 'str' }, 'const add = (a, b = 2) => a + b;\nconst fact = (k) => (k < 2 ? 1 : k * fact(k - 1));\nreturn [add(n), add(n, 3), fact(Math.abs(n)), outer(n), outer(n, "z"), [1, 2, 3].map(outer), ["a", s].map((t) => t + n)];', 'function outer(a, b) { return b === undefined ? a : `${a}${b}`; }'),
  javascript('js-throw', { n: 'small' }, 'if (n < 0) throw new Error(`negative ${n}`);\nif (n === 0) throw new TypeError("zero");\nreturn n;'),
  javascript('js-null-member', { v: 'any' }, 'const o = v === 1 ? null : { a: { b: v } };\nreturn [o.a.b, o?.a];'),
  javascript('js-json', { v: 'any', xs: 'nums', s: 'str' }, 'return [JSON.stringify(v), JSON.stringify({ xs, s, u: undefined }), JSON.stringify([v], null, 2)];'),
  javascript('js-defaults', { a: 'int?', s: 'str?', o: 'dict?' }, 'o.z = 1;\nreturn [a, s, o];', '', 'a = 5, s = "x", o = {}'),
  javascript('js-assignments', { n: 'small', d: 'dict' }, 'let a = n; a += 2; a *= 3; a -= 1; const b = a++ + ++a; const c = { v: null }; c.v ??= 4; c.w ||= 5; c.v += 1; d.k = d.k ?? 0; d.k++; let e = 1; e **= 3;\nreturn [a, b, c, d, e];'),
];

export const LISPY: readonly SourceText[] = [
  lispy(
    'ls-mixed',
    { a: 'any', b: 'any', x: 'num', n: 'small' },
    '(let [k (% n 18)] (cond ((= k 0) (+ a b)) ((= k 1) (+ x a)) ((= k 2) (- a x)) ((= k 3) (* x b)) ((= k 4) (< a x)) ((= k 5) (= a b)) ((= k 6) (str a b)) ((= k 7) (length a)) ((= k 8) (first a)) ((= k 9) (get a b)) ((= k 10) (nth a 0)) ((= k 11) (append a [1])) ((= k 12) (string-append a b)) ((= k 13) (max x a)) ((= k 14) (contains? a b)) ((= k 15) (reverse a)) ((= k 16) (round a)) (else (sort [a b]))))',
  ),
  lispy('ls-arithmetic', { a: 'int', b: 'int' }, '[(+ a b) (- a b) (* a b) (// a b) (% a b) (abs a) (max a b 0) (min a b) (- a) (inc a)]'),
  lispy('ls-float', { a: 'num', b: 'num' }, '[(+ a b) (* a 2) (/ a b) (= a b) (< a b) (round a) (floor a) (ceiling b) (truncate a) (round a 2) (sqrt (abs a))]'),
  lispy('ls-bigint', { a: 'int' }, '[(* a a a a) (expt 7 30) (expt (abs a) 3) (str (* a a a))]'),
  lispy('ls-power', { a: 'num', n: 'small' }, '[(expt (abs a) 2) (log10 (+ 1 (abs a))) (ln (+ 1 (abs a)))]'),
  lispy('ls-texts', { x: 'num', n: 'int', s: 'str' }, '[(str x " " n " " s nil true) (number->string x) (str [x n] {:a x}) (string-append s "!" (str n))]'),
  lispy('ls-strings', { s: 'str' }, '[(string-length s) (string->list s) (string-split s) (string-split s ",") (string-trim s) (string-upcase s) (string-downcase s) (string-replace s "l" "L") (string-contains? s "a") (reverse s) (string-join (string-split s " ") "-") (string-index s "o")]'),
  lispy('ls-substring', { s: 'str', i: 'small', j: 'small' }, '[(substring s i j) (nth s i)]'),
  lispy('ls-characters', { s: 'str' }, '[(filter char-alphabetic? (string->list s)) (count-if char-numeric? (string->list s)) (map char->integer (string->list s)) (any char-whitespace? (string->list s))]'),
  lispy('ls-truth', { v: 'any', xs: 'ints' }, '[(if v 1 2) (not v) (or v "none") (and v 1) (if xs "yes" "no") (if 0 1 2) (when (empty? xs) 3) (unless (nil? v) 4)]'),
  lispy('ls-equality', { a: 'any', b: 'any', n: 'int', x: 'num' }, '[(= a b) (equal? n x) (= n x) (!= a b) (= [n] [x]) (member n [1 2 x]) (contains? [n] x)]'),
  lispy('ls-lists', { xs: 'ints' }, '[(map inc xs) (filter odd? xs) (reduce + 0 xs) (append xs [1] xs) (reverse xs) (first xs) (rest xs) (last xs) (nth xs 2) (length xs) (take xs 2) (drop xs 1) (conj xs 9) (cons 0 xs) (sort xs) (distinct xs) (apply max [1 2])]'),
  lispy('ls-car', { xs: 'ints' }, '[(car xs) (cdr xs) (cadr xs)]'),
  lispy('ls-maps', { d: 'dict', k: 'str' }, '[(get d k) (get d k 7) (:a d) (keys d) (values d) (assoc d k 1) (merge d {"z" 1}) (dissoc d "a") (contains? d k) (length d) (entries d)]'),
  lispy('ls-named-let', { n: 'small', xs: 'ints' }, '(let loop ((i 0) (acc []) (rest xs)) (if (or (null? rest) (> i 5)) {:i i :acc acc} (loop (+ i 1) (conj acc (* i (car rest))) (cdr rest))))'),
  lispy('ls-recursion', { n: 'small' }, '[(fact (abs n)) (even-by-hand? (abs n)) (sum-to (abs n) 0)]', '(defn fact [n] (if (< n 2) 1 (* n (fact (- n 1)))))\n(define (even-by-hand? n) (cond ((= n 0) #t) ((= n 1) #f) (else (even-by-hand? (- n 2)))))\n(define (sum-to n acc) (if (= n 0) acc (sum-to (- n 1) (+ acc n))))'),
  lispy('ls-closures', { xs: 'ints', n: 'small' }, '(let* [add (fn [x] (+ x n)) twice (lambda (f) (lambda (x) (f (f x))))] [(map add xs) ((twice add) 1) (map (fn [x] (if (> x 0) (do (set! n (+ n 1)) n) x)) xs)])'),
  lispy('ls-loops', { xs: 'ints' }, '(let [total 0 i 0] (while (< i 5) (set! total (+ total i)) (set! i (+ i 1))) (dotimes (k 3) (set! total (+ total k))) (doseq (x xs) (set! total (+ total x))) [total i])'),
  lispy('ls-errors', { n: 'small', v: 'any' }, '(cond ((< n 0) (error (str "negative " n))) ((= n 0) (+ v 1)) (else (string-length v)))'),
  lispy('ls-parse', { s: 'str' }, '[(string->number s) (string->number "12.50") (string->number "-3")]'),
  lispy('ls-fixed', { x: 'num' }, '[(to-fixed x 2) (to-fixed x 0)]'),
];

export const LUA: readonly SourceText[] = [
  lua(
    'lua-mixed',
    { a: 'any', b: 'any', x: 'num', n: 'small' },
    'local a, b, x, k = args.a, args.b, args.x, args.n % 12\nif k == 0 then return a + b elseif k == 1 then return x - a elseif k == 2 then return a .. b elseif k == 3 then return a < b elseif k == 4 then return a == b elseif k == 5 then return #a elseif k == 6 then return a[1] elseif k == 7 then return a.x elseif k == 8 then return -a elseif k == 9 then return a // 2 elseif k == 10 then return type(a) end\nreturn tostring(a)',
  ),
  lua('lua-arithmetic', { a: 'int', b: 'int' }, 'local a, b = args.a, args.b\nreturn { a + b, a - b, a * b, a // b, a % b, -a, a / 4, math.abs(a), math.max(a, b), math.min(a, b, 0) }'),
  lua('lua-wrapping', { a: 'int' }, 'local a = args.a\nreturn { a * a * a * a, math.maxinteger + a, a * 4611686018427387904 }'),
  lua('lua-floats', { x: 'num', y: 'num' }, 'local x, y = args.x, args.y\nreturn { x + y, x * 2, x == y, x < y, math.floor(x), math.ceil(y), math.sqrt(math.abs(x)), math.type(x) }'),
  lua('lua-number-texts', { x: 'num', n: 'int' }, 'return { tostring(args.x), "n" .. args.n, args.n .. "/" .. args.x, string.format("%.2f|%d|%s|%%", args.x, args.n, args.n), tostring(args.n / 1) }'),
  lua('lua-strings', { s: 'str', n: 'small' }, 'local s = args.s\nreturn { #s, s:upper(), s:lower(), s:rep(2), s:rep(2, "-"), string.find(s, "o", 1, true) or 0, s:byte(1) or 0, s == "a" }'),
  lua('lua-substrings', { s: 'str', i: 'small', j: 'small' }, 'return { args.s:sub(args.i, args.j), args.s:sub(args.i), args.s:reverse() }'),
  lua('lua-truth', { v: 'any' }, 'local v = args.v\nreturn { v and 1 or 2, not v, v == nil, 0 and "zero is true", "" and "empty is true", type(v) }'),
  lua('lua-tables', { xs: 'ints' }, 'local t = {}\nfor i, x in ipairs(args.xs) do t[#t + 1] = x * i end\ntable.insert(t, 7)\ntable.insert(t, 1, 8)\nlocal gone = table.remove(t)\nlocal first = table.remove(t, 1)\nreturn { t = t, n = #t, gone = gone, first = first, joined = table.concat(t, ",") }'),
  lua('lua-sort', { xs: 'ints', ws: 'strs' }, 'table.sort(args.xs)\nlocal ys = {}\nfor i, x in ipairs(args.xs) do ys[i] = x end\ntable.sort(ys, function(a, b) return a > b end)\nreturn { args.xs, ys }'),
  lua('lua-loops', { n: 'small' }, 'local t = 0\nfor i = 1, args.n do t = t + i end\nfor i = 10, 1, -3 do t = t - i if t < 0 then break end end\nwhile t > 100 do t = t // 2 end\nreturn t'),
  lua('lua-functions', { n: 'small' }, 'local add = function(a, b) return a + (b or 1) end\nreturn { add(args.n), add(args.n, 2), fact(math.abs(args.n)), scale(args.n), scale(args.n, 3) }', 'local FACTOR = 2\nlocal function scale(x, by) return x * (by or FACTOR) end\nlocal function fact(n) if n < 2 then return 1 end return n * fact(n - 1) end'),
  lua('lua-errors', { n: 'small', v: 'any' }, 'if args.n < 0 then error("negative " .. args.n) end\nif args.n == 0 then return #args.v end\nreturn args.v .. "x"'),
  lua('lua-parse', { s: 'str' }, 'return tonumber(args.s) or "none"'),
];
