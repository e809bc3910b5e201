// The memory of calls: nothing lost, nothing mixed, nothing of the host's reachable.
import type { Json } from '@pypes/contract';
import { createMemoryMemoryStore } from '@pypes/stores/memory';
import { describe, expect, it } from 'vitest';
import { createCallMemory } from './call-memory.ts';
import { createLocks } from './locks.ts';

const PACK = '00000000-0000-4000-8000-000000000001';
const never = new AbortController().signal;

function setup(mostBytes = 10_000) {
  const store = createMemoryMemoryStore();
  const locks = createLocks();
  return (chain: string, userGuid?: string, signal = never) => {
    const releases: (() => void)[] = [];
    const scope = { packGuid: PACK, ...(userGuid === undefined ? {} : { userGuid }) };
    const memory = createCallMemory({
      store,
      locks,
      scope,
      chain,
      signal: () => signal,
      mostBytes,
      onEnd: (release) => releases.push(release),
    });
    return { memory, end: () => releases.splice(0).forEach((release) => void release()) };
  };
}

describe('keys', () => {
  it('get, set, delete and list', async () => {
    const { memory } = setup()('c1');
    await memory.set('b/2', 2);
    await memory.set('a/1', { x: [1] });
    expect([await memory.get('a/1'), await memory.get('nothing')]).toEqual([{ x: [1] }, undefined]);
    expect([await memory.list(), await memory.list('b/')]).toEqual([['a/1', 'b/2'], ['b/2']]);
    expect([await memory.delete('b/2'), await memory.delete('b/2')]).toEqual([true, false]);
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('%j is a key like any other', async (key) => {
    const { memory } = setup()('c1');
    expect(await memory.get(key)).toBeUndefined();
    await memory.set(key, 'mine');
    expect([await memory.get(key), await memory.list()]).toEqual(['mine', [key]]);
    expect(({} as { [key: string]: Json }).mine).toBeUndefined();
  });

  it('keeps the keys of the host out of reach', async () => {
    const { memory } = setup()('c1');
    await expect(memory.set('$files', {})).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(memory.delete('$files')).rejects.toMatchObject({ code: 'invalid_input' });
    const taken = await memory.checkout();
    await taken.commit({ $files: { 'a/b': 'x' }, k: 1 });
    expect([await memory.get('$files'), await memory.list()]).toEqual([undefined, ['k']]);
  });

  it('refuses a document that would pass its limit, and keeps the one before', async () => {
    const { memory } = setup(40)('c1');
    await memory.set('a', 'x'.repeat(30));
    await expect(memory.set('a', 'x'.repeat(40))).rejects.toMatchObject({ code: 'resource_exhausted' });
    expect(await memory.get('a')).toBe('x'.repeat(30));
  });
});

describe('taking the document out', () => {
  it('is for one chain of calls at a time, in the order they came', async () => {
    const open = setup();
    const counts = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const { memory, end } = open(`chain ${index}`);
        const taken = await memory.checkout();
        const n = Number(taken.document.n ?? 0);
        await new Promise((turn) => setTimeout(turn, index % 3));
        await taken.commit({ ...taken.document, n: n + 1 });
        end();
        return n;
      }),
    );
    expect(counts).toEqual(counts.map((_, index) => index));
    expect(await open('last').memory.get('n')).toBe(50);
  });

  it('is shared by the calls of one chain', async () => {
    const open = setup();
    const outer = open('chain');
    await outer.memory.checkout();
    const inner = open('chain');
    await inner.memory.checkout();
    inner.end();
    const other = open('other').memory.checkout();
    await expect(Promise.race([other, new Promise((turn) => setTimeout(turn, 20, 'waiting'))])).resolves.toBe(
      'waiting',
    );
    outer.end();
    await expect(other).resolves.toBeDefined();
  });

  it('never mixes users', async () => {
    const open = setup();
    const a = await open('a', '00000000-0000-4000-8000-00000000000a').memory.checkout();
    const b = await open('b', '00000000-0000-4000-8000-00000000000b').memory.checkout();
    await a.commit({ who: 'a' });
    await b.commit({ who: 'b' });
    expect(await open('c', '00000000-0000-4000-8000-00000000000a').memory.get('who')).toBe('a');
    expect(await open('d').memory.get('who')).toBeUndefined();
  });

  it('keeps what others wrote to other keys meanwhile', async () => {
    const open = setup();
    const { memory } = open('a');
    const taken = await memory.checkout();
    await open('b').memory.set('theirs', 1);
    await taken.commit({ mine: 2 });
    await taken.commit({ mine: 3 });
    expect([await memory.get('theirs'), await memory.get('mine')]).toEqual([1, 3]);
  });

  it('lets go of a call that ends while it waits', async () => {
    const open = setup();
    const holder = open('a');
    await holder.memory.checkout();
    const abort = new AbortController();
    const waiting = open('b', undefined, abort.signal).memory.checkout();
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'canceled' });
    holder.end();
    await expect(open('c').memory.checkout()).resolves.toBeDefined();
  });
});
