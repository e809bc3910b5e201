// Runs in maps: for tests, and for hosts that keep nothing.
import { isTerminal, type RunLines, type RunRecord, type RunRef, type RunStore } from '@pypes/contract/runs';
import { createFollowers } from '../run-followers.ts';
import {
  checkLines,
  checkNewRun,
  checkNextVersion,
  hasAttempt,
  isCurrent,
  isFree,
  isListed,
  keepLease,
  renewLeases,
  runExists,
  toClaimed,
} from '../run-rules.ts';

type Run = { record: RunRecord; readonly events: string[]; readonly calls: string[] };

/** A run store without a disk: one process, and everything is forgotten with it. */
export function createMemoryRunStore(): RunStore {
  const tenants = new Map<string, Map<string, Run>>();
  const byIdempotencyKey = new Map<string, Run>();
  const unfinished = new Set<Run>();
  const followers = createFollowers();
  const find = ({ tenant, run_id }: RunRef) => tenants.get(tenant)?.get(run_id);

  function replace(run: Run, record: RunRecord, events?: RunLines): void {
    run.record = structuredClone(record);
    if (isTerminal(record.status)) unfinished.delete(run);
    for (const line of events?.lines ?? []) run.events.push(line);
    followers.notify(keyOf(record));
  }

  function claimRun(run: Run, ...[owner, options]: ParametersOfClaim): RunRecord {
    replace(run, toClaimed(run.record, owner, options));
    return run.record;
  }

  return {
    async create(record) {
      checkNewRun(record);
      const { tenant, run_id, idempotency_key } = record;
      const key = JSON.stringify([tenant, idempotency_key]);
      const same = idempotency_key === undefined ? undefined : byIdempotencyKey.get(key);
      if (same !== undefined) return { record: same.record, isNew: false };
      if (find(record) !== undefined) throw runExists(record);
      const run: Run = { record: structuredClone(record), events: [], calls: [] };
      tenants.set(tenant, (tenants.get(tenant) ?? new Map()).set(run_id, run));
      if (!isTerminal(record.status)) unfinished.add(run);
      if (idempotency_key !== undefined) byIdempotencyKey.set(key, run);
      followers.notify(keyOf(record));
      return { record: run.record, isNew: true };
    },
    get: async (ref) => find(ref)?.record,
    async list(tenant, query) {
      const records = [...(tenants.get(tenant)?.values() ?? [])].map(({ record }) => record);
      return records
        .filter((record) => isListed(record, query))
        .sort((a, b) => (a.run_id < b.run_id ? 1 : -1))
        .slice(0, query.limit);
    },
    async update(before, after, events) {
      checkNextVersion(before, after);
      if (events !== undefined) checkLines(events);
      const run = find(before);
      if (run === undefined || !isCurrent(run.record, before)) return false;
      if (events !== undefined && events.first !== run.events.length + 1) return false;
      replace(run, keepLease(run.record, before, after), events);
      return true;
    },
    async append({ attempt, ...ref }, stream, lines) {
      checkLines(lines);
      const run = find(ref);
      if (run === undefined || !hasAttempt(run.record, attempt)) return false;
      if (lines.first !== run[stream].length + 1) return false;
      for (const line of lines.lines) run[stream].push(line);
      followers.notify(keyOf(ref));
      return true;
    },
    read: async (ref, stream, after, limit) => find(ref)?.[stream].slice(after, after + limit) ?? [],
    last: async (ref, stream) => find(ref)?.[stream].length ?? 0,
    follow: (ref, onChange) => followers.add(keyOf(ref), onChange),
    async claim(owner, options) {
      return [...unfinished]
        .filter(({ record }) => isFree(record, options.now))
        .sort((a, b) => (a.record.run_id < b.record.run_id ? -1 : 1))
        .slice(0, options.limit)
        .map((run) => claimRun(run, owner, options));
    },
    async stale({ queuedBefore, now, limit }) {
      return [...unfinished]
        .filter(
          ({ record }) => isFree(record, now) && (record.status === 'running' || record.created_at < queuedBefore),
        )
        .sort((a, b) => (a.record.run_id < b.record.run_id ? -1 : 1))
        .slice(0, limit)
        .map(({ record: { tenant, run_id } }) => ({ tenant, run_id }));
    },
    async take(ref, owner, options) {
      const run = find(ref);
      if (run === undefined || !isFree(run.record, Number.POSITIVE_INFINITY)) return undefined;
      return claimRun(run, owner, options);
    },
    renew: async (owner, runs, leaseUntil) =>
      renewLeases(owner, runs, {
        find: (ref) => find(ref)?.record,
        renew(record) {
          const run = find(record);
          if (run !== undefined) run.record = { ...record, lease_until: leaseUntil };
        },
      }),
    async close() {},
  };
}

type ParametersOfClaim = readonly [owner: string, options: { readonly now: number; readonly leaseMs: number }];

function keyOf({ tenant, run_id }: RunRef): string {
  return `${tenant}/${run_id}`;
}
