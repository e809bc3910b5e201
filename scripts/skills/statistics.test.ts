// The skill `statistics`: summaries against the definitions, merged, handed on, and ended.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../packages/contract/src/index.ts';
import { closeSkills, loadSkill } from './testing/load-skill.ts';

const { agents, call, failureOf } = await loadSkill('statistics');
afterAll(closeSkills);

/** JSON has one zero. */
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((any) => any + 0);
const values = fc.array(value, { minLength: 1, maxLength: 200 });

async function summaryOf(all: readonly number[]): Promise<string> {
  const self = (await call('new-summary', {})) as string;
  expect(await call('summary-add-all', { self, values: all })).toBe(all.length);
  return self;
}

const reportOf = async (self: string) => (await call('summary-report', { self })) as { [key: string]: number };
const quantileOf = async (self: string, share: number) => (await call('summary-quantile', { self, share })) as number;

/** By the definition. */
function exactReport(all: readonly number[]) {
  const mean = all.reduce((sum, value) => sum + value / all.length, 0);
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2 / all.length, 0);
  return { count: all.length, mean, variance, least: Math.min(...all), most: Math.max(...all) };
}

function expectReport(report: { [key: string]: number }, all: readonly number[]): void {
  const { count, mean, variance, least, most } = exactReport(all);
  const scale = Math.max(1, Math.abs(least), Math.abs(most));
  expect(report).toMatchObject({ count, least, most });
  expect(Math.abs((report.mean ?? Number.NaN) - mean) / scale).toBeLessThan(1e-12);
  expect(Math.abs((report.variance ?? Number.NaN) - variance) / scale ** 2).toBeLessThan(1e-12);
  expect(report.deviation).toBe(Math.sqrt(report.variance ?? Number.NaN));
}

it('has a description for every function', () => {
  expect(agents).toHaveLength(7);
  for (const { metadata } of agents) expect(metadata.description).not.toMatch(/^Calls /);
});

describe('a summary', () => {
  it('reports what was added', async () => {
    const self = (await call('new-summary', {})) as string;
    for (const [index, value] of [2, 4, 4, 4, 5, 5, 7, 9].entries()) {
      expect(await call('summary-add', { self, value })).toBe(index + 1);
    }
    expect(await reportOf(self)).toEqual({ count: 8, mean: 5, variance: 4, deviation: 2, least: 2, most: 9 });
    await call('drop-summary', { self });
    expect(await failureOf('summary-report', { self })).toBe('invalid_input');
  });

  it('agrees with the definitions for any values', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (all) => {
        const self = await summaryOf(all);
        expectReport(await reportOf(self), all);
        await call('drop-summary', { self });
      }),
      { numRuns: 40 },
    );
  });

  it('has quantiles near the true ones', async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 0, max: 100 }), async (all, percent) => {
        const self = await summaryOf(all);
        const rank = Math.max(1, Math.ceil((percent * all.length) / 100));
        const exact = all.toSorted((a, b) => a - b)[rank - 1] ?? Number.NaN;
        const found = await quantileOf(self, percent / 100);
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.max(1e-6, Math.abs(exact) * 0.032));
        await call('drop-summary', { self });
      }),
      { numRuns: 60 },
    );
  });

  it('knows its extremes exactly, even beyond the buckets', async () => {
    const self = await summaryOf([1e100, -1e-30, 3]);
    expect([await quantileOf(self, 0), await quantileOf(self, 1)]).toEqual([-1e-30, 1e100]);
  });

  it('merged from two is that of all values, and the two have ended', async () => {
    await fc.assert(
      fc.asyncProperty(values, values, async (left, right) => {
        const [a, b] = [await summaryOf(left), await summaryOf(right)];
        const merged = (await call('summary-merge', { a, b })) as string;
        expectReport(await reportOf(merged), [...left, ...right]);
        expect(await failureOf('summary-report', { self: a })).toBe('invalid_input');
        const whole = await summaryOf([...left, ...right]);
        expect(await quantileOf(merged, 0.5)).toBe(await quantileOf(whole, 0.5));
        for (const self of [merged, whole]) await call('drop-summary', { self });
      }),
      { numRuns: 30 },
    );
  });

  it('merged from empty ones is empty', async () => {
    const [a, b] = [await call('new-summary', {}), await call('new-summary', {})];
    const self = await call('summary-merge', { a, b });
    expect(await failureOf('summary-report', { self } as JsonObject)).toBe('empty');
    expect(await failureOf('summary-quantile', { self, share: 0.5 } as JsonObject)).toBe('empty');
  });
});

describe('faults', () => {
  it('of values leave a summary as it was', async () => {
    const self = await summaryOf([1, 2, 3]);
    expect(await failureOf('summary-add', { self, value: 1e150 })).toBe('out-of-range');
    expect(await failureOf('summary-add', { self, value: 'NaN' })).toBe('out-of-range');
    expect(await failureOf('summary-add-all', { self, values: [4, -1e141, 5] })).toBe('out-of-range');
    expect(await failureOf('summary-quantile', { self, share: 1.1 })).toBe('no-quantile');
    expect(await failureOf('summary-quantile', { self, share: 'NaN' })).toBe('no-quantile');
    expect(await failureOf('summary-add', { self, value: 'four' })).toBe('invalid_input');
    expect(await reportOf(self)).toMatchObject({ count: 3, mean: 2 });
  });

  it('of handles: what is not yours, not there, or given twice', async () => {
    const self = await summaryOf([1]);
    expect(await failureOf('summary-report', { self }, 'bob')).toBe('invalid_input');
    expect(await failureOf('summary-report', { self: 'guessed' })).toBe('invalid_input');
    expect(await failureOf('summary-merge', { a: self, b: self })).not.toHaveProperty('answered');
  });
});

it('gives the memory of ended summaries to new ones', async () => {
  const before = await summaryOf([1, 2, 3]);
  for (let time = 0; time < 1500; time++) {
    const self = (await call('new-summary', {}, 'carl')) as string;
    await call('drop-summary', { self }, 'carl');
  }
  const self = (await call('new-summary', {}, 'carl')) as string;
  expect(await failureOf('summary-report', { self }, 'carl')).toBe('empty');
  expect(await reportOf(before)).toMatchObject({ count: 3, mean: 2 });
});
