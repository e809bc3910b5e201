// Readers of events: by page, waiting, following, slow, and coming back again and again (spec 5).
import { toEventCursor } from '@pypes/contract/runs';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { deferred } from '../../testing/fake.ts';
import type { Runs } from '../index.ts';
import { createBench, ended, refOf, runToEnd, until } from '../testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

const LINES = 50;
const talkative = (lines = LINES) =>
  createBench({
    talk: async (context) => {
      for (let n = 1; n <= lines; n++) {
        context.log('info', `line ${n}`);
        if (n % 10 === 0) await new Promise((turn) => setTimeout(turn, 1));
      }
      return null;
    },
  });

describe('pages', () => {
  test('follow each other without a gap, and the last one says so', async () => {
    const runs = keep(talkative().open());
    const ref = refOf(await runToEnd(runs, 'talk'));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await runs.events(ref, { limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.lines);
      cursor = page.nextCursor;
      if (page.complete) break;
    }
    expect(seen.map((line) => JSON.parse(line).seq)).toEqual(Array.from({ length: LINES + 2 }, (_, n) => n + 1));
    expect(await runs.events(ref, { cursor, waitMs: 60_000 })).toEqual({
      lines: [],
      nextCursor: cursor,
      complete: true,
    });
  });

  test.each([
    [{ limit: 0 }],
    [{ limit: 501 }],
    [{ limit: -1 }],
    [{ limit: Number.NaN }],
    [{ waitMs: -1 }],
    [{ waitMs: 60_001 }],
    [{ cursor: 'abc' }],
    [{ cursor: toEventCursor('another', 3) }],
  ])('asked for with %j are refused', async (query) => {
    const runs = keep(talkative().open());
    const ref = refOf(await runToEnd(runs, 'talk'));
    await expect(runs.events(ref, query)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('come as soon as there is something for whoever waits', async () => {
    const gate = deferred();
    const { open } = createBench({
      wait: async (context) => {
        await gate.promise;
        context.log('info', 'now');
        await new Promise((turn) => setTimeout(turn, 20));
        return null;
      },
    });
    const runs = keep(open());
    const ref = refOf(await runs.create({ agent: 'wait', input: {} }));
    const first = await runs.events(ref, { waitMs: 60_000 });
    expect(first.lines.map((line) => JSON.parse(line).event_type)).toEqual(['run.started']);
    const cursor = first.nextCursor;
    expect(await runs.events(ref, { cursor, waitMs: 5 })).toEqual({ lines: [], nextCursor: cursor, complete: false });
    const abort = new AbortController();
    const left = runs.events(ref, { cursor, waitMs: 60_000, signal: abort.signal });
    abort.abort();
    expect((await left).lines).toEqual([]);
    const waiting = runs.events(ref, { cursor, waitMs: 60_000 });
    gate.resolve();
    expect((await waiting).lines.map((line) => JSON.parse(line).attrs.message)).toEqual(['now']);
  });
});

describe('followers', () => {
  test('that are slow get everything, and hold up neither the run nor more than a page', async () => {
    const bench = talkative(900);
    let largest = 0;
    const store = {
      ...bench.store,
      read: async (...given: Parameters<typeof bench.store.read>) => {
        const lines = await bench.store.read(...given);
        largest = Math.max(largest, lines.length);
        return lines;
      },
    };
    const runs = keep(bench.open({ store }));
    const ref = refOf(await runs.create({ agent: 'talk', input: {} }));
    const slow = runs.follow(ref)[Symbol.asyncIterator]();
    await slow.next();
    await ended(runs, ref);
    let count = 1;
    for (let step = await slow.next(); step.done !== true; step = await slow.next()) {
      count += 1;
      expect(JSON.parse(step.value.line).seq).toBe(count);
    }
    expect(count).toBe(902);
    expect(largest).toBeLessThanOrEqual(200);
  });

  test('end when they are told to, also while nothing happens', async () => {
    const gate = deferred();
    const runs = keep(createBench({ wait: () => gate.promise.then(() => null) }).open());
    const ref = refOf(await runs.create({ agent: 'wait', input: {} }));
    const abort = new AbortController();
    let events = 0;
    const following = (async () => {
      for await (const _ of runs.follow(ref, undefined, abort.signal)) events += 1;
    })();
    await until(() => events === 1);
    abort.abort();
    await following;
    gate.resolve();
    await ended(runs, ref);
    expect(events).toBe(1);
  });

  test('that leave a thousand times, anywhere, and come back miss and repeat nothing', async () => {
    const bench = talkative(200);
    const runs = keep(bench.open());
    const ref = refOf(await runs.create({ agent: 'talk', input: {} }));
    let leaves = 0;
    const read = async (visits: readonly { readonly events: number; readonly polls: boolean }[]) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      let isComplete = false;
      for (let visit = 0; !isComplete; visit++) {
        const { events, polls } = visits[visit % visits.length] as (typeof visits)[number];
        leaves += 1;
        if (polls) {
          const from = cursor === undefined ? {} : { cursor };
          const page = await runs.events(ref, { ...from, limit: events, waitMs: 20 });
          seen.push(...page.lines);
          cursor = page.nextCursor;
          isComplete = page.complete;
          continue;
        }
        let taken = 0;
        isComplete = true;
        for await (const each of runs.follow(ref, cursor)) {
          seen.push(each.line);
          cursor = each.cursor;
          taken += 1;
          if (taken < events) continue;
          isComplete = false;
          break;
        }
      }
      return seen;
    };
    const visits = fc.array(fc.record({ events: fc.integer({ min: 1, max: 9 }), polls: fc.boolean() }), {
      minLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(visits, async (plan) => {
        const seen = await read(plan);
        expect(seen).toEqual(await bench.store.read(ref, 'events', 0, 1_000));
        expect(seen).toHaveLength(202);
      }),
      { numRuns: 40 },
    );
    expect(leaves).toBeGreaterThan(1_000);
  });
});
