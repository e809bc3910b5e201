// Handles against the border: they open what they were made for, for the user that they were made for, and no longer.
import type { Json, JsonObject } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCallHandler } from '../../testing/context.ts';
import { createHarness, outcomeOf, type Use } from '../testing/harness.ts';
import { between, keeping, twoKinds } from '../testing/keeping.ts';
import { counters, counterUser, home } from '../testing/resources.ts';

const { load, close } = createHarness();
let provider: Use;
let kinds: Use;
let keeper: Use;
let maker: Use;
beforeAll(async () => {
  const loaded = await Promise.all([counters(), twoKinds(), keeping(), counterUser()].map((bytes) => load(bytes)));
  [provider, kinds, keeper, maker] = loaded.map(({ use }) => use) as [Use, Use, Use, Use];
}, 60_000);
afterAll(close);

const REFUSED = { code: 'invalid_input' };
const open = async (user?: string) =>
  provider('new-counter', { start: 10 }, user === undefined ? {} : { userGuid: user });

/** Calls of one component become calls of another; `seen` records them. */
function wired(seen: (readonly [string, JsonObject])[] = []): { readonly onCall: TestCallHandler } {
  return {
    onCall: (name, args) => {
      seen.push([name, args]);
      return provider(name, args);
    },
  };
}

describe('a handle', () => {
  it('is worth nothing after its resource was dropped, or given away', async () => {
    const [a, b] = [await open(), await open()];
    await provider('drop-counter', { self: a });
    for (const name of ['counter-increment', 'drop-counter']) {
      expect(await outcomeOf(provider(name, { self: a })), name).toMatchObject(REFUSED);
    }
    const sum = await provider('counter-sum', { a: b, b: await open() });
    expect(await outcomeOf(provider('counter-increment', { self: b }))).toMatchObject(REFUSED);
    expect(await provider('counter-increment', { self: sum })).toBe(21);
  });

  it('cannot be guessed, counted up, or made from one that is known', async () => {
    const a = (await open()) as string;
    const last = a.endsWith('0') ? '1' : '0';
    const guesses: Json[] = [
      '',
      '0',
      '1',
      a.toUpperCase(),
      ` ${a}`,
      a.slice(0, -1) + last,
      0,
      1,
      null,
      {},
      [a],
      '__proto__',
    ];
    for (const self of guesses) {
      expect(await outcomeOf(provider('counter-increment', { self })), JSON.stringify(self)).toMatchObject(REFUSED);
    }
    expect(await provider('counter-increment', { self: a })).toBe(11);
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => open()))).size).toBe(50);
  });

  it('opens nothing for another user, who may know it', async () => {
    const ann = await open('ann');
    for (const userGuid of ['bob', 'Ann', '', undefined]) {
      const options = userGuid === undefined ? {} : { userGuid };
      expect(await outcomeOf(provider('counter-increment', { self: ann }, options))).toMatchObject(REFUSED);
      expect(await outcomeOf(provider('drop-counter', { self: ann }, options))).toMatchObject(REFUSED);
    }
    expect(await provider('counter-increment', { self: ann }, { userGuid: 'ann' })).toBe(11);
  });

  it('of one kind is none of another', async () => {
    const [apple, stone] = [await kinds('new-apple'), await kinds('new-stone')];
    expect(await outcomeOf(kinds('apple-eat', { self: stone }))).toMatchObject(REFUSED);
    expect(await outcomeOf(kinds('throw', { it: apple }))).toMatchObject(REFUSED);
    expect(await outcomeOf(kinds('drop-stone', { self: apple }))).toMatchObject(REFUSED);
    expect([await kinds('apple-eat', { self: apple }), await kinds('throw', { it: stone })]).toEqual([5, 1]);
  });

  it('is not taken from a call that was refused', async () => {
    const [apple, stone] = [await kinds('new-apple'), await kinds('new-stone')];
    expect(await outcomeOf(kinds('both', { a: apple, b: stone }))).toMatchObject(REFUSED);
    expect(await kinds('apple-eat', { self: apple })).toBe(5);
    expect(await kinds('throw', { it: stone })).toBe(1);
  });

  it('cannot be given away twice in one call', async () => {
    const apple = await kinds('new-apple');
    expect(await outcomeOf(kinds('both', { a: apple, b: apple }))).toHaveProperty('code');
    expect(await outcomeOf(kinds('apple-eat', { self: apple }))).toMatchObject(REFUSED);
    const [a, b] = [await kinds('new-apple'), await kinds('new-apple')];
    expect(await kinds('both', { a, b })).toBe(2);
  });

  it('dies with the instance that it belongs to', async () => {
    const apple = await kinds('new-apple');
    expect(await outcomeOf(kinds('many', { count: 4_000_000_000 }))).toHaveProperty('code');
    expect(await outcomeOf(kinds('apple-eat', { self: apple }))).toMatchObject(REFUSED);
  });

  it('is one of so many, and then no more', async () => {
    expect(await kinds('many', { count: 9_000 })).toHaveLength(9_000);
    expect(await outcomeOf(kinds('many', { count: 2_000 }))).toHaveProperty('code');
    expect(await kinds('many', { count: 100 })).toHaveLength(100);
  });
});

