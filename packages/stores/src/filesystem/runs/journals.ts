// Which journals of a folder this process writes, and which it reads: its own, those of dead processes, those of others.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { RunRef } from '@pypes/contract/runs';
import { type ForeignJournal, openForeignJournal } from './foreign.ts';
import { isDamaged } from './index-file.ts';
import { listRunJournals, makeRunJournal, type RunJournal } from './journal-folders.ts';
import { lookEvery } from './look.ts';
import { type OwnedJournal, type OwnedOptions, openOwnedJournal } from './owned.ts';
import { type ProcessLock, tryProcessLock } from './process-lock.ts';
import { answerRequests, type UpdateRequest } from './requests.ts';
import type { RunState } from './state.ts';

/** A journal that is written here. */
export type Mine = { readonly journal: RunJournal; readonly owned: OwnedJournal; close(): Promise<void> };
export type Theirs = { readonly journal: RunJournal; readonly foreign: ForeignJournal };

export interface Journals {
  /** The journal that new runs go to. */
  readonly first: Mine;
  readonly mine: readonly Mine[];
  /** Journals of others, as they are now. */
  theirs(): readonly Theirs[];
  findMine(ref: RunRef): { readonly mine: Mine; readonly state: RunState } | undefined;
  findTheirs(ref: RunRef): { readonly theirs: Theirs; readonly state: RunState } | undefined;
  /** Makes a journal this process's own where its writer is gone. */
  adopt(theirs: Theirs): Mine | undefined;
  /** One of the indexes could not be read: own ones are made anew where they are damaged, others are done without. */
  repair(cause: unknown): void;
  close(): Promise<void>;
}

export type JournalsOptions = Omit<OwnedOptions, 'folder'> & {
  readonly folder: string;
  /** Runs came to this process, or somebody else asked to cancel one. */
  readonly onArrival: () => void;
  /** Unfinished runs of dead processes are taken over, not only where somebody asks for one of them. */
  readonly adopts: boolean;
};

const LOOK_MS = 1_000;
const LEAVE_MS = 5_000;

export function openJournals(options: JournalsOptions): Journals {
  const { folder, onArrival, onChange } = options;
  const first = openFirst(options);
  const mine = new Map<string, Mine>([[first.journal.name, first]]);
  const theirs = new Map<string, Theirs>();
  /** Who reads one of them has a moment to finish. */
  const leaving = new Map<Mine, NodeJS.Timeout>();
  const unreadable = new Set<string>();
  const stop = lookEvery(LOOK_MS, `after the journals in ${folder}`, look, options.onProblem);
  try {
    look();
  } catch (cause) {
    const message = `The runs that other processes left in ${folder} wait: ${(cause as Error).message}`;
    options.onProblem({ level: 'error', message, cause });
  }

  function known(): readonly Theirs[] {
    for (const journal of listRunJournals(folder)) {
      if (mine.has(journal.name)) continue;
      try {
        const foreign = theirs.get(journal.name)?.foreign ?? openForeignJournal(journal.folder, onChange);
        theirs.set(journal.name, { journal, foreign });
        foreign.refresh();
        unreadable.delete(journal.name);
      } catch (cause) {
        // One that cannot be read hides no other.
        const message = `The journal ${journal.folder} cannot be read: ${(cause as Error).message}`;
        if (!unreadable.has(journal.name)) options.onProblem({ level: 'error', message, cause });
        unreadable.add(journal.name);
      }
    }
    return [...theirs.values()];
  }

  /** Takes over unfinished runs of processes that ended, and leaves journals where nothing is to be done any more. */
  function look(): void {
    for (const each of mine.values()) if (each !== first && each.owned.view.live.size === 0) leave(each);
    if (!options.adopts) return;
    for (const each of known()) if (each.foreign.hasUnfinished()) adopt(each);
  }

  function adopt(from: Theirs): Mine | undefined {
    const adopted = tryOpen(from.journal, options);
    if (adopted === undefined) return undefined;
    theirs.delete(from.journal.name);
    mine.set(from.journal.name, adopted);
    from.foreign.close();
    onArrival();
    return adopted;
  }

  function leave(each: Mine): void {
    mine.delete(each.journal.name);
    const closeLater = async (): Promise<void> => {
      await each.close();
      leaving.delete(each);
    };
    leaving.set(each, setTimeout(() => closeLater().catch(warn), LEAVE_MS).unref());
  }

  function warn(cause: unknown): void {
    options.onProblem({
      level: 'warn',
      message: `A journal of runs was not closed: ${(cause as Error).message}`,
      cause,
    });
  }

  return {
    first,
    get mine() {
      return [...mine.values()];
    },
    theirs: known,
    findMine(ref) {
      for (const each of mine.values()) {
        const state = each.owned.view.find(ref);
        if (state !== undefined) return { mine: each, state };
      }
      return undefined;
    },
    findTheirs(ref) {
      for (const each of known()) {
        const state = each.foreign.view.find(ref);
        if (state !== undefined) return { theirs: each, state };
      }
      return undefined;
    },
    adopt,
    repair(cause) {
      if (isDamaged(cause)) for (const { owned } of mine.values()) owned.repair(cause);
      for (const { foreign } of theirs.values()) foreign.repair();
    },
    async close() {
      stop();
      for (const waiting of leaving.values()) clearTimeout(waiting);
      await Promise.all([...mine.values(), ...leaving.keys()].map((each) => each.close()));
      for (const { foreign } of theirs.values()) foreign.close();
    },
  };
}

/** `main` where nobody writes it, else a journal that was left, else a new one. */
function openFirst(options: JournalsOptions): Mine {
  const { folder } = options;
  const known = [makeRunJournal(folder, 'main'), ...listRunJournals(folder).filter(({ name }) => name !== 'main')];
  for (const journal of known) {
    const opened = options.adopts || hasNothingToDo(journal) ? tryOpen(journal, options) : undefined;
    if (opened !== undefined) return opened;
  }
  for (;;) {
    const opened = tryOpen(makeRunJournal(folder, `side-${randomUUID()}`), options);
    if (opened !== undefined) return opened;
  }
}

/** Whoever takes over nothing leaves a journal with unfinished runs to somebody who does. */
function hasNothingToDo(journal: RunJournal): boolean {
  const foreign = openForeignJournal(journal.folder, () => undefined);
  try {
    return !foreign.hasUnfinished();
  } finally {
    foreign.close();
  }
}

function tryOpen(journal: RunJournal, options: JournalsOptions): Mine | undefined {
  const lock = tryProcessLock(join(journal.folder, 'lock'));
  if (lock === undefined) return undefined;
  try {
    return open(journal, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function open(journal: RunJournal, lock: ProcessLock, options: JournalsOptions): Mine {
  const owned = openOwnedJournal({ ...options, folder: journal.folder });
  const stop = answerRequests(journal.folder, perform, options.onProblem);

  async function perform({ before, after, events }: UpdateRequest): Promise<boolean> {
    const state = owned.view.find(before);
    const isDone = state !== undefined && (await owned.update(state, before, after, events));
    if (isDone) options.onArrival();
    return isDone;
  }

  return {
    journal,
    owned,
    async close() {
      stop();
      await owned.close();
      lock.release();
    },
  };
}
