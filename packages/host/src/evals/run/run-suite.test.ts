// Suites as they run: what becomes of failures, repetitions, limits and cancellation, and what the figures say.
import { type Json, PypesError } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toSuite } from '../suite/parse-suite.ts';
import { compareScorecards, parseBaseline } from './compare.ts';
import type { CallCase } from './run-case.ts';
import { type RunSuite, runSuite } from './run-suite.ts';
import { summarize } from './summarize.ts';
import { wilson } from './wilson.ts';

const scorers = { schemas: createAjvCompiler() };
const never = new AbortController().signal;

const suiteOf = (cases: readonly { readonly [key: string]: Json }[], gate: { readonly [key: string]: Json } = {}) =>
  toSuite({ name: 's', cases, gate: { min_average_score: 1, ...gate } });
const four = suiteOf([
  { id: 'a', input: { n: 1 }, expect: 1, tags: ['odd'] },
  { id: 'b', input: { n: 2 }, expect: 2, tags: ['even'] },
  { id: 'c', input: { n: 3 }, expect: 3, tags: ['odd', 'last'] },
  { id: 'd', input: { n: 4 }, expect: 5, tags: ['even', 'last'] },
]);
const echo: CallCase = async ({ input }) => input.n as Json;
const run = (options: Partial<RunSuite> = {}) => {
  let time = 0;
  return runSuite({ suite: four, call: echo, scorers, now: () => (time += 5), signal: never, ...options });
};

