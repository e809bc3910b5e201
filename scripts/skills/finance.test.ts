// The skill `finance` against known values, against its own laws, and with arguments that it has to refuse.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../packages/contract/src/index.ts';
import { closeSkills, loadSkill } from './testing/load-skill.ts';

const { agents, call, failureOf } = await loadSkill('finance');
afterAll(closeSkills);

const cents = (amount: Json | undefined) => Math.round(Number(amount) * 100);

it('has a description for every function, and nothing beside them', () => {
  expect(agents.map(({ metadata }) => metadata.name).sort()).toEqual([
    'compound-interest',
    'depreciate',
    'internal-rate-of-return',
    'loan-schedule',
    'net-present-value',
    'round-money',
  ]);
  for (const { metadata } of agents) expect(metadata.description).not.toMatch(/^Calls /);
});

describe('round-money', () => {
  it.each([
    [1.005, 'EUR', null, '1.00'],
    [1.015, 'EUR', null, '1.02'],
    [1.005, 'EUR', 'half-up', '1.01'],
    [-1.005, 'EUR', 'half-up', '-1.01'],
    [2.675, 'USD', 'half-up', '2.68'],
    [1234.5, 'JPY', 'half-up', '1235'],
    [0.0004, 'KWD', 'up', '0.001'],
    [-0.001, 'USD', 'half-even', '0.00'],
    [9.999, 'USD', 'down', '9.99'],
    [1e-9, 'CLF', 'half-up', '0.0000'],
    [123456789012345, 'EUR', null, '123456789012345.00'],
  ])('%f %s %s is %s', async (amount, currency, rounding, text) => {
    const decimals = text.split('.')[1]?.length ?? 0;
    const rounded = await call('round-money', { amount, currency, rounding });
    expect(rounded).toEqual({ amount: Number(text), text, decimals });
  });

  it('of what it gave is the same again', async () => {
    const modes = fc.constantFrom('half-even', 'half-up', 'down', 'up');
    await fc.assert(
      fc.asyncProperty(fc.double({ min: -1e9, max: 1e9, noNaN: true }), modes, async (amount, rounding) => {
        const once = (await call('round-money', { amount, currency: 'EUR', rounding })) as { amount: number };
        expect(Math.abs(once.amount - amount)).toBeLessThan(0.01 + 1e-6);
        expect(await call('round-money', { amount: once.amount, currency: 'EUR', rounding })).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });

  it('says which currency it does not know, and which bounds there are', async () => {
    expect(await failureOf('round-money', { amount: 1, currency: 'XXX' })).toEqual({
      tag: 'unknown-currency',
      value: 'XXX',
    });
    expect(await failureOf('round-money', { amount: 1e16, currency: 'EUR' })).toEqual({
      tag: 'out-of-bounds',
      value: { argument: 'amount', least: -1e15, most: 1e15 },
    });
    expect(await failureOf('round-money', { amount: 'NaN', currency: 'EUR' })).toMatchObject({ tag: 'out-of-bounds' });
    expect(await failureOf('round-money', { amount: 1, currency: 'EUR', rounding: 'sideways' })).toBe('invalid_input');
  });
});

describe('compound-interest', () => {
  const grow = async (args: JsonObject) => (await call('compound-interest', args)) as { [key: string]: number };

  it('is that of the tables', async () => {
    const monthly = { tag: 'times-a-year', value: 12 };
    const grown = await grow({ principal: 1000, rate: 5, years: 10, compounding: monthly });
    expect(grown.balance).toBeCloseTo(1647.00949769, 6);
    expect(grown['effective-rate']).toBeCloseTo(5.1161897882, 8);
    const continuously = { tag: 'continuously' };
    const e = await grow({ principal: 1, rate: 100, years: 1, compounding: continuously });
    expect(e.balance).toBeCloseTo(Math.E, 12);
    const saved = await grow({ principal: 0, rate: 6, years: 1, compounding: monthly, deposit: 100 });
    expect(saved.balance).toBeCloseTo(1233.5562373, 6);
    expect(saved).toMatchObject({ deposited: 1200 });
  });

  it('without a rate is what was paid in', async () => {
    const compounding = { tag: 'times-a-year', value: 4 };
    const grown = await grow({ principal: 10, rate: 0, years: 2, compounding, deposit: 5 });
    expect(grown).toEqual({ balance: 50, deposited: 50, interest: 0, 'effective-rate': 0 });
  });

  it('refuses a deposit where interest never stops', async () => {
    const args = { principal: 1, rate: 5, years: 1, compounding: { tag: 'continuously' }, deposit: 1 };
    expect(await failureOf('compound-interest', args)).toMatchObject({ value: { argument: 'deposit', most: 0 } });
  });
});

describe('loan-schedule', () => {
  it('is that of a bank', async () => {
    const schedule = await call('loan-schedule', { loan: { principal: 1200, rate: 12, months: 3 } });
    expect(schedule).toEqual({
      monthly: 408.03,
      'total-paid': 1224.08,
      'total-interest': 24.08,
      payments: [
        { month: 1, paid: 408.03, interest: 12, principal: 396.03, balance: 803.97 },
        { month: 2, paid: 408.03, interest: 8.04, principal: 399.99, balance: 403.98 },
        { month: 3, paid: 408.02, interest: 4.04, principal: 403.98, balance: 0 },
      ],
    });
    const mortgage = (await call('loan-schedule', {
      loan: { principal: 200_000, rate: 6, months: 360 },
    })) as JsonObject;
    expect(mortgage.monthly).toBe(1199.1);
  });

  it('repays all of it, to the cent', async () => {
    const loans = fc.record({
      principal: fc.integer({ min: 100, max: 100_000_000 }).map((amount) => amount / 100),
      rate: fc.integer({ min: 0, max: 300 }).map((rate) => rate / 10),
      months: fc.integer({ min: 1, max: 480 }),
      extra: fc.option(fc.integer({ min: 0, max: 1000 })),
    });
    await fc.assert(
      fc.asyncProperty(loans, async (loan) => {
        const failed = await failureOf('loan-schedule', { loan });
        if ((failed as JsonObject).tag === 'never-repaid') return;
        const { answered } = failed as { answered: JsonObject };
        const payments = answered.payments as readonly JsonObject[];
        const sum = (key: string) => payments.reduce((total, payment) => total + cents(payment[key]), 0);
        expect(payments.at(-1)?.balance).toBe(0);
        expect(sum('principal')).toBe(cents(loan.principal));
        expect(sum('paid')).toBe(cents(answered['total-paid']));
        expect(sum('interest')).toBe(cents(answered['total-interest']));
      }),
      { numRuns: 40 },
    );
  });

  it('knows currencies without cents, and loans that are never repaid', async () => {
    const yen = { principal: 100_000, rate: 3, months: 12, currency: 'JPY' };
    expect(((await call('loan-schedule', { loan: yen })) as JsonObject).monthly).toBe(8469);
    const endless = { principal: 1000, rate: 100, months: 1200 };
    expect(await failureOf('loan-schedule', { loan: endless })).toEqual({ tag: 'never-repaid', value: 83.33 });
    expect(await failureOf('loan-schedule', { loan: { ...endless, months: 0 } })).toMatchObject({
      value: { argument: 'loan.months' },
    });
    expect(await failureOf('loan-schedule', { loan: { principal: 1, rate: 1 } })).toBe('invalid_input');
  });
});

describe('values and rates of flows', () => {
  it.each([
    [10, [-100, 60, 60], 4.1322314],
    [0, [-100, 60, 60], 20],
    [8, [-1000, 300, 400, 500], 17.6294],
  ])('at %f %% %j is worth %f', async (rate, flows, value) => {
    expect(await call('net-present-value', { rate, flows })).toBeCloseTo(value, 4);
  });

  it.each([
    [[-100, 110], 10],
    [[-1000, 300, 300, 300, 300], 7.7138473],
    [[-100, 100], 0],
    [[-100, 50], -50],
    [[-1, 0, 0, 8], 100],
  ])('%j returns %f %%', async (flows, rate) => {
    expect(await call('internal-rate-of-return', { flows })).toBeCloseTo(rate, 6);
  });

  it('are worth nothing at the rate that they return', async () => {
    const gains = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: 5000 }), gains, async (cost, flows) => {
        const rate = (await call('internal-rate-of-return', { flows: [-cost, ...flows] })) as number;
        fc.pre(rate > -50);
        const value = (await call('net-present-value', { rate, flows: [-cost, ...flows] })) as number;
        expect(Math.abs(value / cost)).toBeLessThan(1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('say why there is no rate', async () => {
    expect(await failureOf('internal-rate-of-return', { flows: [1, 2] })).toEqual({ tag: 'no-rate' });
    expect(await failureOf('internal-rate-of-return', { flows: [0, 0] })).toEqual({ tag: 'no-rate' });
    expect(await failureOf('internal-rate-of-return', { flows: [-1000, 2300, -1320] })).toEqual({
      tag: 'several-rates',
      value: [10, 20],
    });
    expect(await failureOf('net-present-value', { rate: 5, flows: [] })).toMatchObject({ tag: 'out-of-bounds' });
    expect(await failureOf('net-present-value', { rate: -60, flows: [1] })).toMatchObject({ tag: 'out-of-bounds' });
  });
});

it.each([
  [{ tag: 'straight-line' }, [775, 550, 325, 100]],
  [{ tag: 'sum-of-years' }, [640, 370, 190, 100]],
  [{ tag: 'declining-balance', value: 2 }, [500, 250, 125, 100]],
])('depreciate by %j', async (depreciation, values) => {
  expect(await call('depreciate', { cost: 1000, salvage: 100, years: 4, depreciation })).toEqual(values);
});

it('knows no time and no chance, and takes no script', async () => {
  expect(
    await failureOf('depreciate', { cost: 1, salvage: 2, years: 1, depreciation: { tag: 'straight-line' } }),
  ).toEqual({
    tag: 'out-of-bounds',
    value: { argument: 'salvage', least: 0, most: 1 },
  });
  expect(agents.some(({ metadata }) => metadata.name === 'init')).toBe(false);
});
