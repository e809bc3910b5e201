// Followers whose store tells them the lines themselves: all, some, twice, or only that there is something (spec 5).
import type { RunLines, RunRef, RunStore } from '@pypes/contract/runs';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createBench, ended, refOf } from '../testing/setup.ts';
import { followChanges } from './read-events.ts';

type Telling = 'lines' | 'look' | 'twice' | 'late';

const LINES = 40;
const opened: { close(graceMs: number): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

const bench = () =>
  createBench({
    talk: async (context) => {
      for (let n = 1; n <= LINES; n++) {
        context.log('info', `line ${n}`);
        if (n % 4 === 0) await new Promise((turn) => setTimeout(turn, 3));
      }
      return null;
    },
  });

/** A store that tells what was appended in one way or another, and counts its reads. */
function telling(store: RunStore, how: () => Telling): RunStore & { readonly reads: () => number } {
  const followers = new Set<(added?: RunLines) => void>();
  let reads = 0;
  const tell = (added: RunLines | undefined) => {
    const way = how();
    for (const onChange of followers) {
      if (way === 'late') setTimeout(onChange, 2);
      else onChange(way === 'look' ? undefined : added);
      if (way === 'twice') onChange(added);
    }
  };
  return {
    ...store,
    reads: () => reads,
    async append(ref, stream, lines) {
      const isStored = await store.append(ref, stream, lines);
      if (isStored && stream === 'events') tell(lines);
      return isStored;
    },
    async update(before, after, events) {
      const isStored = await store.update(before, after, events);
      if (isStored) tell(events);
      return isStored;
    },
    async read(...given) {
      reads += 1;
      return store.read(...given);
    },
    follow(_ref: RunRef, onChange) {
      followers.add(onChange);
      return () => followers.delete(onChange);
    },
  };
}

test('they miss and repeat nothing, however they are told', async () => {
  const ways = fc.array(fc.constantFrom<Telling>('lines', 'look', 'twice', 'late'), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(ways, fc.boolean(), async (plan, polls) => {
      const { open, store } = bench();
      let told = 0;
      const runs = open({ store: telling(store, () => plan[told++ % plan.length] as Telling) });
      opened.push(runs);
      const ref = refOf(await runs.create({ agent: 'talk', input: {} }));
      const seen: string[] = [];
      if (polls) {
        for (let cursor: string | undefined, isComplete = false; !isComplete; ) {
          const page = await runs.events(ref, { limit: 7, waitMs: 5_000, ...(cursor === undefined ? {} : { cursor }) });
          seen.push(...page.lines);
          [cursor, isComplete] = [page.nextCursor, page.complete];
        }
      } else for await (const { line } of runs.follow(ref)) seen.push(line);
      expect(seen).toEqual(await store.read(ref, 'events', 0, 1_000));
      expect(seen).toHaveLength(LINES + 2);
    }),
    { numRuns: 30 },
  );
});

test('what they are told they do not read', async () => {
  const { open, store } = bench();
  const told = telling(store, () => 'lines');
  const runs = open({ store: told });
  opened.push(runs);
  await ended(runs, refOf(await runs.create({ agent: 'talk', input: {} })));
  // The first look, and a second one where the run had begun before it.
  expect(told.reads()).toBeLessThanOrEqual(2);
});

test('a change without lines is looked at, also where it comes before one waits', async () => {
  let tell: (added?: RunLines) => void = () => undefined;
  const follow = (_: RunRef, onChange: (added?: RunLines) => void) => {
    tell = onChange;
    return () => undefined;
  };
  const changes = followChanges({ follow }, { tenant: '', run_id: 'run' }, undefined);
  changes.look();
  tell({ first: 1, lines: [] });
  const waited = await Promise.race([
    changes.next(60_000).then(() => 'told'),
    new Promise((late) => setTimeout(late, 500)),
  ]);
  expect(waited).toBe('told');
  tell({ first: 1, lines: ['1'] });
  tell({ first: 2, lines: [] });
  expect(changes.take(0, 9)).toEqual(['1']);
  expect(changes.take(1, 9)).toBeUndefined();
});

test('one that is slow keeps no more than a page of them, and reads the rest', () => {
  let tell: (added?: RunLines) => void = () => undefined;
  const store = {
    follow: (_: RunRef, onChange: (added?: RunLines) => void) => {
      tell = onChange;
      return () => undefined;
    },
  };
  const changes = followChanges(store, { tenant: '', run_id: 'run' }, undefined);
  expect(changes.take(0, 10)).toBeUndefined();
  changes.look();
  tell({ first: 1, lines: ['1', '2', '3'] });
  expect(changes.take(1, 1)).toEqual(['2']);
  expect(changes.take(2, 9)).toEqual(['3']);
  tell({ first: 3, lines: ['3'] });
  expect(changes.take(3, 9)).toEqual([]);
  for (let first = 4; first <= 1_000; first++) tell({ first, lines: [String(first)] });
  expect(changes.take(3, 9)).toBeUndefined();
  changes.look();
  tell({ first: 1_002, lines: ['1002'] });
  expect(changes.take(1_000, 9)).toBeUndefined();
});