describe('runSuite', () => {
  test('scores every case, in the order of the suite, and sums up by tag', async () => {
    const { cases, summary, tags } = await run({ parallel: 3 });
    expect(cases.map(({ id, score, passed }) => [id, score, passed])).toEqual([
      ['a', 1, true],
      ['b', 1, true],
      ['c', 1, true],
      ['d', 0, false],
    ]);
    expect(cases[3]?.reason).toBe('The output is 4, expected 5');
    expect(summary).toMatchObject({ total: 4, passed: 3, failed: 0, average_score: 0.75, pass_rate: 0.75 });
    expect(tags.map(({ tag, passed, total }) => [tag, passed, total])).toEqual([
      ['even', 1, 2],
      ['last', 1, 2],
      ['odd', 2, 2],
    ]);
  });

  test('a call that fails is a score of 0 with its code; one that cannot be scored says that', async () => {
    const suite = suiteOf([
      { id: 'breaks', input: {}, expect: 1 },
      { id: 'odd', input: {}, scorer: { use: 'agent', agent: 'm' } },
      { id: 'strange', input: {}, expect: 1 },
    ]);
    const { cases, summary } = await run({
      suite,
      scorers: { ...scorers, callAgent: async () => 7 },
      call: async ({ id }) => {
        if (id === 'breaks') throw new PypesError('timeout', 'It took too long');
        if (id === 'strange') return Number.NaN;
        return 1;
      },
    });
    expect(cases.map(({ score, failure }) => [score, failure?.stage, failure?.code])).toEqual([
      [0, 'call', 'timeout'],
      [0, 'score', 'invalid_output'],
      [0, 'score', 'internal'],
    ]);
    expect(summary.failed).toBe(3);
  });

  test('passes with the score that is asked for', async () => {
    const suite = suiteOf([
      { id: 'a', input: {}, scorer: { use: 'agent', agent: 'm' }, pass_score: 0.7 },
      { id: 'b', input: {}, scorer: { use: 'agent', agent: 'm' }, pass_score: 0.8 },
    ]);
    const { cases } = await run({ suite, call: async () => 1, scorers: { ...scorers, callAgent: async () => 0.7 } });
    expect(cases.map(({ passed }) => passed)).toEqual([true, false]);
  });

  test('repeats cases, and finds those that are not the same each time', async () => {
    let turn = 0;
    const { cases, stability } = await run({
      repeat: 4,
      parallel: 1,
      call: async ({ id, input }) => (id === 'b' && turn++ % 2 === 0 ? 'wrong' : (input.n as Json)),
    });
    expect(cases[1]).toMatchObject({ score: 0.5, passed: false, scores: [0, 1, 0, 1] });
    expect(stability).toEqual({ stable: 3, share: 0.75, flaky: ['b'] });
  });

  test('repeats three times where the gate asks for stability and nobody says how often', async () => {
    const suite = suiteOf([{ id: 'a', input: { n: 1 }, expect: 1 }], { stability: 1 });
    expect((await run({ suite })).repeat).toBe(3);
    expect((await run()).repeat).toBe(1);
  });

  test('has never more calls under way than it may, and all of those that it may', async () => {
    let [now, most] = [0, 0];
    const gates: (() => void)[] = [];
    const suite = suiteOf(Array.from({ length: 9 }, (_, n) => ({ id: `c${n}`, input: { n }, expect: n })));
    const running = run({
      suite,
      parallel: 3,
      call: async ({ input }) => {
        most = Math.max(most, ++now);
        await new Promise<void>((open) => gates.push(open));
        now -= 1;
        return input.n as Json;
      },
    });
    for (let opened = 0; opened < 9; opened++) {
      while (gates.length === 0) await new Promise((next) => setImmediate(next));
      gates.shift()?.();
    }
    expect((await running).summary.passed).toBe(9);
    expect(most).toBe(3);
  });

  test('tells of each case once', async () => {
    const told: [number, number, string][] = [];
    await run({ repeat: 2, onProgress: ({ done, total, result }) => void told.push([done, total, result.id]) });
    expect(told.map(([done]) => done)).toEqual([1, 2, 3, 4]);
    expect(new Set(told.map(([, , id]) => id)).size).toBe(4);
  });

  test('ends when it is canceled, and starts nothing more', async () => {
    const abort = new AbortController();
    let begun = 0;
    const running = run({
      signal: abort.signal,
      parallel: 2,
      call: async (_case, signal) => {
        if (++begun === 2) abort.abort(new PypesError('canceled', 'Enough'));
        await new Promise((_, failed) => {
          if (signal.aborted) failed(signal.reason);
          signal.addEventListener('abort', () => failed(signal.reason));
        });
        return 1;
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'canceled' });
    expect(begun).toBe(2);
  });

  test('calls nothing where a scorer cannot work, or a number is out of its bounds', async () => {
    let calls = 0;
    const call: CallCase = async () => ++calls;
    const suite = suiteOf([
      { id: 'a', input: {}, expect: 1 },
      { id: 'b', input: {}, scorer: { use: 'llm_judge', criteria: 'x' } },
    ]);
    await expect(run({ suite, call })).rejects.toMatchObject({ code: 'unsupported' });
    for (const bad of [{ parallel: 0 }, { parallel: 257 }, { repeat: 1.5 }, { repeat: 101 }, { repeat: Number.NaN }])
      await expect(run({ ...bad, call })).rejects.toMatchObject({ code: 'invalid_request' });
    expect(calls).toBe(0);
  });

  test('keeps outputs short', async () => {
    const suite = suiteOf([{ id: 'a', input: {}, expect: 1 }]);
    const { cases } = await run({ suite, call: async () => 'x'.repeat(1_000_000) });
    expect(cases[0]?.output?.length).toBeLessThanOrEqual(2000);
  });
});

describe('the Wilson interval', () => {
  // As published tables and calculators have them.
  test.each([
    [8, 10, 0.4902, 0.9433],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [1, 1, 0.2065, 1],
    [50, 100, 0.4038, 0.5962],
    [15, 148, 0.0624, 0.1605],
  ])('of %i in %i', (passed, total, low, high) => {
    const found = wilson(passed, total);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  const counts = fc.nat(100_000).chain((total) => fc.tuple(fc.nat(total), fc.constant(total)));
  test('holds the rate, within 0 and 1, mirrors failures, and shrinks with more cases', () => {
    fc.assert(
      fc.property(counts, ([passed, total]) => {
        const { low, high } = wilson(passed, total);
        expect(low >= 0 && low <= high && high <= 1).toBe(true);
        if (total > 0) expect(low <= passed / total && passed / total <= high).toBe(true);
        const mirrored = wilson(total - passed, total);
        expect(mirrored.low).toBeCloseTo(1 - high, 9);
        if (total > 0) {
          const more = wilson(passed * 4, total * 4);
          expect(more.high - more.low).toBeLessThan(high - low);
        }
      }),
    );
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('a comparison', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  const scores = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), score, { noNullPrototype: true });
  const cardOf = (by: { readonly [id: string]: number }) => ({
    suite: 's',
    cases: Object.entries(by).map(([id, value]) => ({
      id,
      score: value,
      passed: value === 1,
      tags: [],
      duration_ms: 0,
    })),
  });

  test('counts every case once, and turns round when its sides do', () => {
    fc.assert(
      fc.property(scores, scores, (now, before) => {
        const there = compareScorecards(cardOf(now), cardOf(before));
        const back = compareScorecards(cardOf(before), cardOf(now));
        expect(there.common + there.added.length).toBe(Object.keys(now).length);
        expect(there.common + there.missing.length).toBe(Object.keys(before).length);
        expect(there.difference).toBeCloseTo(-back.difference, 12);
        expect(there.improved.map(({ id }) => id).sort()).toEqual(back.regressed.map(({ id }) => id).sort());
        expect(compareScorecards(cardOf(now), cardOf(now))).toMatchObject({
          difference: 0,
          improved: [],
          regressed: [],
        });
      }),
    );
  });

  test('the mean of a summary is within its scores', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 50 }), (all) => {
        const { average_score } = summarize(cardOf(Object.fromEntries(all.entries())).cases);
        expect(average_score).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12);
        expect(average_score).toBeLessThanOrEqual(Math.max(...all) + 1e-12);
      }),
    );
  });

  test('takes scorecards and nothing else for a baseline', async () => {
    const card = JSON.parse(JSON.stringify(await run())) as { [key: string]: Json };
    expect(parseBaseline(card).cases.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    const first = { id: 'a', score: 1 };
    for (const bad of [
      null,
      [],
      {},
      { ...card, format: 'other' },
      { ...card, cases: [{ id: 'a', score: 'x' }] },
      { ...card, cases: [{ id: 'a', score: 1.5 }] },
      { ...card, cases: [{ id: 'a', score: null }] },
      { ...card, cases: [first, first] },
    ])
      expect(() => parseBaseline(bad)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
