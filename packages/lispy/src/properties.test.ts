import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileProgram,
  fromJson,
  type Json,
  LispyError,
  LispyFloat,
  LispyMap,
  listOf,
  parseProgram,
  printValue,
  symbol,
  toCanonical,
  toJson,
  type Value,
} from './index.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const atom: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.bigInt().map((value) => (value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value)),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => (Number.isInteger(value) ? new LispyFloat(value) : value)),
  text,
  fc
    .stringMatching(/^[a-z][a-z0-9?!*-]{0,8}$/)
    .filter((name) => !['nil', 'true', 'false'].includes(name))
    .map(symbol),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.array(tie('value'), { maxLength: 4 }).map((items) => listOf(items)),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map((entries) => new LispyMap(new Map(entries))),
  ),
}));

describe('values', () => {
  it('are read back as they were printed', () => {
    fc.assert(
      fc.property(value, (before) => {
        const source = printValue(before);
        const after = compileProgram(`(quote ${source})`).instantiate().runSync();
        expect(printValue(after)).toBe(source);
        expect(toCanonical(after)).toEqual(toCanonical(before));
      }),
      { numRuns: 500 },
    );
  });

  it('survive JSON and JSON survives them', () => {
    const json = fc
      .jsonValue({ noUnicodeString: false, maxDepth: 4 } as never)
      .map((sample) => JSON.parse(JSON.stringify(sample)) as Json);
    fc.assert(
      fc.property(json, (before) => {
        expect(JSON.stringify(toJson(fromJson(before)))).toBe(JSON.stringify(before));
      }),
      { numRuns: 500 },
    );
  });

  it('are dumped as JSON text that parses to the same', () => {
    const data = value.filter((sample) => !printValue(sample).includes('#<'));
    fc.assert(
      fc.property(data, (before) => {
        const instance = compileProgram('(define (again x) (json-parse (json-dump x)))').instantiate();
        instance.runSync();
        const after = instance.callSync(instance.get('again')!, [before]);
        expect(toJson(after)).toEqual(toJson(before));
      }),
      { numRuns: 300 },
    );
  });
});

