// Components that end badly, or not at all: a typed error for their own call, and nothing for anybody else's.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createHarness, outcomeOf, type Use } from '../testing/harness.ts';
import { ending, starting } from '../testing/hostile.ts';
import { HAS_THREADS } from '../testing/threads.ts';

const { load, close } = createHarness();
const built = ending();
let use: Use;
beforeAll(async () => {
  use = (await load(built)).use;
});
afterAll(close);

const FAILED = { code: 'handler_failed' };

describe('an instance', () => {
  it('is never used again after a trap', async () => {
    const ann = { userGuid: 'ann' };
    expect([await use('count', {}, ann), await use('count', {}, ann)]).toEqual([1, 2]);
    await use('poke', { at: 60_000, value: 42 }, ann);
    for (const [name, args] of [
      ['trap', {}],
      ['divide', { by: 0 }],
      ['recurse', { depth: 4_000_000_000 }],
      ['peek', { at: 65_533 }],
      ['poke', { at: 4_294_967_295, value: 1 }],
    ] as const) {
      await use('count', {}, ann);
      expect(await outcomeOf(use(name, args, ann)), name).toMatchObject(FAILED);
      expect(await use('count', {}, ann), name).toBe(1);
      expect(await use('peek', { at: 60_000 }, ann), name).toBe(0);
    }
  });

  it('lives on after an error that its WIT knows, and after arguments that were refused', async () => {
    const bob = { userGuid: 'bob' };
    expect(await use('count', {}, bob)).toBe(1);
    expect(await outcomeOf(use('refuse', {}, bob))).toMatchObject({ ...FAILED, details: { payload: '' } });
    expect(await outcomeOf(use('peek', { at: -1 }, bob))).toMatchObject({ code: 'invalid_input' });
    expect(await use('count', {}, bob)).toBe(2);
  });

  it("is one user's alone: nothing of a call is there for the next user", async () => {
    const users = Array.from({ length: 20 }, (_, at) => ({ userGuid: `user-${at}` }));
    for (const user of users) await use('poke', { at: 60_000, value: 7 }, user);
    for (const user of [...users, { userGuid: 'fresh' }, {}]) {
      const found = await use('peek', { at: 60_000 }, user);
      // Those who come again may find their own instance or a fresh one.
      expect('userGuid' in user && user.userGuid !== 'fresh' ? [0, 7] : [0]).toContain(found);
      await use('poke', { at: 60_000, value: 0 }, user);
    }
    const counts = await Promise.all(users.map((user) => use('count', {}, user)));
    expect(new Set(counts)).toEqual(new Set([1]));
  });

  it('of packs is apart as well', async () => {
    const other = await load(built, {}, { packGuid: 'b0e0c1d2-0000-4000-8000-000000000002' });
    await use('poke', { at: 50_000, value: 9 });
    expect(await other.use('peek', { at: 50_000 })).toBe(0);
  });
});

describe('recursion', () => {
  it('goes as deep as there is stack, fails, and begins anew', async () => {
    expect(await use('recurse', { depth: 1_000 })).toBe(1_000);
    for (let round = 0; round < 3; round++) {
      expect(await outcomeOf(use('recurse', { depth: 4_000_000_000 }))).toMatchObject(FAILED);
      expect(await use('recurse', { depth: 1_000 })).toBe(1_000);
    }
  });
});

describe('processor time', () => {
  const exhausted = { code: 'resource_exhausted', details: { limit: 'cpu_ms', maximum: 200 } };

  it('ends an endless loop, while other calls of the same component go on', async () => {
    const { use: short } = await load(built, { cpuMs: 200 });
    const spinning = outcomeOf(short('spin', {}, { userGuid: 'spinner' }));
    const others = Array.from({ length: 30 }, (_, at) => short('divide', { by: 1 }, { userGuid: `u${at}` }));
    expect(await Promise.all(others)).toEqual(Array(30).fill(1));
    expect(await use('divide', { by: 1 })).toBe(1);
    expect(await spinning).toMatchObject(exhausted);
    expect(await short('divide', { by: 1 })).toBe(1);
  });

  it('ends many at once, each with its own error', async () => {
    const { use: short } = await load(built, { cpuMs: 200 });
    const spinning = Array.from({ length: 6 }, (_, at) => outcomeOf(short('spin', {}, { userGuid: `s${at}` })));
    for (const found of await Promise.all(spinning)) expect(found).toMatchObject(exhausted);
    expect(await short('divide', { by: 1 })).toBe(1);
  });

  it('lets those pass that are busy within it, one after another', async () => {
    // Each computes for a while: together they would be over the limit, which is one for each call.
    const { use: enough } = await load(built, { cpuMs: 5_000 });
    for (let round = 0; round < 10; round++) {
      expect(await outcomeOf(enough('compute', { rounds: 100_000_000 }))).toHaveProperty('value');
    }
  }, 120_000);

  it('is counted from the first instruction, before any function is called', async () => {
    const { use: endless } = await load(starting('(loop $l (br $l))'), { cpuMs: 200 });
    expect(await outcomeOf(endless('fine'))).toMatchObject(exhausted);
    const { use: trapping } = await load(starting('unreachable'));
    expect(await outcomeOf(trapping('fine'))).toMatchObject(FAILED);
    const { use: deep } = await load(starting('(call $start)'));
    expect(await outcomeOf(deep('fine'))).toMatchObject(FAILED);
  });

  it.skipIf(!HAS_THREADS)('does not pass while a call is canceled (needs threads)', async () => {
    const context = createTestContext({ agent: 'spin' });
    const spinning = outcomeOf(use('spin', {}, { context }));
    setTimeout(() => context.abort(), 100);
    expect(await spinning).toMatchObject({ code: 'canceled' });
    expect(await use('divide', { by: 1 })).toBe(1);
  });
});
