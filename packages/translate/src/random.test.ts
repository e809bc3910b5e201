// Random expressions, by the laws of no author: the source and its translation come to the same on every call.
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from './generate/arguments.ts';
import type { Language } from './language.ts';
import { differ, LANGUAGES } from './testing/differential.ts';
import type { SourceText } from './translate.ts';

const PROGRAMS = 48;
const CALLS = 15;
const SCHEMA = {
  name: 'random',
  parameters: {
    type: 'object',
    properties: {
      a: { type: 'integer' },
      b: { type: 'number' },
      s: { type: 'string' },
      t: { type: 'string' },
      xs: { type: 'array', items: { type: 'integer' } },
      p: { type: 'boolean' },
    },
    required: ['a', 'b', 's', 't', 'xs', 'p'],
    additionalProperties: false,
  },
};

type Kind = 'number' | 'text' | 'list' | 'truth';
type Grammar = { readonly [kind in Kind]: readonly string[] };

/** `N`, `T`, `L`, `B` stand for a number, a text, a list and a truth. */
const PYTHON: Grammar = {
  number: [
    'a',
    'b',
    '0',
    '3',
    '-2',
    '2.5',
    '1e3',
    'N + N',
    'N - N',
    'N * N',
    'N / N',
    'N // N',
    'N % N',
    '-N',
    'abs(N)',
    'round(N)',
    'round(N, 2)',
    'int(N)',
    'float(N)',
    'len(T)',
    'len(L)',
    'sum(L)',
    'min(N, N)',
    'max(N, N)',
    '(N if B else N)',
    'T.find(T)',
    'T.count(T)',
    'L[0]',
    '(N or N)',
    '(N and N)',
    'sum(x * 2 for x in L)',
  ],
  text: [
    's',
    't',
    '"a"',
    '"ü😀"',
    'T + T',
    'T[1:]',
    'T[::-1]',
    'T[:-1]',
    'str(N)',
    'f"{N}|{T}"',
    'T.strip()',
    'T.replace("a", T)',
    'T * 2',
    '",".join(T.split())',
    '(T if B else T)',
    'str(L)',
    'f"{N:.2f}"',
    'T.upper()',
    '(T or T)',
    'T.zfill(4)',
  ],
  list: [
    'xs',
    '[N, N]',
    'L + L',
    'L[1:]',
    'L[::-1]',
    'sorted(L)',
    '[x + 1 for x in L if x]',
    'list(range(3))',
    'L * 2',
    '[len(w) for w in T.split()]',
    '(L or [1])',
  ],
  truth: [
    'p',
    'N < N',
    'N == N',
    'T < T',
    'T == T',
    'T in T',
    'N in L',
    'not B',
    'B and B',
    'B or B',
    'bool(T)',
    'bool(N)',
    'L == L',
    'N <= N < N',
    'T.startswith(T)',
    'any(x > 1 for x in L)',
  ],
};
const JAVASCRIPT: Grammar = {
  number: [
    'a',
    'b',
    '0',
    '3',
    '(-2)',
    '2.5',
    '1e3',
    '(N + N)',
    '(N - N)',
    '(N * N)',
    '(N / 4)',
    '(N % 7)',
    '(-(N))',
    'Math.abs(N)',
    'Math.round(N)',
    'Math.floor(N)',
    'Math.trunc(N)',
    'T.length',
    'L.length',
    'L.reduce((x, y) => x + y, 0)',
    'Math.min(N, N)',
    'Math.max(N, N)',
    '(B ? N : N)',
    'T.indexOf(T)',
    '(L[0] ?? N)',
    '(N || N)',
    '(N && N)',
  ],
  text: [
    's',
    't',
    '"a"',
    '"ü😀"',
    '(T + T)',
    '(T + N)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the program, not of this one
    '`${N}|${T}`',
    'T.trim()',
    'T.replaceAll("a", "b")',
    'T.repeat(2)',
    'T.split(" ").join("-")',
    '(B ? T : T)',
    'String(N)',
    'String(L)',
    'N.toFixed(2)',
    'T.toUpperCase()',
    '(T || T)',
    'T.padStart(4, "0")',
    'JSON.stringify(L)',
  ],
  list: [
    'xs',
    '[N, N]',
    '[...L, ...L]',
    'L.slice(1)',
    'L.toSorted((x, y) => x - y)',
    'L.map((x) => x + 1)',
    'L.filter((x) => x % 2)',
    'L.concat(L)',
    '[...T].map((c) => c.length)',
    '(B ? L : [1])',
  ],
  truth: [
    'p',
    '(N < N)',
    '(N === N)',
    '(T < T)',
    '(T === T)',
    'T.includes(T)',
    'L.includes(N)',
    '(!B)',
    '(B && B)',
    '(B || B)',
    '(!!T)',
    '(!!N)',
    'T.startsWith(T)',
    'L.some((x) => x > 1)',
    'L.every((x) => x < 9)',
  ],
};
const LISPY: Grammar = {
  number: [
    'a',
    'b',
    '0',
    '3',
    '-2',
    '2.5',
    '(+ N N)',
    '(- N N)',
    '(* N N)',
    '(/ N 4)',
    '(// N 7)',
    '(% N 7)',
    '(abs N)',
    '(round N)',
    '(floor N)',
    '(string-length T)',
    '(length L)',
    '(reduce + 0 L)',
    '(min N N)',
    '(max N N)',
    '(if B N N)',
    '(or N N)',
    '(nth L 0)',
    '(round N 2)',
    '(expt N 2)',
  ],
  text: [
    's',
    't',
    '"a"',
    '"ü😀"',
    '(str T N)',
    '(string-append T T)',
    '(string-trim T)',
    '(string-replace T "a" "b")',
    '(string-join (string-split T) "-")',
    '(if B T T)',
    '(str L)',
    '(string-upcase T)',
    '(string-pad-left T 4 "0")',
    '(reverse T)',
    '(number->string N)',
  ],
  list: [
    'xs',
    '[N N]',
    '(append L L)',
    '(rest L)',
    '(reverse L)',
    '(sort L)',
    '(map (fn [x] (+ x 1)) L)',
    '(filter (fn [x] (> x 1)) L)',
    '(take L 2)',
    '(conj L N)',
    '(distinct L)',
    '(map string-length (string-split T))',
  ],
  truth: [
    'p',
    '(< N N)',
    '(= N N)',
    '(equal? N N)',
    '(string<? T T)',
    '(= T T)',
    '(string-contains? T T)',
    '(member N L)',
    '(not B)',
    '(and B B)',
    '(or B B)',
    '(empty? L)',
    '(= L L)',
    '(even? a)',
  ],
};

