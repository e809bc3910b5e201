// What translate says: idiomatic outsides, verdicts for everything that does not translate, errors for the rest.
import { isPypesError } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import type { Language } from './language.ts';
import { translate } from './translate.ts';
import type { Verdict } from './verdict.ts';

async function verdictsOf(filename: string, text: string, to: Language): Promise<readonly Verdict[]> {
  const error: unknown = await translate({ filename, text, to }).catch((reason: unknown) => reason);
  if (!isPypesError(error) || error.code !== 'unsupported') throw error;
  return (error.details as unknown as { readonly verdicts: readonly Verdict[] }).verdicts;
}

const PYTHON =
  'AGENT = {"name": "hi", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "unit": {"type": "string"}}}}\n\n';
const JS = 'export const AGENT = { name: "hi" };\n';
const LISPY = '(def AGENT {:name "hi"})\n';
const LUA = 'AGENT = { name = "hi" }\n';

describe('the idiom of each target', () => {
  const source = `${PYTHON}def run(context, city, unit="C"):\n    return city + unit\n`;
  it.each([
    [
      'javascript',
      'hi.mjs',
      /export const AGENT = \{\s+name: "hi"/,
      /export function run\(_context, \{ .*unit.* = "C"/,
    ],
    ['lispy', 'hi.lispy', /\(def AGENT \{\s*:name "hi"/, /\(defn run \[context city unit\]/],
    ['lua', 'hi.lua', /^AGENT = \{\s+name = "hi"/m, /^function run\(context, args\)/m],
  ] as const)('%s', async (to, filename, agent, run) => {
    const made = await translate({ filename: 'hi.py', text: source, to });
    expect(made.filename).toBe(filename);
    expect(made.text).toMatch(agent);
    expect(made.text).toMatch(run);
  });

  it('python', async () => {
    const { text } = await translate({
      filename: 'hi.mjs',
      text: `${JS}export function run(context, { city, unit = "C" }) { return city + unit; }`,
      to: 'python',
    });
    expect(text).toMatch(/^AGENT = \{\s*"name": "hi"\s*\}/m);
    expect(text).toMatch(/^def run\(context, city=_undefined, unit="C", \*\*_rest\):/m);
  });

  it('is the same text every time, with only the helpers that are used', async () => {
    const once = await translate({ filename: 'hi.py', text: source, to: 'javascript' });
    expect(await translate({ filename: 'hi.py', text: source, to: 'javascript' })).toEqual(once);
    expect(once.text).not.toContain('_py_split');
  });

  it('reads the class shape and the Scheme shape', async () => {
    const python =
      'from agents.basic_agent import BasicAgent\n\nclass HiAgent(BasicAgent):\n    def __init__(self):\n        self.name = "hi"\n        self.metadata = {"name": self.name, "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}}}\n        super().__init__(self.name, self.metadata)\n\n    def perform(self, n=1, **kwargs):\n        return n + 1\n';
    expect((await translate({ filename: 'hi_agent.py', text: python, to: 'javascript' })).text).toContain('name: "hi"');
    const scheme =
      '(define agent-name "hi")\n(define agent-parameters (make-dict "n" "a text"))\n(define (agent-run context kwargs) (get kwargs "n"))';
    expect((await translate({ filename: 'hi_agent.lispy', text: scheme, to: 'python' })).text).toContain(
      'def run(context, **_rest)',
    );
  });
});

describe('verdicts', () => {
  it('name all constructs at once, each with its place and the reason', async () => {
    const text = `import os\nfrom datetime import date\n${PYTHON}def run(context, city):\n    try:\n        return open(city).read()\n    except OSError:\n        return os.getcwd()\n`;
    const verdicts = await verdictsOf('hi.py', text, 'javascript');
    expect(verdicts.map(({ line, construct }) => [line, construct])).toEqual([
      [1, 'import os'],
      [2, 'import datetime'],
      [6, 'try'],
      [7, 'open'],
      [7, '.read()'],
      [9, '.getcwd()'],
    ]);
    expect(verdicts.every(({ file, why }) => file === 'hi.py' && why.length > 0)).toBe(true);
  });

  it.each([
    ['async', 'async def run(context, n):\n    return n', 'async def'],
    ['a class', 'class A:\n    pass\ndef run(context, n):\n    return n', 'class'],
    ['a generator', 'def run(context, n):\n    yield n', 'yield'],
    ['the context', 'def run(context, n):\n    return context.memory.get("x")', 'context'],
    ['a mutable default', 'def run(context, n=[]):\n    return n', 'default'],
    ['a set', 'def run(context, n):\n    return list({n})', 'set'],
    ['a view', 'def run(context, n):\n    x = n.items()\n    return len(x)', '.items()'],
    ['identity', 'def run(context, n):\n    return n is n', 'is'],
    [
      'a changed constant',
      'CACHE = []\ndef run(context, n):\n    CACHE.append(n)\n    return len(CACHE)',
      'CACHE.append()',
    ],
    ['a global', 'N = 1\ndef run(context, n):\n    global N\n    return n', 'global'],
    ['a library function that rounds', 'import math\ndef run(context, n):\n    return math.sin(n)', 'math.sin'],
    ['a pattern', 'import re\ndef run(context, n):\n    return n', 'import re'],
    ['old formatting', 'def run(context, n):\n    return "%s" % n', '%'],
    ['a format that is computed', 'def run(context, n):\n    return f"{n:{n}}"', 'format'],
  ])('Python: %s', async (_what, body, construct) => {
    expect((await verdictsOf('hi.py', `${PYTHON}${body}\n`, 'lua')).map((verdict) => verdict.construct)).toContain(
      construct,
    );
  });

  it.each([
    ['async', 'export async function run() { return 1; }', 'async'],
    ['a regular expression', 'export function run(context, { s }) { return /a/.test(s); }', 'regular expression'],
    ['loose equality', 'export function run(context, { s }) { return s == 1; }', '=='],
    ['a class', 'class A {}\nexport function run() { return 1; }', 'ClassDeclaration'],
    ['an import', 'import fs from "node:fs";\nexport function run() { return 1; }', 'import "node:fs"'],
    ['what lives on between calls', 'let n = 0;\nexport function run() { return n++; }', 'let n'],
    [
      'a changed constant',
      'const all = [];\nexport function run(context, { s }) { all.push(s); return all.length; }',
      '.push()',
    ],
    [
      'a use before the definition',
      'export function run() { const f = () => g(); const g = () => 1; return f(); }',
      'g',
    ],
    [
      'a counter that functions keep',
      'export function run() { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map((f) => f()); }',
      'for (let i …)',
    ],
    [
      'a case that falls through',
      'export function run(context, { n }) { switch (n) { case 1: n = 2; case 2: return 3; } return n; }',
      'case',
    ],
    ['the clock', 'export function run() { return Date.now(); }', '.now()'],
    ['chance', 'export function run() { return Math.random(); }', '.random()'],
  ])('JavaScript: %s', async (_what, body, construct) => {
    expect((await verdictsOf('hi.mjs', `${JS}${body}\n`, 'python')).map((verdict) => verdict.construct)).toContain(
      construct,
    );
  });

  it.each([
    ['a macro', '(define-macro (m x) x)\n(defn run [context] 1)', 'define-macro'],
    ['a symbol', "(defn run [context] 'a)", 'quote'],
    ['the context', '(defn run [context] (memory-get "k"))', 'memory-get'],
    ['chance', '(defn run [context] (random))', 'random'],
    ['try', '(defn run [context x] (try x (catch e 1)))', 'try'],
    ['mutation of lists', '(defn run [context xs] (set-car! xs 1))', 'set-car!'],
  ])('LisPy: %s', async (_what, body, construct) => {
    expect((await verdictsOf('hi.lispy', `${LISPY}${body}\n`, 'python')).map((verdict) => verdict.construct)).toContain(
      construct,
    );
  });

  it.each([
    ['an order that is not there', 'function run(context, args) for k, v in pairs(args.t) do end end', 'pairs'],
    ['patterns', 'function run(context, args) return string.match(args.s, "a+") end', 'string.match'],
    ['powers', 'function run(context, args) return args.n ^ 2 end', '^'],
    ['several results', 'function run(context, args) return 1, 2 end', 'return'],
    ['metatables', 'function run(context, args) return setmetatable({}, {}) end', 'setmetatable'],
    ['goto', 'function run(context, args) goto a ::a:: end', 'goto'],
  ])('Lua: %s', async (_what, body, construct) => {
    expect((await verdictsOf('hi.lua', `${LUA}${body}\n`, 'python')).map((verdict) => verdict.construct)).toContain(
      construct,
    );
  });

  it('are the target’s too', async () => {
    const nullable =
      'export const AGENT = { name: "hi", parameters: { type: "object", properties: { x: {} } } };\nexport function run(context, { x = 5 }) { return x; }';
    expect((await verdictsOf('hi.mjs', nullable, 'lispy')).map(({ construct }) => construct)).toEqual([
      'parameter "x"',
    ]);
    const closure =
      '(def AGENT {:name "hi"})\n(defn run [context xs] (let [fs []] (doseq (x xs) (let [n 1] (set! fs (conj fs (fn [] (set! n (+ n x)) n))))) (map (fn [f] (f)) fs)))';
    expect((await verdictsOf('hi.lispy', closure, 'python')).map(({ construct }) => construct)).toEqual([
      'closure in a loop',
    ]);
  });
});

describe('files that are no agents', () => {
  it.each([
    ['hi.py', 'def run(:', 'agent_broken'],
    ['hi.py', 'x = 1', 'agent_broken'],
    ['hi.mjs', 'export const AGENT = {', 'agent_broken'],
    ['hi.lispy', '(def AGENT {:name "hi"', 'agent_broken'],
    ['hi.lua', 'function run(', 'agent_broken'],
    ['hi.rb', 'puts 1', 'unsupported'],
  ])('%s %j', async (filename, text, code) => {
    await expect(translate({ filename, text, to: filename === 'hi.py' ? 'lua' : 'python' })).rejects.toMatchObject({
      code,
    });
  });

  it('stay what they are', async () => {
    await expect(translate({ filename: 'hi.py', text: 'x', to: 'python' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
