// The queue of runs that nobody has: oldest first, each once, and no larger than what waits.
import type { RunRecord } from '@pypes/contract/runs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isFree } from '../../run-rules.ts';
import { newRun } from '../../testing/runs-made.ts';
import { createClaims } from './claims.ts';
import { type RunState, stateOf } from './state.ts';

const NOW = 1_000;

function stateWith(record: RunRecord): RunState {
  const { run_id, tenant, status, version } = record;
  const place = { segment: 1, offset: 0, bytes: 0 };
  const row = { k: 1, run_id, tenant, status, version, agent: undefined, idempotencyKey: undefined, place };
  return { ...stateOf({ ...row, events: 0, calls: 0 }), record };
}

it('gives what a search through all runs would give', () => {
  const change = fc.record({
    run: fc.nat(11),
    status: fc.constantFrom('queued' as const, 'running' as const, 'finished' as const),
    lease: fc.integer({ min: 0, max: 2 * NOW }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), fc.nat(14), (changes, limit) => {
      const states = new Map<number, RunState>();
      const claims = createClaims((state) => state.record as RunRecord);
      for (const { run, status, lease } of changes) {
        const record = { ...newRun(run), status, lease_until: lease };
        const state = states.get(run) ?? stateWith(record);
        states.set(run, state);
        state.record = record;
        claims.sort(state);
        const expected = [...states.entries()]
          .sort(([a], [b]) => a - b)
          .map(([, each]) => each)
          .filter(({ record: each }) => isFree(each as RunRecord, NOW))
          .slice(0, limit);
        expect(claims.next(limit, NOW).map(({ run_id }) => run_id)).toEqual(expected.map(({ run_id }) => run_id));
      }
    }),
    { numRuns: 100 },
  );
});

it('gives an orphan whatever its lease says, until somebody has it', () => {
  const claims = createClaims((state) => state.record as RunRecord);
  const state = stateWith({ ...newRun(1), status: 'running', lease_until: NOW * 2 });
  claims.sort(state);
  expect(claims.next(1, NOW)).toEqual([]);
  claims.orphan(state);
  expect(claims.next(1, NOW)).toEqual([state]);
  expect(claims.next(1, NOW)).toEqual([state]);
  claims.taken(state);
  expect(claims.next(1, NOW)).toEqual([]);
});

it('forgets runs that were taken past it', () => {
  const claims = createClaims((state) => state.record as RunRecord);
  for (let number = 0; number < 20_000; number++) {
    const state = stateWith(newRun(number));
    claims.sort(state);
    state.record = { ...newRun(number), status: 'finished' };
    claims.sort(state);
  }
  expect(claims.next(5, NOW)).toEqual([]);
  expect(claims.length).toBeLessThan(5_000);
});
