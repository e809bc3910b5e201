// A journal that another process writes, or wrote: what its index says, and what was written since.
import { statSync } from 'node:fs';
import { isDamaged, openIndexForReading, openIndexInMemory } from './index-file.ts';
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
  /** Does without its index, which was found damaged. */
  repair(): void;
  close(): void;
}

const BEGIN: JournalEnd = { segment: 0, offset: 0 };
/** So much that the writer has surely put some of it into its index. */
const MOST_FRESH = 5_000;

export function openForeignJournal(folder: string, onChange: (state: RunState) => void): ForeignJournal {
  const reader = createSegmentReader(folder);
  let { index, isInMemory } = openIndex(folder);
  // Its writer says what is damaged.
  const onProblem = () => undefined;
  const view = createView({ folder, index, reader, onProblem, onChange });
  let end = index.indexedUpTo() ?? BEGIN;
  let seen = -1;
  /** The index in memory was begun just now, and is the one that is wanted. */
  let isRepaired = false;

  function restart(without = false): void {
    index.close();
    ({ index, isInMemory } = openIndex(folder, without));
    view.reset(index);
    end = index.indexedUpTo() ?? BEGIN;
  }

  function sizeNow(): number {
    const next = sizeOf(folder, end.segment + 1);
    return next === undefined ? (sizeOf(folder, end.segment) ?? 0) : Number.POSITIVE_INFINITY;
  }

  return {
    view,
    refresh() {
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
    },
    repair() {
      restart(true);
      seen = -1;
      isRepaired = true;
    },
    close() {
      index.close();
      reader.close();
    },
  };
}

/**
 * Whether runs in it wait for somebody. Its writer may be at work in the index, and then nothing in it has to hold: what
 * the journal itself says counts.
 */
export function hasUnfinished(foreign: ForeignJournal): boolean {
  try {
    foreign.refresh();
    return foreign.view.hasUnfinished();
  } catch (error) {
    if (!isDamaged(error)) throw error;
    foreign.repair();
    foreign.refresh();
    return foreign.view.hasUnfinished();
  }
}

function openIndex(folder: string, without = false): { readonly index: RunIndex; readonly isInMemory: boolean } {
  const journal = identify(folder);
  try {
    if (without) return { index: createRunIndex(openIndexInMemory(), journal), isInMemory: true };
    const index = createRunIndex(openIndexForReading(folder), journal);
    if (index.indexedUpTo() !== undefined) return { index, isInMemory: false };
    index.close();
  } catch {
    // There is none yet, or none any more: the journal is all that counts.
  }
  return { index: createRunIndex(openIndexInMemory(), journal), isInMemory: true };
}

function sizeOf(folder: string, segment: number): number | undefined {
  return statSync(segmentPath(folder, segment), { throwIfNoEntry: false })?.size;
}
