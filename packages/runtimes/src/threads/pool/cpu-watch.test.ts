// The watch over processor time: what it counts to which call, whatever the answers of the thread are like.
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createCpuWatch } from './cpu-watch.ts';

/** A thread whose processor time the test sets, in milliseconds. */
function createFakeThread() {
  let used = 0;
  const asked: { readonly answer: () => void; readonly fail: () => void }[] = [];
  const worker = {
    cpuUsage: () =>
      new Promise((resolve, reject) => {
        asked.push({
          answer: () => resolve({ user: used * 700, system: used * 300 }),
          fail: () => reject(new Error('The thread has ended')),
        });
      }),
  } as unknown as Worker;
  const watch = createCpuWatch(worker);
  return {
    watch,
    asked,
    compute: (milliseconds: number) => {
      used += milliseconds;
    },
    /** A tick, and the answers to what it asked. */
    async tick(call: number | undefined): Promise<number> {
      const before = watch.tick(call);
      for (const { answer } of asked.splice(0)) answer();
      await Promise.resolve();
      return before;
    },
  };
}

describe('the time of a call', () => {
  it('counts from when the call is first seen, user and system together', async () => {
    const { tick, compute } = createFakeThread();
    compute(500);
    expect(await tick(1)).toBe(0);
    compute(30);
    expect(await tick(1)).toBe(0);
    expect(await tick(1)).toBe(30);
    compute(70);
    await tick(1);
    expect(await tick(1)).toBe(100);
  });

  it('is none of the next call', async () => {
    const { tick, compute } = createFakeThread();
    await tick(1);
    compute(90);
    await tick(1);
    expect(await tick(2)).toBe(0);
    compute(5);
    await tick(2);
    expect(await tick(2)).toBe(5);
  });

  it('is nothing while no call runs, and begins anew with the same number', async () => {
    const { tick, compute } = createFakeThread();
    await tick(1);
    compute(90);
    await tick(1);
    expect(await tick(undefined)).toBe(0);
    compute(90);
    expect(await tick(1)).toBe(0);
    expect(await tick(1)).toBe(0);
  });
});

describe('answers', () => {
  it('that come late are for the call that they were asked for', async () => {
    const { watch, asked, compute } = createFakeThread();
    watch.tick(1);
    compute(1_000);
    watch.tick(2);
    for (const { answer } of asked.splice(0)) answer();
    await Promise.resolve();
    expect(watch.tick(2)).toBe(0);
  });

  it('are awaited one at a time', () => {
    const { watch, asked } = createFakeThread();
    for (let tick = 0; tick < 10; tick++) watch.tick(1);
    expect(asked).toHaveLength(1);
  });

  it('that never come, as from a thread that has ended, count nothing and are asked for again', async () => {
    const { watch, asked } = createFakeThread();
    watch.tick(1);
    asked.shift()?.fail();
    await Promise.resolve();
    await Promise.resolve();
    expect(watch.tick(1)).toBe(0);
    expect(asked).toHaveLength(1);
  });
});
