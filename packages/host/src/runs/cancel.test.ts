// Canceling: at once, by another process, and at the very moment in which a run finishes (spec 5, crash rules).
import { afterEach, expect, test } from 'vitest';
import { deferred } from '../testing/fake.ts';
import type { Runs } from './index.ts';
import { createBench, ended, eventsOf, inShort, refOf, runToEnd, until } from './testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

const hanging = () => {
  const seen = { aborted: 0, begun: 0 };
  const bench = createBench({
    hang: (context) =>
      new Promise((_resolve, reject) => {
        seen.begun += 1;
        context.signal.addEventListener('abort', () => {
          seen.aborted += 1;
          reject(context.signal.reason);
        });
      }),
    echo: (_context, args) => args,
  });
  return { ...bench, seen };
};

test('a run that nobody has begun ends at once, and is never begun', async () => {
  const { open, store, seen } = hanging();
  const door = keep(open({ works: false }));
  const ref = refOf(await door.create({ agent: 'hang', input: {} }));
  expect(await door.cancel(ref)).toMatchObject({ status: 'canceled', attempt: 0 });
  const worker = keep(open());
  await worker.recover();
  expect(inShort(await eventsOf(store, ref))).toEqual(['run.canceled']);
  expect(await worker.cancel(ref)).toMatchObject({ status: 'canceled' });
  expect(seen.begun).toBe(0);
});

test('a run of this process is interrupted', async () => {
  const { open, store, seen } = hanging();
  const runs = keep(open());
  const ref = refOf(await runs.create({ agent: 'hang', input: {} }));
  await until(() => seen.begun === 1);
  const asked = await runs.cancel(ref);
  expect(asked.cancel_requested_at).toBeDefined();
  expect(await ended(runs, ref)).toMatchObject({ status: 'canceled' });
  expect(seen.aborted).toBe(1);
  expect(inShort(await eventsOf(store, ref))).toEqual(['run.started', 'run.canceled']);
});

test('a run that is canceled while it is being claimed does not wait for its lease', async () => {
  const { open, store } = hanging();
  const gate = deferred();
  const claimed = deferred();
  const slow = {
    ...store,
    claim: async (...given: Parameters<typeof store.claim>) => {
      const records = await store.claim(...given);
      if (records.length > 0) {
        claimed.resolve();
        await gate.promise;
      }
      return records;
    },
  };
  const runs = keep(open({ store: slow, leaseMs: 600_000 }));
  const ref = refOf(await runs.create({ agent: 'hang', input: {} }));
  await claimed.promise;
  await runs.cancel(ref);
  gate.resolve();
  expect(await ended(runs, ref)).toMatchObject({ status: 'canceled' });
});

test('a run of another process is interrupted when that one renews its lease', async () => {
  const { open, seen } = hanging();
  const worker = keep(open({ leaseMs: 60 }));
  const door = keep(open({ works: false }));
  const ref = refOf(await door.create({ agent: 'hang', input: {} }));
  await worker.recover();
  await until(() => seen.begun === 1);
  await door.cancel(ref);
  expect(await ended(door, ref)).toMatchObject({ status: 'canceled' });
});

test('a run whose worker was lost after it was asked to cancel is canceled by the next one, and not begun', async () => {
  const { open, store, seen } = hanging();
  const door = keep(open({ works: false }));
  const ref = refOf(await door.create({ agent: 'hang', input: {} }));
  await store.claim('lost', { limit: 1, now: Date.now(), leaseMs: -1 });
  await door.cancel(ref);
  expect(await ended(keep(open()), ref)).toMatchObject({ status: 'canceled', attempt: 2 });
  expect(seen.begun).toBe(0);
});

test('a run that has ended stays as it is', async () => {
  const { open } = hanging();
  const runs = keep(open());
  const record = await runToEnd(runs, 'echo', { a: 1 });
  expect(await runs.cancel(refOf(record))).toEqual(record);
});

test('of finishing and canceling one wins, ten thousand times, and the last event says which', async () => {
  const outcomes = { finished: 0, canceled: 0 };
  for (let round = 0; round < 20; round++) {
    const { open, store } = createBench({ quick: () => 1 });
    const runs = keep(open({ concurrency: 100 }));
    const race = async (n: number) => {
      const ref = refOf(await runs.create({ agent: 'quick', input: {} }));
      for (let turn = 0; turn < n % 24; turn++) await undefined;
      if (n % 5 === 0) await new Promise((later) => setTimeout(later, n % 4));
      await Promise.all([runs.cancel(ref), ended(runs, ref)]);
      const record = await runs.get(ref);
      const last = (await eventsOf(store, ref)).filter(({ event_type: type }) => /finished|canceled|failed/.test(type));
      expect(last.map(({ event_type: type }) => type)).toEqual([`run.${record.status}`]);
      expect(record.result === undefined).toBe(record.status === 'canceled');
      outcomes[record.status as keyof typeof outcomes] += 1;
    };
    await Promise.all(Array.from({ length: 500 }, (_, n) => race(n)));
  }
  expect(outcomes.finished + outcomes.canceled).toBe(10_000);
  expect(Math.min(outcomes.finished, outcomes.canceled)).toBeGreaterThan(0);
}, 120_000);