describe('maps', () => {
  it('behave like a model through any history of versions', () => {
    const step = fc.record({
      from: fc.nat(20),
      key: fc.nat(5),
      value: fc.nat(9),
      kind: fc.constantFrom('with', 'set', 'without', 'delete'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const maps = [new LispyMap()];
        const models = [new Map<number, number>()];
        for (const { from, key, value: item, kind } of steps) {
          const at = from % maps.length;
          const model = models[at]!;
          if (kind === 'with') {
            maps.push(maps[at]!.with(key, item));
            models.push(new Map(model).set(key, item));
          } else if (kind === 'without') {
            maps.push(maps[at]!.without([key]));
            models.push(new Map([...model].filter(([other]) => other !== key)));
          } else if (kind === 'set') {
            maps[at]!.set(key, item);
            model.set(key, item);
          } else {
            maps[at]!.delete(key);
            model.delete(key);
          }
          for (const [index, map] of maps.entries()) expect([...map.entries()]).toEqual([...models[index]!]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Programs from a grammar that knows nothing of types: most are wrong somewhere. */
const names = ['x', 'y', 'f', 'g', 'loop', 'lst', 'm', 'nope'];
const procedures = [
  '+',
  '-',
  '*',
  '/',
  '=',
  '<',
  '%',
  'car',
  'cdr',
  'cons',
  'list',
  'append',
  'length',
  'nth',
  'map',
  'filter',
  'reduce',
  'apply',
  'sort',
  'str',
  'string-append',
  'substring',
  'string-split',
  'string-join',
  'get',
  'assoc',
  'dict-set!',
  'dict',
  'keys',
  'merge',
  'equal?',
  'not',
  'range',
  'reverse',
  'set-car!',
  'set-cdr!',
  'conj',
  'take',
  'flatten',
  'json-dump',
  'json-parse',
  'format',
  'group-by',
  'compose',
  'partial',
  'expt',
  'round',
  'error',
  'raise',
  'display',
  'string->number',
  'number->string',
  'member',
  'zip',
  'update-in',
  'dict-update!',
  'for-each',
  'any',
  'list-tail',
  'make-string',
  'string-repeat',
  'vector-set!',
  'distinct',
  'interleave',
  'random',
  'gensym',
  'string->symbol',
  'arithmetic-shift',
  'max',
  'sqrt',
  'log',
  'eval',
];
const { program } = fc.letrec<{ program: string; form: string }>((tie) => {
  const form = tie('form');
  const forms = (least: number, most: number) =>
    fc.array(form, { minLength: least, maxLength: most }).map((all) => all.join(' '));
  const name = fc.constantFrom(...names);
  return {
    program: fc.array(form, { minLength: 1, maxLength: 5 }).map((all) => all.join('\n')),
    form: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom(
        '0',
        '1',
        '-1',
        '2.5',
        '3.0',
        '10',
        '1000000',
        '99999999999999999999',
        '""',
        '"abc"',
        '"x,y"',
        'nil',
        '#t',
        '#f',
        '()',
        '[]',
        '{}',
        ':k',
        "'s",
        "'(1 2 . 3)",
        "'(a (b))",
      ),
      name,
      fc.constantFrom(...procedures),
      fc.tuple(fc.constantFrom(...procedures), forms(0, 4)).map(([head, rest]) => `(${head} ${rest})`),
      fc.tuple(form, forms(0, 2)).map(([head, rest]) => `(${head} ${rest})`),
      fc.tuple(name, form).map(([head, rest]) => `(define ${head} ${rest})`),
      fc.tuple(name, forms(1, 2)).map(([head, body]) => `(define (${head} x . y) ${body})`),
      fc.tuple(name, forms(1, 2)).map(([head, body]) => `(lambda (${head}) ${body})`),
      fc.tuple(name, form, forms(1, 2)).map(([head, init, body]) => `(let ((${head} ${init})) ${body})`),
      fc
        .tuple(form, forms(1, 2))
        .map(([init, body]) => `(let loop ((x ${init})) ${body} (if (equal? x 5) (loop 1) (loop (+ x 1))))`),
      fc.tuple(name, form).map(([head, rest]) => `(set! ${head} ${rest})`),
      fc.tuple(form, form, form).map(([test, yes, no]) => `(if ${test} ${yes} ${no})`),
      fc.tuple(form, form).map(([body, handler]) => `(try ${body} (catch e ${handler}))`),
      fc.tuple(form, form).map(([body, after]) => `(try ${body} (finally ${after}))`),
      forms(1, 3).map((items) => `[${items}]`),
      fc.tuple(form, form).map(([a, b]) => `{:a ${a} "b" ${b}}`),
      fc.tuple(name, form).map(([head, body]) => `(define-macro (${head} x) ${body})`),
      fc.tuple(form, form).map(([a, b]) => `\`(1 ,${a} ,@${b})`),
      fc.tuple(form, forms(1, 3)).map(([a, steps]) => `(-> ${a} ${steps})`),
      fc.tuple(form, form).map(([test, body]) => `(while ${test} ${body})`),
      fc.tuple(form, form).map(([count, body]) => `(dotimes (i ${count}) ${body})`),
      fc.tuple(form, form, form).map(([a, b, c]) => `(case ${a} ((1 2) ${b}) (else ${c}))`),
      fc.tuple(form, form).map(([a, b]) => `(cond (${a} ${b}) (else 1))`),
      forms(1, 3).map((items) => `(and ${items} (or ${items}))`),
      fc.constantFrom('(f)', ')', '(', "'", '(let', '#', '(if)', '(lambda x)', '(1 . 2)', '(quote)'),
    ),
  };
});

describe('random programs', () => {
  it('give a value or a typed error, in bounded time, sliced or not', async () => {
    const limits = { steps: 20_000, memory: 20_000_000, program: 20_000 };
    const outcome = (run: () => Value): string => {
      try {
        return printValue(run()).slice(0, 10_000);
      } catch (error) {
        if (!(error instanceof LispyError)) throw error;
        if (error.code === 'internal') throw error;
        return `${error.code} ${error.limit ?? ''} ${error.message}`;
      }
    };
    await fc.assert(
      fc.asyncProperty(program, async (source) => {
        const plain = outcome(() => compileProgram(source, { limits }).instantiate({ limits }).runSync());
        let sliced: string;
        try {
          const options = { limits, slice: 0, yield: () => Promise.resolve() };
          const instance = compileProgram(source, { limits }).instantiate(options);
          const result = await instance.run();
          sliced = outcome(() => result);
        } catch (error) {
          sliced = outcome(() => {
            throw error;
          });
        }
        expect(sliced.replaceAll(/__\d+/g, '')).toBe(plain.replaceAll(/__\d+/g, ''));
      }),
      { numRuns: 1500 },
    );
  }, 120_000);

  it('of raw characters are read or refused with a typed error', () => {
    const characters = fc.string({ unit: fc.constantFrom(...'()[]{}\'`~,@#|;"\\ \nab1.-:&%_'), maxLength: 40 });
    fc.assert(
      fc.property(characters, (source) => {
        try {
          parseProgram(source);
        } catch (error) {
          expect(error).toBeInstanceOf(LispyError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
