// What `load` leaves out makes no difference to whoever calls what a program defines.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProgram, LispyError, type Program, printValue, type Value } from '../index.ts';

/** The text of a call's value or error, after `run` or `load`, and what was printed on the way. */
function outcome(program: Program, how: 'run' | 'load', name: string, args: readonly Value[] = []): string {
  const instance = program.instantiate();
  try {
    if (how === 'run') instance.runSync();
    else instance.load();
    const fn = instance.get(name);
    const value = fn === undefined ? 'not there' : printValue(instance.callSync(fn, [...args]));
    return `${instance.output}${value}`;
  } catch (error) {
    if (!(error instanceof LispyError)) throw error;
    return `${instance.output}${error.code}: ${error.message}`;
  }
}

const atom = fc.oneof(
  fc.integer({ min: -99, max: 99 }).map(String),
  fc.constantFrom('nil', 'true', 'false', '1.5', '"text"', ':word', "'name", '123456789012345678901234567890'),
);
const { data } = fc.letrec<{ data: string }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc.array(tie('data'), { maxLength: 3 }).map((items) => `[${items.join(' ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom(':a', '"b"', '3', 'nil'), tie('data')), { maxLength: 3 })
      .map((pairs) => `{${pairs.flat().join(' ')}}`),
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }).map((items) => `'(${items.join(' ')})`),
  ),
}));

describe('a program that only defines', () => {
  it('gives its procedures the same after load as after run', () => {
    const definition = fc.record({ value: data, isRead: fc.boolean(), isSet: fc.boolean() });
    fc.assert(
      fc.property(fc.array(definition, { minLength: 1, maxLength: 5 }), (definitions) => {
        const forms = definitions.flatMap(({ value, isRead, isSet }, index) => [
          `(def d${index} ${value})`,
          ...(isSet ? [`(defn change${index} [] (set! d${index} 1) nil)`] : []),
          ...(isRead ? [`(defn get${index} [] ${isSet ? `(change${index})` : ''} d${index})`] : []),
        ]);
        const program = compileProgram(forms.join('\n'));
        expect(program.rest === program.main).toBe(false);
        for (const [index, { isRead }] of definitions.entries()) {
          if (isRead) expect(outcome(program, 'load', `get${index}`)).toBe(outcome(program, 'run', `get${index}`));
        }
      }),
    );
  });

  it('has nothing to evaluate where its data is read by nobody', () => {
    const program = compileProgram(
      '(def AGENT {:name "a" :tags ["b" {:c nil}]}) (defn run [context text] {:text text})',
    );
    expect(program.rest).toBeUndefined();
    expect(outcome(program, 'load', 'run', [null, 'hi'])).toBe(outcome(program, 'run', 'run', [null, 'hi']));
  });

  it('still knows a name that is nearly one of its own', () => {
    const program = compileProgram('(def AGENT {:name "a"}) (defn run [] AGNET)');
    expect(outcome(program, 'load', 'run')).toContain('AGENT');
    expect(outcome(program, 'load', 'run')).toBe(outcome(program, 'run', 'run'));
  });

  it.each(['{"n" 0}', '(dict "n" 0)'])('shares nothing that a call can change: %s', (value) => {
    const program = compileProgram(
      `(def box ${value}) (def n 0) (defn run [] (dict-set! box "n" (+ 1 (get box "n"))) (set! n (+ n 1)) [n (get box "n")])`,
    );
    for (let call = 0; call < 3; call++) expect(outcome(program, 'load', 'run')).toBe(outcome(program, 'run', 'run'));
  });
});

describe('a program that does more', () => {
  it.each([
    ['prints', '(display "x") (defn run [] 1)'],
    ['computes', '(def a (+ 1 2)) (defn run [] a)'],
    ['computes what nobody reads, and fails', '(def a (/ 1 0)) (defn run [] 1)'],
    ['defines twice', '(def a 1) (def a 2) (defn run [] a)'],
    ['uses what comes later', '(def b (run)) (defn run [] 1)'],
    ['reads what comes later', '(def b a) (def a 1) (defn run [] b)'],
    ['defines within a condition', '(if true (def a 1)) (defn run [] a)'],
    ['assigns', '(def a 1) (set! a 2) (defn run [] a)'],
    ['has a key that is none', '(def AGENT {[1] 2}) (defn run [] 1)'],
    ['has a key without a value', '(def AGENT {:a}) (defn run [] 1)'],
    ['closes over something', '(def run (let [n 1] (fn [] n)))'],
    ['names a builtin again', '(defn list [& items] 1) (def a [1 2]) (defn run [] [a (list 2 3)])'],
    ['names a builtin again, after it was used', '(def a (list 1)) (defn list [& items] 2) (defn run [] [a (list 1)])'],
    ['has a macro', '(defmacro twice [x] (list (quote +) x x)) (def a (twice 2)) (defn run [] (twice a))'],
    ['draws lots', '(def a (random)) (defn run [] a)'],
  ])('does it at every load: one that %s', (_what, source) => {
    let program: Program;
    try {
      program = compileProgram(source);
    } catch (error) {
      // Refused before anything runs.
      expect(error).toBeInstanceOf(LispyError);
      return;
    }
    expect(outcome(program, 'load', 'run')).toBe(outcome(program, 'run', 'run'));
  });

  it('asks its host again at every load', () => {
    const program = compileProgram('(def at (clock)) (defn run [] at)');
    let time = 0;
    const load = () => {
      const instance = program.instantiate({ bindings: { clock: () => ++time } });
      instance.load();
      return printValue(instance.callSync(instance.get('run') as Value, []));
    };
    expect([load(), load()]).toEqual(['1', '2']);
  });
});

describe('whether a procedure looks at a parameter', () => {
  it.each<[boolean, string]>([
    [false, '(defn run [context text] text)'],
    [true, '(defn run [context text] [context text])'],
    [false, '(defn run [context text] (let [context 1] context))'],
    [true, '(defn run [context text] (fn [] context))'],
    [true, '(defn run [context text] ((fn [f] (f)) (fn [] (get context "agent"))))'],
    [false, '(defn run [context text] (set! context 1) text)'],
    [true, '(defn run [context text] (set! context (list context)) text)'],
    [true, '(defmacro who [] (quote context)) (defn run [context text] (who))'],
    [true, '(defmacro who [] (string->symbol "context")) (defn run [context text] (who))'],
    [true, '(defn run [& all] (first all))'],
    [true, '(def run (let [n 1] (fn [context] n)))'],
    [true, '(display 1) (defn run [context text] text)'],
    [true, '(defn other [] 1)'],
    [true, '(defn run [context n] (if (= n 0) context (run context (- n 1))))'],
  ])('%s: %s', (reads, source) => {
    expect(compileProgram(source).reads('run', 0)).toBe(reads);
  });
});