describe('a resource of another component', () => {
  it('is used by its handle, and each use is a call that the host sees', async () => {
    const seen: (readonly [string, JsonObject])[] = [];
    const c = await open();
    expect(await keeper('pass', { c }, wired(seen))).toBe(11);
    expect(await keeper('pass', { c }, wired(seen))).toBe(12);
    expect(seen).toEqual(Array(2).fill([`${home}#[method]counter.increment`, { self: c }]));
  });

  it('that was lent is worth nothing after the call, however it was kept', async () => {
    const seen: (readonly [string, JsonObject])[] = [];
    const c = await open();
    await keeper('keep', { c }, wired(seen));
    expect(await outcomeOf(keeper('use-kept', {}, wired(seen)))).toHaveProperty('code');
    expect(seen).toEqual([]);
    expect(await provider('counter-increment', { self: c })).toBe(11);
  });

  it('may have another one before it, of the same interface: each has handles of its own', async () => {
    const seen: (readonly [string, JsonObject])[] = [];
    const { use } = await load(between());
    const outer = await use('new-counter', { start: 5 }, wired(seen));
    expect(await use('counter-increment', { self: outer }, wired(seen))).toBe(106);
    const inner = seen[1]?.[1].self as Json;
    expect(inner).not.toBe(outer);
    expect(await outcomeOf(provider('counter-increment', { self: outer }))).toMatchObject(REFUSED);
    expect(await provider('counter-increment', { self: inner })).toBe(107);
  });

  it('that was never given is not made up from a number', async () => {
    const seen: (readonly [string, JsonObject])[] = [];
    expect(await outcomeOf(keeper('use-kept', {}, wired(seen)))).toHaveProperty('code');
    expect(seen).toEqual([]);
  });

  it('that was given away is dropped by whom it was given to', async () => {
    const seen: (readonly [string, JsonObject])[] = [];
    const c = await open();
    const before = (await provider('dropped')) as number;
    expect(await keeper('consume', { c }, wired(seen))).toBe(11);
    await expect.poll(() => provider('dropped')).toBe(before + 1);
    expect(seen.map(([name]) => name)).toEqual([`${home}#[method]counter.increment`, `${home}#[resource-drop]counter`]);
    expect(await outcomeOf(provider('counter-increment', { self: c }))).toMatchObject(REFUSED);
  });

  it.each([
    ['a handle that is none', 'nothing'],
    ['a number', 7],
    ['nothing', null],
  ])('is not there where its constructor gives %s', async (_name, handle) => {
    const onCall: TestCallHandler = (name, args) => (name.includes('[constructor]') ? handle : provider(name, args));
    expect(await outcomeOf(maker('twice', { start: 1 }, { onCall }))).toHaveProperty('code');
    expect(await maker('twice', { start: 1 }, wired())).toBe(3);
  });

  it('whose use is refused ends the call with that, at once', async () => {
    const onCall: TestCallHandler = (name, args) => {
      if (name.includes('increment')) throw new Error('No');
      return provider(name, args);
    };
    expect(await outcomeOf(maker('twice', { start: 1 }, { onCall }))).toMatchObject({ code: 'handler_failed' });
    expect(await maker('twice', { start: 1 }, wired())).toBe(3);
  });
});