const LETTER: { readonly [letter: string]: Kind } = { N: 'number', T: 'text', L: 'list', B: 'truth' };

function grow(grammar: Grammar, kind: Kind, random: Random, depth: number, wrap: (text: string) => string): string {
  const options = grammar[kind];
  const shallow = options.filter((option) => !/\b[NTLB]\b/.test(option));
  const from = depth <= 0 ? shallow : options;
  const chosen = from[Math.floor(random() * from.length)] as string;
  const grown = chosen.replace(/\b[NTLB]\b/g, (letter) =>
    grow(grammar, LETTER[letter] as Kind, random, depth - 1, wrap),
  );
  return grown === chosen ? grown : wrap(grown);
}

const agent = JSON.stringify(SCHEMA);
const lispyAgent = `{"name" "random" "parameters" ${JSON.stringify(SCHEMA.parameters).replace(/[:,]/g, ' ')}}`;

function programs(language: Language): SourceText[] {
  const random = createRandom(20_261_121);
  return Array.from({ length: PROGRAMS }, (_, index): SourceText => {
    const kind = (['number', 'text', 'list', 'truth'] as const)[index % 4] as Kind;
    if (language === 'python') {
      const expression = grow(PYTHON, kind, random, 3, (text) => `(${text})`);
      // Quotes of one kind inside an f-string's braces are new in Python 3.12.
      const safe = expression.replace(/f"([^"]*)"/g, 'f"$1"');
      return {
        filename: `r${index}.py`,
        text: `AGENT = ${agent.replace(/\bfalse\b/g, 'False')}\n\ndef run(context, a, b, s, t, xs, p):\n    return ${safe}\n`,
      };
    }
    if (language === 'javascript') {
      const expression = grow(JAVASCRIPT, kind, random, 3, (text) => text).replace(
        /(?<![\w.\])])(\d+(?:\.\d+)?|\d+e\d+)\.toFixed/g,
        '($1).toFixed',
      );
      return {
        filename: `r${index}.mjs`,
        text: `export const AGENT = ${agent};\nexport function run(context, { a, b, s, t, xs, p }) {\n  return ${expression};\n}\n`,
      };
    }
    const expression = grow(LISPY, kind, random, 3, (text) => text);
    return {
      filename: `r${index}.lispy`,
      text: `(def AGENT ${lispyAgent})\n(defn run [context a b s t xs p] ${expression})\n`,
    };
  });
}

describe.each(['python', 'javascript', 'lispy'] as const)('random %s', (from) => {
  const sources = programs(from).filter(({ text }) => !/f"[^"]*\{[^}]*"/.test(text));

  it('agrees with its translations', { timeout: 240_000 }, async () => {
    const results = await differ(
      sources,
      LANGUAGES.filter((to) => to !== from),
      CALLS,
      7,
    );
    for (const agreements of results) {
      const values = agreements.reduce((sum, agreement) => sum + agreement.values, 0);
      for (const { file, differences } of agreements) {
        const text = sources.find(({ filename }) => filename === file)?.text;
        if (differences.length > 0) expect([text, differences]).toEqual([]);
      }
      // Powers of fractions do not go to Lua.
      expect(agreements.length).toBeGreaterThan(sources.length * 0.7);
      expect(values).toBeGreaterThan(agreements.length * CALLS * 0.25);
    }
  });
});
