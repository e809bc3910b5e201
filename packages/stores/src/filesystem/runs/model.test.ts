// The law of the run store: whatever is done to it, and whenever it is opened anew, it answers as one in memory does.
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryRunStore } from '../../memory/index.ts';
import { newRoot } from '../../testing/roots.ts';
import { finished, linesOf, NOW, newRun, next } from '../../testing/runs-made.ts';
import { createFilesystemRunStore } from './index.ts';

const TENANTS = ['', 'acme'];
const RUNS = 6;
const LEASE = 1_000;

const ref = fc.record({
  tenant: fc.constantFrom(...TENANTS),
  number: fc.integer({ min: 1, max: RUNS }),
});
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('create' as const), ref, key: fc.constantFrom(undefined, 'k1', 'k2') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), ref, owner: fc.constantFrom('w1', 'w2') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      limit: fc.nat(3),
      after: fc.constantFrom(0, LEASE - 1, LEASE, 5 * LEASE),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      ref,
      stream: fc.constantFrom('events' as const, 'calls' as const),
      count: fc.integer({ min: 0, max: 5 }),
      off: fc.constantFrom(0, 0, 0, 1, -1),
      text: fc.string({ unit: 'binary-ascii' }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      ref,
      to: fc.constantFrom('finish' as const, 'ask' as const, 'requeue' as const),
      count: fc.nat(2),
      isLate: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('renew' as const),
      owner: fc.constantFrom('w1', 'w2'),
      until: fc.constantFrom(LEASE, 3 * LEASE),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), ref, after: fc.nat(10), limit: fc.nat(10) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      tenant: fc.constantFrom(...TENANTS),
      limit: fc.nat(4),
      status: fc.constantFrom(undefined, 'queued' as const, 'running' as const, 'finished' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

it('answers as the store in memory does, across any number of openings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
      const folder = newRoot();
      const open = () =>
        createFilesystemRunStore({ folder, segmentBytes: 4_000, onError: ({ message }) => expect.fail(message) });
      let disk = open();
      const memory = createMemoryRunStore();
      for (const each of steps) {
        if (each.do === 'reopen') {
          await disk.close();
          disk = open();
          // A new process owes nothing to the leases of the old one.
          for (const tenant of TENANTS) {
            for (const run of await memory.list(tenant, { limit: 99, status: 'running' })) {
              await memory.renew(run.owner as string, [run], 0);
            }
          }
        } else expect(await perform(disk, each)).toEqual(await perform(memory, each));
      }
      expect(await everything(disk)).toEqual(await everything(memory));
      await disk.close();
      disk = open();
      expect(await everything(disk)).toEqual(await everything(memory));
      await disk.close();
    }),
    { numRuns: 40 },
  );
}, 300_000);

async function perform(store: RunStore, step: Exclude<Step, { do: 'reopen' }>): Promise<unknown> {
  switch (step.do) {
    case 'create': {
      const run = newRun(0, { ...refOf(step.ref), ...(step.key && { idempotency_key: step.key }) });
      const made = await store.create(run).catch((error: { code: string }) => error.code);
      return typeof made === 'string' ? made : [made.isNew, comparable(made.record)];
    }
    case 'take': {
      const taken = await store.take(refOf(step.ref), step.owner, { now: NOW, leaseMs: LEASE });
      return taken && comparable(taken);
    }
    case 'claim':
      return (await store.claim('w3', { limit: step.limit, now: NOW + step.after, leaseMs: LEASE })).map(comparable);
    case 'append': {
      const run = await store.get(refOf(step.ref));
      const first = (await store.last(refOf(step.ref), step.stream)) + 1 + step.off;
      const to = { ...refOf(step.ref), attempt: run?.attempt ?? 1 };
      return store.append(to, step.stream, linesOf(first, step.count, step.text));
    }
    case 'update': {
      const run = await store.get(refOf(step.ref));
      if (run === undefined) return undefined;
      const before: RunRecord = step.isLate ? { ...run, version: run.version - 1 } : run;
      const { owner: _, lease_until: __, ...free } = before;
      const after = {
        finish: finished(before),
        ask: next(before, { cancel_requested_at: '2026-03-01T12:00:00.500Z' }),
        requeue: next(free, { status: 'queued' }),
      }[step.to];
      const first = (await store.last(run, 'events')) + 1;
      return store.update(before, after, step.count === 0 ? undefined : linesOf(first, step.count, 'update'));
    }
    case 'renew': {
      const refs = TENANTS.flatMap((tenant) =>
        Array.from({ length: RUNS }, (_, index) => refOf({ tenant, number: index + 1 })),
      );
      const { lost, canceled } = await store.renew(step.owner, refs, NOW + step.until);
      return [[...lost].sort(), [...canceled].sort()];
    }
    case 'read':
      return store.read(refOf(step.ref), 'events', step.after, step.limit);
    case 'list': {
      const query = { limit: step.limit, ...(step.status && { status: step.status }) };
      return (await store.list(step.tenant, query)).map(comparable);
    }
  }
}

async function everything(store: RunStore): Promise<unknown> {
  const all: unknown[] = [];
  for (const tenant of TENANTS) {
    for (const run of await store.list(tenant, { limit: 99 })) {
      all.push(comparable(run), comparable((await store.get(run)) as RunRecord));
      for (const stream of ['events', 'calls'] as const) {
        all.push(await store.last(run, stream), await store.read(run, stream, 0, 999));
      }
    }
  }
  return all;
}

/** Renewals are not kept on the disk, since nobody has them after it is opened anew. */
function comparable({ lease_until: _, ...record }: RunRecord): unknown {
  return record;
}

/** The ids of one tenant lie between those of another, so that it is sure whose run is older. */
function refOf({ tenant, number }: { readonly tenant: string; readonly number: number }) {
  return { tenant, run_id: newRun(number * 10 + TENANTS.indexOf(tenant)).run_id };
}
