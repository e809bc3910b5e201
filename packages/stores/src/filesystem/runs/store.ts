// Runs on a disk: a journal of this process that it writes, and those of other processes, which it reads (spec 5).
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { RenewedLeases, RunRecord, RunRef, RunStore } from '@pypes/contract/runs';
import { createFollowers } from '../../run-followers.ts';
import { checkLines, checkNewRun, checkNextVersion } from '../../run-rules.ts';
import { withLock } from '../lock.ts';
import { createQueue } from '../queue.ts';
import { cannotOpen } from './disk-errors.ts';
import { isOfIndex } from './index-file.ts';
import { listRunJournals } from './journal-folders.ts';
import { type Journals, type JournalsOptions, type Mine, openJournals } from './journals.ts';
import { lookEvery } from './look.ts';
import { type RunStoreProblem, warnProcess } from './problem.ts';
import { askOwner, isCancel } from './requests.ts';
import type { RunState } from './state.ts';
import { type JournalView, liveKey } from './view.ts';

export type RunStoreOptions = {
  /** Made where it is missing. */
  readonly folder: string;
  /** What was repaired, and what is damaged. Without it, the process warns. */
  readonly onError?: (problem: RunStoreProblem) => void;
  readonly now?: () => number;
  /** A segment of the journal that is longer is followed by a new one. Bytes. */
  readonly segmentBytes?: number;
  /**
   * Whether unfinished runs of processes that ended are taken over (default). Without it they are left to others, which
   * may come later: for a process that executes its own runs alone.
   */
  readonly adopts?: boolean;
};

const SEGMENT_BYTES = 64 * 1024 * 1024;
/** How often runs of other processes are looked at while somebody follows one. */
const LOOK_MS = 100;

/**
 * The runs of a folder. Of several processes on one folder each works on the runs that it accepted; all of them see all
 * runs, and may ask to cancel them. When a process ends, whoever comes next has its runs to claim, at once.
 *
 * @throws PypesError `invalid_request` where the folder cannot be written
 */
