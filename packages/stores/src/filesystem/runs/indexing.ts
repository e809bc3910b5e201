// Keeps the index of a journal near its end: many frames at once, after the answer was given.
import { PypesError } from '@pypes/contract';
import { isDamaged } from './index-file.ts';
import type { RunIndex } from './index-rows.ts';
import { rebuildIndex } from './open-journal.ts';
import type { OnProblem } from './problem.ts';
import type { JournalEnd } from './segment-begin.ts';
import type { JournalView } from './view.ts';

export interface Indexing {
  /** There is something to index. */
  later(): void;
  /** @throws PypesError `unavailable` where so much could not be indexed that memory would run out */
  check(): void;
  /** Makes the index anew. */
  repair(cause: unknown): void;
  close(): void;
}

export type IndexingOptions = {
  readonly folder: string;
  readonly journal: string;
  readonly view: JournalView;
  readonly index: RunIndex;
  readonly upTo: () => JournalEnd;
  readonly onProblem: OnProblem;
  readonly now: () => number;
};

const LATER_MS = 200;
const FRAMES_AT_ONCE = 500;
const RETRY_MS = 1_000;
const MOST_FRAMES = 100_000;

export function createIndexing(options: IndexingOptions): Indexing {
  const { folder, journal, view, upTo, onProblem } = options;
  let { index } = options;
  let timer: NodeJS.Timeout | undefined;
  let isSoon = false;
  let isFailing = false;

  function run(): void {
    clearTimeout(timer);
    timer = undefined;
    isSoon = false;
    if (view.freshFrames === 0) return;
    try {
      write();
      isFailing = false;
    } catch (cause) {
      if (!isFailing) {
        const message = `The index of the runs in ${folder} cannot be written: ${(cause as Error).message}; it is tried again`;
        onProblem({ level: 'warn', message, cause });
      }
      isFailing = true;
      timer = setTimeout(run, RETRY_MS).unref();
    }
  }

  function write(): void {
    try {
      view.flush(upTo());
    } catch (error) {
      if (!isDamaged(error)) throw error;
      repair(error);
      view.flush(upTo());
    }
  }

  function repair(cause: unknown): void {
    const reason = (cause as Error).message;
    onProblem({ level: 'warn', message: `The index of the runs in ${folder} is made anew: ${reason}`, cause });
    index.close();
    index = rebuildIndex(options, journal);
    view.reindex(index);
  }

  return {
    repair,
    later() {
      if (isFailing || isSoon) return;
      if (view.freshFrames >= FRAMES_AT_ONCE) {
        isSoon = true;
        setImmediate(run);
      } else timer ??= setTimeout(run, LATER_MS).unref();
    },
    check() {
      if (view.freshFrames < MOST_FRAMES) return;
      throw new PypesError(
        'unavailable',
        `No run is accepted in "${folder}" until its index can be written again; the log says why it cannot`,
      );
    },
    close() {
      isFailing = false;
      run();
      clearTimeout(timer);
      index.close();
    },
  };
}
