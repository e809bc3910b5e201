// A journal that another process writes, or wrote: what its index says, and what was written since.
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isOfIndex, openIndexForReading, openIndexInMemory } from './index-file.ts';
import { createRunIndex, type RunIndex } from './index-rows.ts';
import { identify } from './open-journal.ts';
import { readJournal } from './read-journal.ts';
import type { JournalEnd } from './segment-begin.ts';
import { createSegmentReader, segmentPath } from './segments.ts';
import type { RunState } from './state.ts';
import { createView, type JournalView } from './view.ts';

export interface ForeignJournal {
  readonly view: JournalView;
  /** Looks at what was written since the last time. */
  refresh(): void;
  /** Whether runs in it wait for somebody, after a look. */
  hasUnfinished(): boolean;
  /** Does without its index, which was found damaged. */
  repair(): void;
  close(): void;
}

const BEGIN: JournalEnd = { segment: 0, offset: 0 };
/** So much that the writer has surely put some of it into its index. */
const MOST_FRESH = 5_000;

export function openForeignJournal(folder: string, onChange: (state: RunState) => void): ForeignJournal {
  const reader = createSegmentReader(folder);
  let { index, isInMemory, end } = openIndex(folder);
  // Its writer says what is damaged.
  const onProblem = () => undefined;
  const view = createView({ folder, index, reader, onProblem, onChange });
  let seen = -1;
  /** The index in memory was begun just now, and is the one that is wanted. */
  let isRepaired = false;

  function restart(without = false): void {
    index.close();
    ({ index, isInMemory, end } = openIndex(folder, without));
    view.reset(index);
  }

  function sizeNow(): number {
    const next = sizeOf(folder, end.segment + 1);
    return next === undefined ? (sizeOf(folder, end.segment) ?? 0) : Number.POSITIVE_INFINITY;
  }

  function look(): void {
    const size = sizeNow();
    if (size === seen) return;
    // A writer whose disk is full takes back what it wrote in part.
    if (size < end.offset || view.freshFrames > MOST_FRESH || (isInMemory && !isRepaired)) restart();
    isRepaired = false;
    const read = readJournal(folder, end, {
      onProblem,
      onFrame(frame) {
        view.apply(frame);
        if (isInMemory && view.freshFrames > MOST_FRESH) view.flush(end);
      },
    });
    end = read.end;
    seen = end.offset + read.torn;
  }

  function repair(): void {
    restart(true);
    seen = -1;
    isRepaired = true;
  }

  /** Its writer may be at work in the index, and then nothing in it has to hold: what the journal itself says counts. */
  function whole<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isOfIndex(error)) throw error;
      repair();
      return work();
    }
  }

  return {
    view,
    refresh: () => whole(look),
    hasUnfinished: () =>
      whole(() => {
        look();
        return view.hasUnfinished();
      }),
    repair,
    close() {
      index.close();
      reader.close();
    },
  };
}

/** @param without in memory, whatever the folder has */
function openIndex(folder: string, without = false): Opened {
  const journal = identify(folder);
  if (without) return inMemory(journal);
  let database: DatabaseSync | undefined;
  try {
    database = openIndexForReading(folder);
    const index = createRunIndex(database, journal);
    const end = index.indexedUpTo();
    if (end !== undefined) return { index, end, isInMemory: false };
  } catch {
    // There is none yet, or none any more: the journal is all that counts.
  }
  database?.close();
  return inMemory(journal);
}

/** With what the index knows, `end` is how far. */
type Opened = { readonly index: RunIndex; readonly end: JournalEnd; readonly isInMemory: boolean };

function inMemory(journal: string): Opened {
  return { index: createRunIndex(openIndexInMemory(), journal), end: BEGIN, isInMemory: true };
}

function sizeOf(folder: string, segment: number): number | undefined {
  return statSync(segmentPath(folder, segment), { throwIfNoEntry: false })?.size;
}
