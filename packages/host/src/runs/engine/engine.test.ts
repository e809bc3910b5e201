// Engines: one from outside that hands runs to workers, and the embedded one among others of its kind (spec 5, stores).
import type { ExecuteRun, RunEngine, RunRef } from '@pypes/contract/runs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Runs } from '../index.ts';
import { createBench, ended, eventsOf, refOf, until } from '../testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

/** An engine from outside: hands each run to its one worker, and again where that one could not end it. */
function createFakeEngine({ failures = 0 } = {}) {
  const told: string[] = [];
  let left = failures;
  let execute: ExecuteRun | undefined;
  const stops = new Map<string, AbortController>();
  const waiting: RunRef[] = [];
  async function run(ref: RunRef): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      const stop = new AbortController();
      stops.set(ref.run_id, stop);
      try {
        await execute?.(ref, stop.signal);
        told.push('ended');
        return;
      } catch {
        told.push('again');
      }
    }
  }
  const engine: RunEngine = {
    async submit(ref) {
      if (left > 0) {
        left -= 1;
        throw new Error('Nobody is there');
      }
      told.push('submitted');
      if (execute === undefined) waiting.push(ref);
      else void run(ref);
    },
    async cancel(ref) {
      stops.get(ref.run_id)?.abort();
    },
    async work(given) {
      execute = given;
      for (const ref of waiting.splice(0)) void run(ref);
    },
    close: async () => undefined,
  };
  return { engine, told, interrupt: (ref: RunRef) => stops.get(ref.run_id)?.abort() };
}

describe('an engine from outside', () => {
  test('gets a run that was accepted by a process that died before it could hand it on', async () => {
    const { open, store } = createBench({ echo: (_context, args) => args });
    const gone = open({ engine: createFakeEngine({ failures: Number.POSITIVE_INFINITY }).engine, works: false });
    const ref = refOf(await gone.create({ agent: 'echo', input: { a: 1 } }));
    expect((await store.get(ref))?.status).toBe('queued');
    await gone.close(0);
    const { engine, told } = createFakeEngine();
    const next = keep(open({ engine, leaseMs: 40 }));
    expect(await ended(next, ref)).toMatchObject({ status: 'finished', result: { a: 1 } });
    expect(told).toContain('submitted');
  });

  test('gets every run, also where it was not there at first', async () => {
    const { open } = createBench({ echo: (_context, args) => args });
    const { engine, told } = createFakeEngine({ failures: 3 });
    const troubles: string[] = [];
    const runs = keep(open({ engine, onTrouble: ({ what }) => troubles.push(what) }));
    const record = await runs.create({ agent: 'echo', input: { a: 1 } });
    expect(record.status).toBe('queued');
    expect(await ended(runs, refOf(record))).toMatchObject({ status: 'finished', attempt: 1 });
    expect(troubles).toEqual(['submit', 'submit', 'submit']);
    await until(() => told.length === 2);
    expect(told).toEqual(['submitted', 'ended']);
  });

  test('is told to try again where its worker was interrupted, and not where the run was canceled', async () => {
    let begun = 0;
    const { open, store } = createBench({
      hang: (context) => {
        begun += 1;
        return new Promise((_done, reject) =>
          context.signal.addEventListener('abort', () => reject(new Error('Stop'))),
        );
      },
    });
    const { engine, told, interrupt } = createFakeEngine();
    const runs = keep(open({ engine }));
    const ref = refOf(await runs.create({ agent: 'hang', input: {} }));
    await until(() => begun === 1);
    interrupt(ref);
    await until(() => begun === 2);
    await runs.cancel(ref);
    expect(await ended(runs, ref)).toMatchObject({ status: 'canceled', attempt: 2 });
    await until(() => told.length === 3);
    expect(told).toEqual(['submitted', 'again', 'ended']);
    const seen = await eventsOf(store, ref);
    expect(seen.filter(({ attrs }) => attrs.handed_over === true)).toHaveLength(1);
  });
});

describe('embedded engines over one store', () => {
  test('share the runs, and execute each once', async () => {
    const seen: number[] = [];
    const { open } = createBench({
      note: async (_context, { n }) => {
        await undefined;
        seen.push(Number(n));
        return n as number;
      },
    });
    const workers = Array.from({ length: 3 }, () => keep(open({ concurrency: 4 })));
    const created = await Promise.all(
      Array.from({ length: 300 }, (_, n) => (workers[n % 3] as Runs).create({ agent: 'note', input: { n } })),
    );
    const records = await Promise.all(created.map((record) => ended(workers[0] as Runs, refOf(record))));
    expect(records.every(({ status, attempt }) => status === 'finished' && attempt === 1)).toBe(true);
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });

  test('never have more under way than they may', async () => {
    let active = 0;
    let most = 0;
    const { open } = createBench({
      work: async () => {
        active += 1;
        most = Math.max(most, active);
        await new Promise((later) => setTimeout(later, 1));
        active -= 1;
        return null;
      },
    });
    const runs = keep(open({ concurrency: 3 }));
    const created = await Promise.all(Array.from({ length: 50 }, () => runs.create({ agent: 'work', input: {} })));
    await Promise.all(created.map((record) => ended(runs, refOf(record))));
    expect(most).toBe(3);
  });

  test('take what another process left, told by the store or by the clock', async () => {
    const { open, store } = createBench({ echo: (_context, args) => args });
    let changed: () => void = () => undefined;
    const watching = {
      ...store,
      watch: (onChange: () => void) => {
        changed = onChange;
        return () => undefined;
      },
    };
    const hour = keep(open({ store: watching, leaseMs: 3_600_000 }));
    await hour.recover();
    const door = keep(open({ works: false }));
    const told = refOf(await door.create({ agent: 'echo', input: {} }));
    changed();
    expect(await ended(door, told)).toMatchObject({ status: 'finished' });
    await hour.close(0);
    const found = refOf(await door.create({ agent: 'echo', input: {} }));
    keep(open({ leaseMs: 40 }));
    expect(await ended(door, found)).toMatchObject({ status: 'finished' });
  });
});
