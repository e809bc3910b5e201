// The elastic pool: workers belong to packs, grow with what waits, and end when nothing needs them.
import { availableParallelism } from 'node:os';
import { PypesError } from '@pypes/contract';
import type { Job, Worker } from '../process/worker.ts';
import { countMissing, createGroup, findNeedier, type Group, type PoolJob, takeIdle } from './group.ts';
import { addExpected, dropExpected, findQuick, learnPace } from './pace.ts';
import { createSpare } from './spare.ts';

export type Pool = {
  submit(packGuid: string, job: PoolJob): void;
  /** Takes a job out of its queue, or ends the worker that runs it; `reason` is what others in it are told. */
  cancel(packGuid: string, job: PoolJob, reason: PypesError): void;
  /** The file is no longer wanted; nor are its workers, where they serve nothing else. */
  forget(key: string, isAlone: boolean): void;
  /** A worker waits for its host, or no longer does. */
  setBlocked(worker: Worker, isBlocked: boolean): void;
  close(): void;
};

export type PoolOptions = {
  readonly maxWorkers: number;
  readonly idleMs: number;
  readonly start: () => Worker;
};

const TICK_MS = 10;
/** Calls behind one that takes longer than this, or twice this, go elsewhere. */
const LOOK_MS = 3;
/** Waiting for so many microseconds is cheaper than waking another worker. */
const PATIENCE_US = 150;
/** The same where another worker would not run at the same time, or would have to be started. */
const LONG_PATIENCE_US = 1_000;
/** Workers that wait for their host do not count as computing, up to this multiple of the limit. */
const BLOCKED_FACTOR = 4;

const closedError = () => new PypesError('unavailable', 'The Python runtime is closed');

const cores = availableParallelism();