export function createFilesystemRunStore(options: RunStoreOptions): RunStore {
  const { folder, onError: onProblem = warnProcess, now = Date.now } = options;
  const { segmentBytes = SEGMENT_BYTES, adopts = true } = options;
  const followers = createFollowers();
  const onChange = (state: RunState) => followers.notify(liveKey(state));
  const arrivals = createFollowers();
  const onArrival = () => arrivals.notify('');
  const journals = openFolder({ folder, onProblem, onChange, onArrival, now, segmentBytes, adopts });
  const inTurn = createQueue();
  const stop = lookEvery(LOOK_MS, `at the runs in ${folder}`, () => followers.size > 0 && journals.theirs(), onProblem);
  let isClosed = false;

  function check(): void {
    if (isClosed) throw new PypesError('unavailable', `The runs in "${folder}" are closed; open them again`);
  }

  function find(ref: RunRef): Found | undefined {
    const found = journals.findMine(ref);
    if (found !== undefined) return { ...found.mine.owned, state: found.state };
    const other = journals.findTheirs(ref);
    if (other === undefined) return undefined;
    const { view } = other.theirs.foreign;
    return { view, recordOf: view.recordOf, state: other.state };
  }

  /** A run that this process has, or that nobody has any more. */
  function findToChange(ref: RunRef): { readonly mine: Mine; readonly state: RunState } | undefined {
    const found = journals.findMine(ref);
    if (found !== undefined) return found;
    const other = journals.findTheirs(ref);
    const mine = other === undefined ? undefined : journals.adopt(other.theirs);
    const state = mine?.owned.view.find(ref);
    return mine === undefined || state === undefined ? undefined : { mine, state };
  }

  /** Where another process may have a run with this key, or is about to make one, one of them asks at a time. */
  async function createWithKey(record: RunRecord, key: string): ReturnType<RunStore['create']> {
    if (listRunJournals(folder).length === 1) return journals.first.owned.create(record);
    return inTurn('keys', () =>
      withLock(join(folder, 'keys.lock'), async () => {
        for (const { owned } of journals.mine) {
          const same = owned.view.findByKey(record.tenant, key);
          if (same !== undefined) return { record: owned.recordOf(same), isNew: false };
        }
        for (const { foreign } of journals.theirs()) {
          const same = foreign.view.findByKey(record.tenant, key);
          if (same !== undefined) return { record: foreign.view.recordOf(same), isNew: false };
        }
        return journals.first.owned.create(record);
      }),
    );
  }

  /** Does it once more where an index cannot be read: nothing has been done then. */
  async function whole<T>(work: () => T | Promise<T>): Promise<T> {
    check();
    try {
      return await work();
    } catch (error) {
      if (!isOfIndex(error)) throw error;
      journals.repair(error);
      return work();
    }
  }

  return {
    create: (record) =>
      whole(() => {
        checkNewRun(record);
        const { idempotency_key: key } = record;
        return key === undefined ? journals.first.owned.create(record) : createWithKey(record, key);
      }),
    get: (ref) =>
      whole(() => {
        const found = find(ref);
        return found?.recordOf(found.state);
      }),
    list: (tenant, query) =>
      whole(() => {
        const all = [
          ...journals.mine.map(({ owned }) => ({ view: owned.view, recordOf: owned.recordOf })),
          ...journals.theirs().map(({ foreign: { view } }) => ({ view, recordOf: view.recordOf })),
        ];
        const found = all.flatMap(({ view, recordOf }) =>
          view.list(tenant, query).map((state) => ({ state, recordOf })),
        );
        if (all.length > 1) found.sort((a, b) => (a.state.run_id < b.state.run_id ? 1 : -1));
        return found.slice(0, query.limit).map(({ state, recordOf }) => recordOf(state));
      }),
    update: (before, after, events) =>
      whole(() => {
        checkNextVersion(before, after);
        if (events !== undefined) checkLines(events);
        const found = findToChange(before);
        if (found !== undefined) return found.mine.owned.update(found.state, before, after, events);
        const request = { before, after, ...(events && { events }) };
        const other = isCancel(request) ? journals.findTheirs(before) : undefined;
        return other !== undefined && askOwner(other.theirs.journal.folder, request);
      }),
    append: ({ attempt, ...ref }, stream, lines) =>
      whole(() => {
        checkLines(lines);
        const found = journals.findMine(ref);
        return found?.mine.owned.append(found.state, attempt, stream, lines) ?? false;
      }),
    read: (ref, stream, after, limit) =>
      whole(() => {
        const found = find(ref);
        return found === undefined ? [] : found.view.read(found.state, stream, after, limit);
      }),
    last: (ref, stream) => whole(() => find(ref)?.state.last[stream] ?? 0),
    follow: (ref, onChange) => followers.add(liveKey(ref), onChange),
    claim: (owner, { limit, ...lease }) =>
      whole(async () => {
        const free = journals.mine.flatMap(({ owned }) =>
          owned.free(limit, lease.now).map((state) => ({ owned, state })),
        );
        free.sort((a, b) => (a.state.run_id < b.state.run_id ? -1 : 1));
        const taken = free.slice(0, limit).map(({ owned, state }) => owned.take(state, owner, lease));
        return (await Promise.all(taken)).filter((record) => record !== undefined);
      }),
    take: (ref, owner, lease) =>
      whole(() => {
        const found = findToChange(ref);
        return found?.mine.owned.take(found.state, owner, lease);
      }),
    renew: (owner, runs, leaseUntil) => whole(() => renewAll(journals, owner, runs, leaseUntil)),
    watch: (onChange) => arrivals.add('', onChange),
    async close() {
      if (isClosed) return;
      isClosed = true;
      stop();
      await journals.close();
    },
  };
}

type Found = { readonly view: JournalView; readonly state: RunState; recordOf(state: RunState): RunRecord };

function openFolder(options: JournalsOptions): Journals {
  const { folder } = options;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return openJournals(options);
  } catch (error) {
    throw cannotOpen(folder, error);
  }
}

/** Each run where it is held; what is nowhere is lost. */
function renewAll({ mine }: Journals, owner: string, runs: readonly RunRef[], leaseUntil: number): RenewedLeases {
  const missing = new Set(runs);
  const answers = mine.map(({ owned }) => {
    const held = runs.filter((ref) => owned.view.live.has(liveKey(ref)));
    for (const ref of held) missing.delete(ref);
    return owned.renew(owner, held, leaseUntil);
  });
  return {
    lost: [...answers.flatMap(({ lost }) => lost), ...[...missing].map(({ run_id }) => run_id)],
    canceled: answers.flatMap(({ canceled }) => canceled),
  };
}
