// Gives runs to workers, and lets them keep those that they have.
import type { ClaimOptions, RunRecord, RunRef, RunStore } from '@pypes/contract/runs';
import { createBatches } from './batch.ts';
import { byRef, isNameless, keyOf, toRecord } from './rows.ts';
import type { Session } from './session.ts';

/** `claim`, `stale`, `take` and `renew`. A claim whose answer is lost is nobody's until its lease is over. */
export function createClaims(
  session: Session,
): Pick<RunStore, 'claim' | 'take' | 'renew'> & Required<Pick<RunStore, 'stale'>> {
  const { database, statements } = session;
  const take = createTake(session);
  return {
    async claim(owner, { limit, now, leaseMs }) {
      const values = [limit, owner, now, now + leaseMs, new Date(now).toISOString()];
      return (await database.change(statements.claim, values)).map(toRecord);
    },
    async stale({ queuedBefore, now, limit }) {
      const rows = await database.query(statements.stale, [queuedBefore, now, limit]);
      return rows.map(([tenant, run_id]) => ({ tenant: String(tenant), run_id: String(run_id) }));
    },
    async take(ref, owner, options) {
      return isNameless(ref.tenant, ref.run_id) ? undefined : take({ ref, owner, options });
    },
    async renew(owner, refs, leaseUntil) {
      const asked = refs.filter(({ tenant, run_id }) => !isNameless(tenant, run_id)).toSorted(byRef);
      const columns = [asked.map(({ tenant }) => tenant), asked.map(({ run_id }) => run_id)];
      const rows = await database.query(statements.renew, [owner, ...columns, leaseUntil]);
      const kept = new Map(rows.map(([tenant, run_id, isCanceled]) => [JSON.stringify([tenant, run_id]), isCanceled]));
      const only = (wanted: unknown) => refs.filter((ref) => kept.get(keyOf(ref)) === wanted);
      return {
        lost: only(undefined).map(({ run_id }) => run_id),
        canceled: only(true).map(({ run_id }) => run_id),
      };
    },
  };
}

type Taking = {
  readonly ref: RunRef;
  readonly owner: string;
  readonly options: Omit<ClaimOptions, 'limit'>;
};

function createTake({ database, statements, lanes }: Session) {
  async function takeAll(given: readonly Taking[]): Promise<readonly (RunRecord | undefined)[]> {
    const all = given.toSorted((a, b) => byRef(a.ref, b.ref));
    const rows = await database.change(statements.take, [
      all.map(({ ref }) => ref.tenant),
      all.map(({ ref }) => ref.run_id),
      all.map(({ owner }) => owner),
      all.map(({ options }) => options.now + options.leaseMs),
      all.map(({ options }) => new Date(options.now).toISOString()),
    ]);
    const taken = new Map(rows.map(toRecord).map((record) => [keyOf(record), record]));
    return given.map(({ ref }) => taken.get(keyOf(ref)));
  }

  return createBatches<Taking, RunRecord | undefined>({
    run: takeAll,
    keyOf: ({ ref }) => keyOf(ref),
    sizeOf: () => 0,
    lanes,
  });
}