export function createPool({ maxWorkers, idleMs, start }: PoolOptions): Pool {
  const groups = new Map<string, Group>();
  const spare = createSpare(start);
  let total = 0;
  let blocked = 0;
  let ticking: NodeJS.Timeout | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  let looking: NodeJS.Timeout | undefined;
  let lastTick = 0;
  let isClosed = false;

  function submit(packGuid: string, job: PoolJob): void {
    if (isClosed) {
      job.onRefused(closedError());
      return;
    }
    const group = groups.get(packGuid) ?? createGroup(packGuid);
    groups.set(packGuid, group);
    job.waitingSince = performance.now();
    group.queue.push(job);
    dispatch(group);
  }

  /** Gives waiting jobs to workers; where some go on waiting, sees to it that there will be more. */
  function dispatch(group: Group): void {
    for (let job = group.queue[0]; job !== undefined; job = group.queue[0]) {
      const worker = choose(group, job);
      if (worker === undefined) break;
      group.queue.shift();
      give(group, worker, job);
    }
    if (group.queue.length === 0) return;
    // Beyond one for each processor, the next look decides.
    if (group.workers.size === 0 || canSpare(group)) grow(group);
    ticking ??= setInterval(tick, TICK_MS);
  }

  function choose(group: Group, job: PoolJob): Worker | undefined {
    if (isContended(group)) return takeIdle(group, job.file.key);
    const quick = findQuick(group, cores > 1 ? PATIENCE_US : LONG_PATIENCE_US) ?? takeIdle(group, job.file.key);
    if (quick !== undefined || canSpare(group)) return quick;
    return findQuick(group, LONG_PATIENCE_US);
  }

  function canSpare(group: Group): boolean {
    return spare.isReady() && group.workers.size < cores;
  }

  /** Whether a worker that becomes free should go to another group. */
  function isContended(group: Group): boolean {
    return total - blocked >= maxWorkers && findNeedier(groups.values(), group) !== undefined;
  }

  function give(group: Group, worker: Worker, job: PoolJob): void {
    const { key, load } = job.file;
    const isNew = !worker.keys.has(key);
    addExpected(group, worker, job);
    if (isNew) worker.keys.add(key);
    group.workers.add(worker);
    job.worker = worker;
    worker.start(job, isNew ? [load] : []);
    looking ??= setInterval(look, LOOK_MS).unref();
  }

  /** Adds a worker to a group where the limit allows it; an idle one of another group makes room. */
  function grow(group: Group): boolean {
    if (total - blocked >= maxWorkers && !evictIdle(group)) return false;
    if (total >= maxWorkers * BLOCKED_FACTOR) return false;
    total++;
    const worker = spare.take() ?? start();
    worker.owner = {
      onReady: () => {
        group.starting--;
        onFree(group, worker);
      },
      onIdle: (_, isDirty, job, micros) => {
        group.finished++;
        if (micros !== undefined) learnPace(group, job as PoolJob, micros);
        dropExpected(worker, job as PoolJob);
        onAnswered(group, worker, isDirty || isClosed);
      },
      onGone: (_, error, left) => onGone(group, worker, error, left),
    };
    group.workers.add(worker);
    if (worker.isReady) onFree(group, worker);
    else group.starting++;
    return true;
  }

  function onAnswered(group: Group, worker: Worker, isDirty: boolean): void {
    if (isDirty) {
      moveOn(group, worker);
      if (worker.jobCount === 0) worker.kill();
    } else if (worker.jobCount === 0) {
      onFree(group, worker);
    } else if (group.queue.length > 0) {
      dispatch(group);
    }
  }

  function onFree(group: Group, worker: Worker): void {
    // An answer may still come from it, but nothing more can be asked of it.
    if (worker.isEnding) return;
    const needier = total - blocked >= maxWorkers ? findNeedier(groups.values(), group) : undefined;
    if (needier !== undefined) {
      retire(group, worker);
      grow(needier);
      return;
    }
    worker.idleSince = performance.now();
    group.idle.push(worker);
    dispatch(group);
    if (worker.jobCount > 0) return;
    sweeping ??= setInterval(sweep, Math.max(20, idleMs / 2)).unref();
    spare.refill();
  }

  /** What the worker has not begun with goes elsewhere. */
  function moveOn(group: Group, worker: Worker): void {
    requeue(group, worker, worker.takeBack());
  }

  function requeue(group: Group, worker: Worker, jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    for (const job of jobs as readonly PoolJob[]) {
      delete job.worker;
      dropExpected(worker, job);
    }
    if (isClosed) {
      for (const job of jobs as readonly PoolJob[]) job.onRefused(closedError());
      return;
    }
    // It may have begun anew while the worker was ending.
    const current = groups.get(group.packGuid) ?? group;
    groups.set(group.packGuid, current);
    current.queue.unshift(...(jobs as readonly PoolJob[]));
    dispatch(current);
  }

  function forgetEmpty(group: Group): void {
    const isEmpty = group.workers.size === 0 && group.queue.length === 0;
    if (isEmpty && groups.get(group.packGuid) === group) groups.delete(group.packGuid);
  }

  function onGone(group: Group, worker: Worker, error: PypesError, left: readonly Job[]): void {
    if (!worker.isReady) group.starting--;
    retire(group, worker);
    requeue(group, worker, left);
    if (!worker.isReady) failStarting(group, error);
    else if (group.queue.length > 0 && group.workers.size === 0) grow(group);
    forgetEmpty(group);
  }

  /** The worker no longer counts; its process ends. */
  function retire(group: Group, worker: Worker): void {
    if (!group.workers.delete(worker)) return;
    total--;
    setBlocked(worker, false);
    const at = group.idle.indexOf(worker);
    if (at >= 0) group.idle.splice(at, 1);
    worker.kill(isClosed ? closedError() : undefined);
  }

  function evictIdle(group: Group): boolean {
    let oldest: { owner: Group; worker: Worker } | undefined;
    for (const owner of groups.values()) {
      const worker = owner.idle[0];
      if (owner === group || worker === undefined) continue;
      if (oldest === undefined || worker.idleSince < oldest.worker.idleSince) oldest = { owner, worker };
    }
    if (oldest !== undefined) retire(oldest.owner, oldest.worker);
    return oldest !== undefined;
  }

  /** Looks after what has arrived meanwhile was read, so that finished calls do not count as stuck. */
  function tick(): void {
    setImmediate(() => {
      const now = performance.now();
      for (const group of groups.values()) {
        for (let n = countMissing(group, now - lastTick); n > 0; n--) if (!grow(group)) break;
        group.finished = 0;
        refuseStuck(group);
      }
      lastTick = now;
      for (const group of groups.values()) if (group.queue.length > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    });
  }

  /** Calls behind one that takes long go elsewhere; looks after what has arrived meanwhile was read. */
  function look(): void {
    setImmediate(() => {
      let isBusy = false;
      for (const group of groups.values()) {
        for (const worker of group.workers) {
          if (worker.job === undefined) continue;
          isBusy = true;
          if (!worker.look()) continue;
          moveOn(group, worker);
          // It had begun with none of them: they were on their way to it, and nobody will hear of it again otherwise.
          if (worker.job === undefined) onFree(group, worker);
        }
      }
      if (isBusy) return;
      clearInterval(looking);
      looking = undefined;
    });
  }

  /** Every process waits for a call that itself waits for a process: one of them has to fail. */
  function refuseStuck(group: Group): void {
    if (group.starting > 0 || blocked < total || total < maxWorkers * BLOCKED_FACTOR) return;
    const message = `All ${total} Python workers wait for calls that themselves need one; call less deeply or raise maxWorkers`;
    group.queue.shift()?.onRefused(new PypesError('resource_exhausted', message));
  }

  /** No worker of the group could be started: waiting would not help. */
  function failStarting(group: Group, error: PypesError): void {
    if (group.workers.size > 0) return;
    for (const job of group.queue.splice(0)) job.onRefused(error);
  }

  function sweep(): void {
    const now = performance.now();
    for (const group of groups.values()) {
      for (const worker of [...group.idle]) if (now - worker.idleSince >= idleMs) retire(group, worker);
      forgetEmpty(group);
    }
    if (groups.size > 0) return;
    spare.rest();
    clearInterval(sweeping);
    sweeping = undefined;
  }

  function setBlocked(worker: Worker, isBlocked: boolean): void {
    if (worker.isBlocked === isBlocked) return;
    worker.isBlocked = isBlocked;
    blocked += isBlocked ? 1 : -1;
    if (!isBlocked || worker.jobCount < 2) return;
    for (const group of groups.values()) if (group.workers.has(worker)) moveOn(group, worker);
  }

  function cancel(packGuid: string, job: PoolJob, reason: PypesError): void {
    const group = groups.get(packGuid);
    const at = group?.queue.indexOf(job) ?? -1;
    if (at >= 0) {
      group?.queue.splice(at, 1);
      return;
    }
    const { worker } = job;
    if (group === undefined || worker === undefined) return;
    const back = worker.takeBack();
    const isRunning = worker.lastJob === job;
    dropExpected(worker, job);
    if (isRunning) worker.kill(reason);
    else if (worker.job === undefined) onFree(group, worker);
    requeue(
      group,
      worker,
      back.filter((other) => other !== job),
    );
  }

  return {
    submit,
    cancel,
    forget(key, isAlone) {
      for (const group of groups.values()) {
        group.paces.delete(key);
        for (const worker of [...group.workers]) {
          if (!worker.keys.delete(key)) continue;
          if (isAlone) retire(group, worker);
          else worker.stale.push(key);
        }
      }
    },
    setBlocked,
    close() {
      isClosed = true;
      clearInterval(ticking);
      clearInterval(sweeping);
      clearInterval(looking);
      const refused = closedError();
      for (const group of groups.values()) {
        for (const job of group.queue.splice(0)) job.onRefused(refused);
        for (const worker of [...group.workers]) retire(group, worker);
      }
      spare.close();
    },
  };
}
